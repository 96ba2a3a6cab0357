"""Images of which a slider shows one: over training, along directions, on the way to a target."""

import dataclasses
import pathlib

import numpy as np
from PIL import Image

from tfgan_lab import run_layout
from tfgan_lab.files import read_json
from tfgan_lab.latents import factorise, strips
from tfgan_lab.plots.grids import tile_images
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.reports.embedded import webp_uri

MOST_FRAMES = 40
MOST_BYTES = 2_500_000  # of a slider's images; larger images mean fewer of them
MOST_TARGETS = 6  # Rows of the slider of an inversion.


@dataclasses.dataclass(frozen=True)
class Slider:
    """What a slider shows.

    Args:
        frames: tuple of (address, label), an image within the page and what it is.
        start: int, index of the frame that is shown first.
        alt: str, what all of them show, for those who can't see it.
        plays: bool, whether there is a button that moves it.
    """

    frames: tuple
    start: int
    alt: str
    plays: bool = False


def time_lapse(run_directory):
    """The grids of the fixed latents, from the untrained generator to the last snapshot.

    Where the released generator was chosen while training, its grid comes last.

    Args:
        run_directory: path of the run.

    Returns:
        ``Slider`` that starts at the last one, of snapshots spread over training; ``None`` where
        there are none.
    """
    folder = pathlib.Path(run_directory) / run_layout.SNAPSHOTS
    paths = sorted(folder.glob(run_layout.EPOCH_SHEETS))
    untrained, released = folder / run_layout.UNTRAINED, folder / run_layout.RELEASED_SHEET
    if untrained.exists():
        paths.insert(0, untrained)
    if released.exists():
        paths.append(released)
    if not paths:
        return None
    size = len(webp_uri(_read(paths[-1])))
    count = int(np.clip(MOST_BYTES // size, 2, MOST_FRAMES))
    if len(paths) > count:
        chosen = np.linspace(0, len(paths) - 1, count).round().astype(int)
        paths = [paths[index] for index in chosen]
    frames = tuple((webp_uri(_read(path)), _when(path)) for path in paths)
    return Slider(frames, len(frames) - 1, "images of the same latents", plays=True)


def direction_strips(generator, *, num_directions=4, rows=3, steps=9, extent=3.0, label=None):
    """Some draws, moved along the directions that a generator's first layer stretches most.

    Args:
        generator: ``LatentGenerator``.
        num_directions: int, columns.
        rows: int, draws.
        steps: int, positions of the slider.
        extent: float, farthest position, in lengths of a direction.
        label: with classes, the class; else ``None``.

    Returns:
        ``Slider`` that starts in the middle, at the draws themselves; ``None`` for a generator
        whose latents don't enter a dense layer.
    """
    num_directions = min(num_directions, generator.latents.size)
    try:
        vectors = factorise(generator, num_directions).vectors
    except ValueError:
        return None
    latents = generator.latents.sample(rows, key(0, 0, Purpose.SAMPLES)).numpy()
    images = np.stack(
        [
            strips(generator, each, vectors, (-extent, extent), steps=steps, labels=label)
            for each in latents
        ]
    )  # (rows, directions, steps, height, width, channels)
    frames = tuple(
        (
            webp_uri(tile_images(np.concatenate(images[:, :, step]), columns=num_directions)),
            f"{position:+.2f}",
        )
        for step, position in enumerate(np.linspace(-extent, extent, steps))
    )
    return Slider(frames, steps // 2, "a draw in each row, a direction in each column")


def inversion_steps(folder):
    """What ``tfgan-lab invert`` found: each target, and the search for it step by step.

    Args:
        folder: path of the inversion.

    Returns:
        ``Slider`` that starts at what was found; ``None`` where there is none.
    """
    path = pathlib.Path(folder) / run_layout.INVERSION_LATENTS
    if not path.exists():
        return None
    with np.load(path) as held:
        if "kept_images" not in held:  # Latents of other origin, or of an earlier version.
            return None
        targets, found = held["targets"][:MOST_TARGETS], held["images"][:MOST_TARGETS]
        kept, steps = held["kept_images"][:MOST_TARGETS], held["kept_steps"]
    ways = [(kept[:, index], f"after {step} steps") for index, step in enumerate(steps)]
    frames = tuple(
        (webp_uri(tile_images(np.concatenate([targets, images]), columns=len(targets))), label)
        for images, label in [*ways, (found, "found")]
    )
    return Slider(frames, len(frames) - 1, "targets above, the search for them below")


def inversion_table(folder):
    """The numbers of an inversion, as a table.

    Args:
        folder: path of the inversion.

    Returns:
        List of lists of str, heads first; empty where there is no inversion.
    """
    path = pathlib.Path(folder) / run_layout.INVERSION_NUMBERS
    if not path.exists():
        return []
    heads = ["image", "mean squared error", "of all draws, as far out", "steps"]
    rows = [
        [
            pathlib.Path(row["name"]).name,
            f"{row['mean_squared_error']:.5f}",
            f"{row['plausibility']:.0%}",
            str(row["steps"]),
        ]
        for row in read_json(path)[:MOST_TARGETS]
    ]
    return [heads, *rows]


def _read(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def _when(path):
    named = {run_layout.UNTRAINED: "before training", run_layout.RELEASED_SHEET: "released"}
    return named.get(path.name) or f"after epoch {run_layout.epoch_of(path)}"
