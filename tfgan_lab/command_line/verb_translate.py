"""The verb ``translate``: images of any size through a translator."""

import pathlib
import shlex

from absl import flags

from tfgan_lab import run_layout
from tfgan_lab.console import progress, suggest

USAGE = """usage: tfgan-lab translate RUN_DIR IMAGE... [--domain=NAME] [--output=FOLDER]

Translates images, files or whole folders, with the released generator of a run of
experiments.translation (CycleGAN or StarGAN), to one of its domains or to each of them. Images of
any size and shape keep it; those above --megapixels are made smaller first."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_list(
        "domain", [], "names of the domains to translate to, separated by commas; unless given the "
        "second one of two, and each of more", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_float(
        "megapixels", 1.0, "larger images are made smaller first: memory grows with the pixels",
        lower_bound=0.001, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string(
        "output", None, "folder for the images; RUN_DIR/translated unless given",
        flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Writes the translations."""
    from tfgan_lab.runs.settings.validity import ConfigError

    if len(arguments) < 2:
        raise ConfigError(
            f"Expected a run directory and at least one image. Received: {len(arguments)} arguments"
        )
    from tfgan_lab.runs import open_translator, translate_files

    translator = open_translator(arguments[0])
    folder = pathlib.Path(values.output or pathlib.Path(arguments[0]) / run_layout.TRANSLATED)
    domains = values.domain or translator.default_targets
    with progress("Translating") as update:
        written = translate_files(
            translator, arguments[1:], folder, domains, values.megapixels, progress=update
        )
    print(f"{len(written)} images in {folder}, translated to {', '.join(domains)}")
    suggest(f"tfgan-lab evaluate {shlex.quote(arguments[0])}")
