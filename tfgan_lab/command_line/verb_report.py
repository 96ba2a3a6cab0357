"""The verb ``report``: the page of a run, written anew."""

from tfgan_lab.command_line.arguments import only_run

USAGE = """usage: tfgan-lab report RUN_DIR

Writes RUN_DIR/report.html anew, also while the run is going on."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Writes the page."""
    from tfgan_lab.reports.page import write_report

    print(write_report(only_run(arguments)))
