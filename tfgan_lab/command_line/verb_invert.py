"""The verb ``invert``: the latents of one's own images."""

import pathlib
import shlex

from absl import flags

from tfgan_lab import run_layout
from tfgan_lab.command_line.verb_generate import define_shared_flags, opened
from tfgan_lab.console import progress, suggest

USAGE = """usage: tfgan-lab invert RUN_DIR IMAGE... [--steps=200] [--preset=r0] [--output=FOLDER]

Searches for the latents from which the released generator of a run (or any generator.keras) makes
given images, files or whole folders, and says how near it comes and how far out it has to go.
Writes latents.npz, inversion.json and the figure inversion.png."""

NEEDS_TENSORFLOW = True
SEARCH_FLAGS = (
    "preset", "steps", "starts", "bank", "learning_rate", "prior_weight", "features"
)  # fmt: skip


def define_flags(values):
    """Defines the verb's flags."""
    define_search_flags(values)
    define_shared_flags(values, output=run_layout.INVERSION)


def define_search_flags(values):
    """Defines how to search.

    Args:
        values: where to define them.
    """
    flags.DEFINE_enum(
        "preset", "default", ["default", "r0"], "settings of the search; r0 for report R0's",
        flag_values=values,
    )  # fmt: skip
    for name, meaning in [
        ("steps", "updates of each latent"),
        ("starts", "searches for each image; only the best search continues"),
        ("bank", "draws among which the nearest are the starts; 0 for any draws"),
    ]:
        flags.DEFINE_integer(
            name, None, f"{meaning}; the preset's unless given", lower_bound=0, flag_values=values
        )
    for name, meaning in [
        ("learning_rate", "Adam's"),
        ("prior_weight", "how strongly latents are kept where the generator was trained"),
    ]:
        flags.DEFINE_float(
            name, None, f"{meaning}; the preset's unless given", lower_bound=0, flag_values=values
        )
    flags.DEFINE_enum(
        "features", "none", ["none", "discriminator", "lite0"],
        "compare images by what the run's discriminator sees of them, too, or by what a network "
        "that was taught ImageNet does", flag_values=values,
    )  # fmt: skip


def search(generator, paths, arguments, values):
    """Reads images and searches for their latents.

    Args:
        generator: ``LatentGenerator``.
        paths: of files and folders.
        arguments: words of the command line, the first of them the run.
        values: parsed flags.

    Returns:
        The ``Inversion`` and the names of the images.
    """
    from tfgan_lab.latents import LayerFeatures, invert
    from tfgan_lab.networks.lite0_distance import lite0_layer_features
    from tfgan_lab.runs.reading.generation import label_of
    from tfgan_lab.runs.reading.latent_files import read_targets
    from tfgan_lab.runs.reading.restoring import newest_model
    from tfgan_lab.runs.settings.run_config import ConfigError

    targets, names, skipped = read_targets(paths, generator)
    if skipped:
        print(f"Files left out: {', '.join(f'{path} ({reason})' for path, reason in skipped)}")
    features = None
    if values.features == "discriminator":
        if not pathlib.Path(arguments[0]).is_dir():
            raise ConfigError(
                f"Expected a run directory with --features=discriminator. Received: {arguments[0]}"
            )
        features = LayerFeatures(newest_model(arguments[0]).discriminator)
    elif values.features == "lite0":
        size, _, channels = generator.image_shape
        features = lite0_layer_features(size, channels)
    names_of_changes = ("steps", "starts", "bank", "learning_rate", "prior_weight")
    changes = {name: values[name].value for name in names_of_changes if values[name].present}
    label = label_of(generator, values.label, required=True)
    with progress("Searching", unit="steps") as update:
        found = invert(
            generator, targets, preset=values.preset, labels=label, features=features,
            progress=update, seed=values.seed, **changes,
        )  # fmt: skip
    return found, names


def run(arguments, values):
    """Writes what was found."""
    from tfgan_lab.runs.settings.run_config import ConfigError

    if len(arguments) < 2:
        raise ConfigError(
            f"Expected a run directory and at least one image. Received: {len(arguments)} arguments"
        )
    generator, folder = opened(arguments[0], values, run_layout.INVERSION)
    from tfgan_lab.runs.reading.latent_files import write_inversion

    found, names = search(generator, arguments[1:], arguments, values)
    for index, name in enumerate(names):
        print(
            f"{name}: mean squared error {found.errors[index]:.5f} after "
            f"{found.steps_taken[index]} steps; of all draws {found.plausibility[index]:.0%} lie "
            "as far out"
        )
    figure = write_inversion(found, names, folder)
    latents = figure.with_name(run_layout.INVERSION_LATENTS)
    print(f"{len(names)} latents in {latents}, images on {figure}")
    suggest_page(arguments[0], values)


def suggest_page(path, values):
    """Suggests to rewrite a run's page, which shows what lies in its own folders.

    Args:
        path: of the run, or of a released generator.
        values: parsed flags.
    """
    if pathlib.Path(path).is_dir() and not values.output:
        suggest(f"tfgan-lab report {shlex.quote(path)}")
