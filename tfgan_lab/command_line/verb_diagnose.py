"""The verb ``diagnose``: what is wrong with a run."""

import shlex

from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab diagnose RUN_DIR

Says what is wrong with a run that is over or still in progress, since when, what shows it, and
what to do; and what it was said to be while it trained."""


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Prints the verdict."""
    from tfgan_lab.runs import diagnose, open_run

    run = open_run(only_run(arguments))
    print(diagnose(run))
    # What one look at the newest checkpoint tells is written nowhere: the page would not show it.
    if run.signals():
        suggest(f"tfgan-lab report {shlex.quote(str(run.path))}")
