"""The verb ``report``: the page of a run, rewritten."""

from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.command_line.shared_flags import suggest_trying

USAGE = """usage: tfgan-lab report RUN_DIR

Rewrites RUN_DIR/report.html, also while the run is in progress; or the page of a folder that holds
figures alone, such as an exploration's."""


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Writes the page."""
    from tfgan_lab.reports import is_gallery, write_gallery, write_report
    from tfgan_lab.runs import open_run

    path = only_run(arguments)
    if is_gallery(path):
        print(write_gallery(path))
        return
    print(write_report(path))
    suggest_trying(open_run(path), path)
