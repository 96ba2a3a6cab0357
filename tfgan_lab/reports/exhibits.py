"""What a page shows of a run that must be computed: its generator's images, and their nearest."""

import contextlib
import io
import os

import numpy as np

from tfgan_lab.plots.grids import tile_images
from tfgan_lab.reports.samples import take_samples
from tfgan_lab.reports.sliders import direction_strips
from tfgan_lab.reports.webp import webp_uri
from tfgan_lab.runs.reading.generation import open_generator
from tfgan_lab.runs.reading.restoring import run_config
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.directory import read_record
from tfgan_lab.runs.training.run_images import load_images

_COLUMNS = 6


def exhibits(run_directory) -> dict:
    """Makes the images of a run's released generator for its page.

    Args:
        run_directory: ``pathlib.Path`` of the run.

    Returns:
        Dict of ``samples`` (dict of addresses and a caption, or ``None``), ``directions`` (a
        ``Slider`` or ``None``) and ``why_no_samples``, a sentence that is empty where there are
        samples or no generator is to be expected yet.
    """
    nothing = {"samples": None, "directions": None, "why_no_samples": ""}
    try:
        generator = open_generator(run_directory)
    except ConfigError:
        return nothing  # None is released yet.
    except ValueError as error:
        return nothing | {"why_no_samples": f"No samples: {error}."}
    label = 0 if generator.conditional else None
    shown = nothing | {"directions": direction_strips(generator, label=label)}
    try:
        config = run_config(run_directory)
        if config.tfds_name and not _is_prepared(config.tfds_name):
            # To write a page is no reason for a download of gigabytes.
            raise ValueError(f"{config.tfds_name} isn't prepared on this machine")
        # What it says of skipped files was said when training began.
        with contextlib.redirect_stdout(io.StringIO()):
            images = load_images(config)
    except (OSError, ValueError) as error:
        return shown | {"why_no_samples": f"The training images can't be read again: {error}."}
    if images.fingerprint() != read_record(run_directory)["data"]["fingerprint"]:
        return shown | {
            "why_no_samples": "The images in the source are not those that training began with, "
            "so none are shown."
        }
    samples = take_samples(generator, images, config.augment_flip, config.seed)
    return shown | {"samples": _embedded(samples)}


def _is_prepared(name):
    """Whether a TensorFlow data set can be read without a download."""
    # Here, because most runs have another source, and it takes long to import.
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(name, data_dir=os.environ.get("TFDS_DATA_DIR"))
    except Exception:
        return True  # To read it fails before any download, and says what is wrong.
    return bool(builder.info.splits)


def _embedded(samples):
    near = samples.nearest
    columns = len(near.fakes)
    how_near = "All training images are alike, so there is nothing to measure distances by."
    if np.isfinite(near.typical):
        how_near = (
            f"Their distances are {near.ratios[0]:.2f} to {near.ratios[-1]:.2f} times what is "
            "usual between a training image and the next one, and that of the median generated "
            f"image {near.typical:.2f} times: near 0 would be copies."
        )
    return {
        "reals": webp_uri(tile_images(samples.reals, _COLUMNS)),
        "fakes": webp_uri(tile_images(samples.fakes, _COLUMNS)),
        "nearest": webp_uri(tile_images([*near.fakes, *near.reals], columns)),
        "caption": (
            f"Above, of {near.num_fakes} generated images the {columns} that come nearest to a "
            f"training image; below, the nearest of {near.num_reals} training images to each. "
            f"{how_near}"
        ),
    }
