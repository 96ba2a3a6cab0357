"""What a page shows of a run that must be computed: its generator's images, and their nearest."""

import contextlib
import io
import os

import numpy as np

from tfgan_lab.plots.grids import tile_images
from tfgan_lab.reports.embedded import webp_uri
from tfgan_lab.reports.samples import take_samples
from tfgan_lab.reports.sliders import direction_strips
from tfgan_lab.runs.reading.latent_run import LatentRun
from tfgan_lab.runs.settings.validity import ConfigError

_COLUMNS = 6


def exhibits(run) -> dict:
    """Makes the images of a run's released generator for its page.

    Args:
        run: what ``tfgan_lab.runs.open_run`` returned.

    Returns:
        Dict of ``samples`` (dict of addresses and a caption, or ``None``), ``directions`` (a
        ``Slider`` or ``None``) and ``why_no_samples``, a sentence that is empty where there are
        samples, or no generator from latents is to be expected.
    """
    shown = {"samples": None, "directions": None, "why_no_samples": ""}
    if not isinstance(run, LatentRun):
        return shown
    try:
        generator = run.generator()
    except ConfigError:
        return shown  # None is released yet.
    except ValueError as error:
        return shown | {"why_no_samples": f"No samples: {error}."}
    label = 0 if generator.conditional else None
    shown["directions"] = direction_strips(generator, label=label)
    try:
        name = run.settings.get("tfds_name")
        if name and not _is_prepared(name):
            # To write a page is no reason for a download of gigabytes.
            raise ValueError(f"{name} isn't prepared on this machine")
        # What it says of skipped files was said when training began.
        with contextlib.redirect_stdout(io.StringIO()):
            images = run.images()
    except (OSError, ValueError) as error:
        return shown | {"why_no_samples": f"The training images can't be shown: {error}."}
    taken = take_samples(generator, images, run.config.augment_flip, run.config.seed)
    return shown | {"samples": _embedded(*taken)}


def _is_prepared(name):
    """Whether a TensorFlow data set can be read without a download."""
    # Here, because most runs have another source, and it takes long to import.
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(name, data_dir=os.environ.get("TFDS_DATA_DIR"))
    except Exception:
        return True  # To read it fails before any download, and says what is wrong.
    return bool(builder.info.splits)


def _embedded(reals, fakes, near):
    columns = len(near.fakes)
    how_near = "All training images are alike, so there is nothing to measure distances by."
    if np.isfinite(near.typical):
        how_near = (
            f"Their distances are {near.ratios[0]:.2f} to {near.ratios[-1]:.2f} times what is "
            "usual between a training image and the next one, and that of the median generated "
            f"image {near.typical:.2f} times: near 0 would be copies."
        )
    return {
        "reals": webp_uri(tile_images(reals, _COLUMNS)),
        "fakes": webp_uri(tile_images(fakes, _COLUMNS)),
        "nearest": webp_uri(tile_images([*near.fakes, *near.reals], columns)),
        "caption": (
            f"Above, of {near.num_fakes} generated images the {columns} that come nearest to a "
            f"training image; below, the nearest of {near.num_reals} training images to each. "
            f"{how_near}"
        ),
    }
