"""The verb ``diagnose``: what is wrong with a run."""

from tfgan_lab.command_line.arguments import only_run

USAGE = """usage: tfgan-lab diagnose RUN_DIR

Says what is wrong with a run that is over or still going on, since when, what shows it, and what to
do; and what it was said to be while it trained."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Prints the verdict."""
    from tfgan_lab.runs.diagnosing import diagnose

    print(diagnose(only_run(arguments)))
