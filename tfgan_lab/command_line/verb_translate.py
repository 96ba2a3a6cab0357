"""The verb ``translate``: images of any size through a translator."""

import pathlib
import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import run_and_images
from tfgan_lab.command_line.shared_flags import define_flag
from tfgan_lab.console import progress, suggest

USAGE = """usage: tfgan-lab translate RUN_DIR IMAGE... [--domain=NAME] [--output=FOLDER]

Translates images, files or whole folders, with the released generator of a run of
experiments.translation (CycleGAN or StarGAN), to one of its domains or to each of them. Images of
any size and shape keep it; those above --megapixels are made smaller first."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(
        values, "domain", [], "names of the domains to translate to, separated by commas; unless "
        "given the second one of two, and each of more",
    )  # fmt: skip
    define_flag(
        values, "megapixels", 1.0,
        "larger images are made smaller first: memory grows with the pixels", low=0.001,
    )  # fmt: skip
    define_flag(values, "output", str, "folder for the images; RUN_DIR/translated unless given")


def run(arguments, values):
    """Writes the translations."""
    path, images = run_and_images(arguments)
    from tfgan_lab.runs import TranslationRun, open_run, translate_files

    run = open_run(path, TranslationRun)
    translator = run.generator()
    folder = pathlib.Path(values.output or run.path / run_layout.TRANSLATED)
    domains = values.domain or translator.default_targets
    with progress("Translating") as update:
        written = translate_files(
            translator, images, folder, domains, values.megapixels, progress=update
        )
    print(f"{len(written)} images in {folder}, translated to {', '.join(domains)}")
    suggest(f"tfgan-lab evaluate {shlex.quote(path)}")
