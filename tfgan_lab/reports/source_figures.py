"""The figures of an exploration: report R1's 1 to 5, and what else shows odd images."""

import math
import pathlib

import numpy as np

from tfgan_lab.data.statistics import read_again
from tfgan_lab.plots import channel_histograms, histogram, image_grid, pixel_maps
from tfgan_lab.reports.figures import FigureFolder

_MAPS = ("minimum", "maximum", "mean", "variance", "standard_deviation")
_NUM_SHOWN = 12
_NUM_GROUPS = 6
_NUM_OF_GROUP = 4


def draw_exploration(source, statistics, directory) -> pathlib.Path:
    """Writes the figures of a data set, with captions in ``figures/index.json``.

    Args:
        source: ``Source`` that the statistics were taken of; a few of its images are read again.
        statistics: ``tfgan_lab.data.Statistics``.
        directory: path of the folder that gets ``figures``.

    Returns:
        Path of ``figures``.

    Raises:
        ValueError: no image was taken in.
    """
    if not len(statistics):
        raise ValueError(f"Expected images in {source.location}. Received: none to draw")
    figures = FigureFolder(directory)
    add_exploration(figures, source, statistics)
    figures.write_index()
    return figures.folder


def add_exploration(figures, source, statistics) -> None:
    """Adds the figures of a data set to others.

    Args:
        figures: ``FigureFolder``.
        source: ``Source`` that the statistics were taken of.
        statistics: ``tfgan_lab.data.Statistics`` of at least one image.
    """
    chosen = np.linspace(0, len(statistics) - 1, min(_NUM_SHOWN, len(statistics))).round()
    figures.add(
        "fig_01_samples",
        image_grid(_read(source, statistics, chosen), columns=6),
        f"Figure 1: samples of the {len(statistics)} images in {source.location}, "
        f"{statistics.image_size} x {statistics.image_size} pixels.",
    )
    kilobytes = [file.num_bytes / 1000 for file in statistics.files]
    figures.add(
        "fig_02_file_sizes",
        histogram(kilobytes, f"size of a {source.noun} in kB"),
        f"Figure 2: sizes of the {source.noun}s, {min(kilobytes):.1f} to {max(kilobytes):.1f} kB.",
    )
    maps = {name: getattr(statistics.pixels, name) for name in _MAPS}
    figures.add(
        "fig_03_pixel_statistics",
        pixel_maps({"colours": _named(maps)}),
        f"Figure 3: extremes, mean and spread of every pixel over {len(statistics)} images; mean "
        "and spread from their lowest to their highest value.",
    )
    _add_farthest(figures, source, statistics)
    channels = ("red", "green", "blue")
    figures.add(
        "fig_05_channel_statistics",
        pixel_maps(
            {
                channel: _named({name: values[..., index] for name, values in maps.items()})
                for index, channel in enumerate(channels)
            }
        ),
        "Figure 5: the same for each channel.",
    )
    _add_near_duplicates(figures, source, statistics)
    _add_histograms(figures, statistics)


def _add_farthest(figures, source, statistics):
    places = statistics.farthest(_NUM_SHOWN)
    if not len(places):
        return
    figures.add(
        "fig_04_farthest",
        image_grid(
            _read(source, statistics, places), columns=6, labels=_labels(statistics, places)
        ),
        "Figure 4: the images farthest from the rest: round canvases, frames, or whatever else "
        "few have.",
    )


def _add_near_duplicates(figures, source, statistics):
    groups = statistics.near_duplicates()
    if not groups:
        return
    shown = [place for group in groups[:_NUM_GROUPS] for place in group[:_NUM_OF_GROUP]]
    more = f" (the first {_NUM_GROUPS} groups)" if len(groups) > _NUM_GROUPS else ""
    figures.add(
        "near_duplicates",
        image_grid(
            _read(source, statistics, shown),
            columns=min(8, len(shown)),
            labels=_labels(statistics, shown),
        ),
        f"{sum(map(len, groups))} images in {len(groups)} groups are nearly the same as another, "
        f"or as its mirror image{more}.",
    )


def _add_histograms(figures, statistics):
    figures.add(
        "colour_histograms",
        channel_histograms(statistics.histogram),
        "How often each pixel value occurs, by channel.",
    )
    figures.add(
        "brightness",
        histogram(statistics.brightness, "mean brightness, 0 to 255", np.arange(0, 257, 8)),
        "Mean brightness of each image.",
    )
    ratios = [math.log2(file.width / file.height) for file in statistics.files]
    edges = np.linspace(min(-1.0, *ratios, 0) - 0.025, max(1.0, *ratios, 0) + 0.025, 42)
    figure = histogram(ratios, "width / height", edges)
    axis = figure.axes[0]
    ticks = np.arange(math.ceil(edges[0] - 0.5), math.floor(edges[-1] + 0.5) + 1)
    axis.set_xticks(ticks, [f"{2.0**tick:g}" for tick in ticks])
    axis.get_legend().remove()
    figures.add(
        "aspect_ratios",
        figure,
        "Width over height of each image as it was before its central square was taken.",
    )


def _read(source, statistics, places):
    indices = [statistics.indices[int(place)] for place in places]
    return read_again(source, indices, statistics.image_size)


def _labels(statistics, places):
    """Ends of names, which tell more than beginnings and fit below an image."""
    names = [statistics.files[int(place)].path for place in places]
    return [name if len(name) <= 20 else f"…{name[-19:]}" for name in names]


def _named(maps):
    return {name.replace("_", " "): values for name, values in maps.items()}
