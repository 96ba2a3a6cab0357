"""The verb ``compare``: runs compared side by side."""

import os
import pathlib
import shlex

from absl import flags

from tfgan_lab import run_layout
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab compare RUN_DIR RUN_DIR... [--output=FOLDER] [--count=8] [--seed=0]
       tfgan-lab compare SWEEP_DIR

Compares runs side by side: a table of what they reached, what differs between their settings,
losses over training, and images from the same latents side by side; of translators the same
images translated. Prints the table and writes a page, comparison.html. Runs may still be going
on."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_integer("count", 8, "images of each run", lower_bound=1, flag_values=values)
    flags.DEFINE_integer("seed", 0, "key of the latents", lower_bound=0, flag_values=values)
    flags.DEFINE_string(
        "output", None, "folder for the page; 'comparison' beside the runs unless given",
        flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Prints the table and writes the page."""
    from tfgan_lab.reports.comparison_page import write_comparison
    from tfgan_lab.runs.reading.translator import is_translation

    page = write_comparison(
        arguments, values.output or _beside(arguments), values.count, values.seed
    )
    print((page.parent / run_layout.COMPARISON_TABLE).read_text())
    print(page)
    first = shlex.quote(arguments[0])
    if len(arguments) == 1:
        suggest(f"tensorboard --logdir={first}")
    elif is_translation(arguments[0]):
        suggest(f"tfgan-lab translate {first} IMAGE")
    else:
        suggest(f"tfgan-lab explore {first}")


def _beside(arguments):
    """Within the folder of a sweep, or else within what all runs have in common."""
    paths = [pathlib.Path(path).absolute() for path in arguments]
    if len(paths) < 2:
        return paths[0] / run_layout.COMPARISON if paths else run_layout.COMPARISON
    return pathlib.Path(os.path.commonpath([path.parent for path in paths])) / run_layout.COMPARISON
