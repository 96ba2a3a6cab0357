"""The verb ``maps``: what a run's discriminator looks at."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.command_line.shared_flags import define_flag, suggest_page

USAGE = """usage: tfgan-lab maps RUN_DIR [--count=8] [--method=elementwise] [--layer=NAME]

Shows where the discriminator of a run's newest checkpoint sees that images are fake: a row of
real images and their maps, a row of generated ones and theirs. Red: evidence for
fake; blue: evidence for real. Writes RUN_DIR/maps/discriminator.png. --maps_every=10 of
'tfgan-lab train' does so while training."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(values, "count", 8, "real images, and as many generated ones", low=1)
    define_flag(values, "seed", 0, "key of the latents", low=0)
    define_flag(
        values, "method", "elementwise", "how maps are made: see the guide to maps",
        choices=("auto", "class_activation", "gradient_weighted", "elementwise"),
    )  # fmt: skip
    define_flag(values, "layer", "", "layer to look at; the last of at least 8x8 unless given")
    define_flag(values, "output", str, "file to write; RUN_DIR/maps/discriminator.png unless given")


def run(arguments, values):
    """Writes the sheet."""
    from tfgan_lab.callbacks.discriminator_maps import discriminator_sheet
    from tfgan_lab.files import write_atomically
    from tfgan_lab.plots import png_bytes
    from tfgan_lab.runs import LatentRun, open_run

    run = open_run(only_run(arguments), LatentRun)
    sheet = discriminator_sheet(
        run.model(),
        run.images(),
        values.count,
        values.seed,
        method=values.method,
        layer=values.layer or None,
    )
    path = pathlib.Path(values.output or run.path / run_layout.MAPS / run_layout.DISCRIMINATOR_MAPS)
    write_atomically(path, png_bytes(sheet))
    print(
        f"{path}: real images and their maps, generated ones and theirs; red: evidence for fake; "
        "blue: evidence for real."
    )
    suggest_page(arguments[0], values)
