"""The verb ``diagnose``: what is wrong with a run."""

import pathlib
import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab diagnose RUN_DIR

Says what is wrong with a run that is over or still in progress, since when, what shows it, and
what to do; and what it was said to be while it trained."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Prints the verdict."""
    from tfgan_lab.runs.reading.diagnosing import diagnose

    run_dir = only_run(arguments)
    print(diagnose(run_dir))
    # What one look at the newest checkpoint tells is written nowhere: the page would not show it.
    if (pathlib.Path(run_dir) / run_layout.VERDICT).exists():
        suggest(f"tfgan-lab report {shlex.quote(run_dir)}")
