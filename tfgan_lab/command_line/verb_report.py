"""The verb ``report``: the page of a run, rewritten."""

import shlex

from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab report RUN_DIR

Rewrites RUN_DIR/report.html, also while the run is in progress; or the page of a folder that holds
figures alone, such as an exploration's."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Writes the page."""
    from tfgan_lab.reports import is_gallery, write_gallery, write_report
    from tfgan_lab.runs import is_translation

    run_dir = only_run(arguments)
    if is_gallery(run_dir):
        print(write_gallery(run_dir))
        return
    print(write_report(run_dir))
    run = shlex.quote(run_dir)
    translates = is_translation(run_dir)
    suggest(f"tfgan-lab translate {run} IMAGE" if translates else f"tfgan-lab explore {run}")
