"""The verb ``report``: the page of a run, written anew."""

USAGE = """usage: tfgan-lab report RUN_DIR

Writes RUN_DIR/report.html anew, also while the run is going on."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """The verb has no flags of its own."""


def run(arguments, values):
    """Writes the page."""
    from tfgan_lab.reports.page import write_report
    from tfgan_lab.runs.config import ConfigError

    if len(arguments) != 1:
        raise ConfigError(f"Expected one run directory. Received: {len(arguments)} arguments")
    print(write_report(arguments[0]))
