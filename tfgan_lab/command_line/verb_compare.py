"""The verb ``compare``: runs compared side by side."""

import os
import pathlib
import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.shared_flags import define_flag, suggest_trying
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab compare RUN_DIR RUN_DIR... [--output=FOLDER] [--count=8] [--seed=0]
       tfgan-lab compare SWEEP_DIR

Compares runs side by side: a table of what they reached, what differs between their settings,
losses over training, and images from the same latents side by side; of translators the same
images translated. Prints the table and writes a page, comparison.html. Runs may still be going
on."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(values, "count", 8, "images of each run", low=1)
    define_flag(values, "seed", 0, "key of the latents", low=0)
    define_flag(
        values, "output", str, "folder for the page; 'comparison' beside the runs unless given"
    )


def run(arguments, values):
    """Prints the table and writes the page."""
    from tfgan_lab.reports import write_comparison
    from tfgan_lab.runs import open_run

    output = values.output or _beside(arguments)
    page = write_comparison(arguments, output, values.count, values.seed)
    print((page.parent / run_layout.COMPARISON_TABLE).read_text())
    print(page)
    if len(arguments) == 1:
        suggest(f"tensorboard --logdir={shlex.quote(arguments[0])}")
    else:
        suggest_trying(open_run(arguments[0]), arguments[0])


def _beside(arguments):
    """Within the folder of a sweep, or else within what all runs have in common."""
    paths = [pathlib.Path(path).absolute() for path in arguments]
    if len(paths) < 2:
        return paths[0] / run_layout.COMPARISON if paths else run_layout.COMPARISON
    return pathlib.Path(os.path.commonpath([path.parent for path in paths])) / run_layout.COMPARISON
