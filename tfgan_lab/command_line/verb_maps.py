"""The verb ``maps``: what a run's discriminator looks at."""

import pathlib

from absl import flags

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.command_line.verb_invert import suggest_page

USAGE = """usage: tfgan-lab maps RUN_DIR [--count=8] [--method=elementwise] [--layer=NAME]

Shows where the discriminator of a run's newest checkpoint sees that images are fake: a row of
real images and their maps, a row of generated ones and theirs. Red: evidence for
fake; blue: evidence for real. Writes RUN_DIR/maps/discriminator.png. --maps_every=10 of
'tfgan-lab train' does so while training."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_integer(
        "count", 8, "real images, and as many generated ones", lower_bound=1, flag_values=values
    )
    flags.DEFINE_integer("seed", 0, "key of the latents", lower_bound=0, flag_values=values)
    flags.DEFINE_enum(
        "method", "elementwise",
        ["auto", "class_activation", "gradient_weighted", "elementwise"],
        "how maps are made: see the guide to maps", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string(
        "layer", "", "layer to look at; the last of at least 8x8 unless given", flag_values=values
    )
    flags.DEFINE_string(
        "output", None, "file to write; RUN_DIR/maps/discriminator.png unless given",
        flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Writes the sheet."""
    from tfgan_lab.callbacks.discriminator_maps import discriminator_sheet
    from tfgan_lab.files import write_atomically
    from tfgan_lab.plots import png_bytes
    from tfgan_lab.runs.reading.diagnosing import trained_images
    from tfgan_lab.runs.reading.restoring import newest_model

    run_dir = pathlib.Path(only_run(arguments))
    model = newest_model(run_dir)
    sheet = discriminator_sheet(
        model,
        trained_images(run_dir),
        values.count,
        values.seed,
        method=values.method,
        layer=values.layer or None,
    )
    default = run_dir / run_layout.MAPS / run_layout.DISCRIMINATOR_MAPS
    path = pathlib.Path(values.output or default)
    write_atomically(path, png_bytes(sheet))
    print(
        f"{path}: real images and their maps, generated ones and theirs; red: evidence for fake; "
        "blue: evidence for real."
    )
    suggest_page(arguments[0], values)
