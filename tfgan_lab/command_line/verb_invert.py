"""The verb ``invert``: the latents of one's own images."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import run_and_images
from tfgan_lab.command_line.shared_flags import (
    define_flag,
    define_generator_flags,
    open_for_output,
    suggest_page,
)
from tfgan_lab.console import progress
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: tfgan-lab invert RUN_DIR IMAGE... [--steps=200] [--preset=r0] [--output=FOLDER]

Searches for the latents from which the released generator of a run (or any generator.keras) makes
given images, files or whole folders, and says how near it comes and how far out it has to go.
Writes latents.npz, inversion.json and the figure inversion.png."""
SEARCH_SETTINGS = {
    "steps": (int, "updates of each latent"),
    "starts": (int, "searches for each image; only the best search continues"),
    "bank": (int, "draws among which the nearest are the starts; 0 for any draws"),
    "learning_rate": (float, "Adam's"),
    "prior_weight": (float, "how strongly latents are kept where the generator was trained"),
}
SEARCH_FLAGS = ("preset", "features", *SEARCH_SETTINGS)


def define_flags(values):
    """Defines the verb's flags."""
    define_search_flags(values)
    define_generator_flags(values, run_layout.INVERSION)


def define_search_flags(values):
    """Defines how to search.

    Args:
        values: where to define them.
    """
    define_flag(
        values, "preset", "default", "settings of the search; r0 for report R0's",
        choices=("default", "r0"),
    )  # fmt: skip
    for name, (kind, meaning) in SEARCH_SETTINGS.items():
        define_flag(values, name, kind, f"{meaning}; the preset's unless given", low=0)
    define_flag(
        values, "features", "none", "compare images by what the run's discriminator sees of them, "
        "too, or by what a network that was taught ImageNet does",
        choices=("none", "discriminator", "lite0"),
    )  # fmt: skip


def search(generator, path, images, values):
    """Reads images and searches for their latents.

    Args:
        generator: ``LatentGenerator``.
        path: of its run.
        images: paths of files and folders.
        values: parsed flags.

    Returns:
        The ``Inversion`` and the names of the images.
    """
    from tfgan_lab.latents import LayerFeatures, invert
    from tfgan_lab.networks.lite0_distance import lite0_layer_features
    from tfgan_lab.runs import LatentRun, open_run
    from tfgan_lab.runs.reading.generation import label_of
    from tfgan_lab.runs.reading.latent_files import read_targets

    targets, names, skipped = read_targets(images, generator)
    if skipped:
        print(f"Files left out: {', '.join(f'{path} ({reason})' for path, reason in skipped)}")
    features = None
    if values.features == "discriminator":
        if not pathlib.Path(path).is_dir():
            raise ConfigError(
                f"Expected a run directory with --features=discriminator. Received: {path}"
            )
        features = LayerFeatures(open_run(path, LatentRun).model().discriminator)
    elif values.features == "lite0":
        size, _, channels = generator.image_shape
        features = lite0_layer_features(size, channels)
    changes = {name: values[name].value for name in SEARCH_SETTINGS if values[name].present}
    label = label_of(generator, values.label, required=True)
    with progress("Searching", unit="steps") as update:
        found = invert(
            generator, targets, preset=values.preset, labels=label, features=features,
            progress=update, seed=values.seed, **changes,
        )  # fmt: skip
    return found, names


def run(arguments, values):
    """Writes what was found."""
    path, images = run_and_images(arguments)
    from tfgan_lab.runs.reading.latent_files import write_inversion

    generator, folder = open_for_output(path, values, run_layout.INVERSION)
    found, names = search(generator, path, images, values)
    for index, name in enumerate(names):
        print(
            f"{name}: mean squared error {found.errors[index]:.5f} after "
            f"{found.steps_taken[index]} steps; of all draws {found.plausibility[index]:.0%} lie "
            "as far out"
        )
    figure = write_inversion(found, names, folder)
    latents = figure.with_name(run_layout.INVERSION_LATENTS)
    print(f"{len(names)} latents in {latents}, images on {figure}")
    suggest_page(path, values)
