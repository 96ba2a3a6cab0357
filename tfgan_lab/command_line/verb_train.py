"""The verb ``train``: from a folder of images to a run directory."""

import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.flags import config_from_flags, defaults_in_words, define_run_flags
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab train --data_dir=FOLDER --run_dir=FOLDER [--preset=...] [--flags]

Trains a generator on a folder of images (or on drawn ones: --drawn=plates). The same command
resumes a run that was stopped. The run directory gets snapshots, log, TensorBoard events,
checkpoints, the released generator and a page to look at."""


define_flags = define_run_flags
defaults = defaults_in_words


def run(arguments, values):
    """Trains, or says what it would do."""
    from tfgan_lab.runs.settings.validity import ConfigError

    if arguments:
        raise ConfigError(
            f"Expected flags only, such as --data_dir={arguments[0]}. Received: {arguments[0]!r}"
        )
    config = config_from_flags(values)
    if values.dry_run:
        from tfgan_lab.runs.training.dry_run import describe

        print(describe(config))
        return
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs.training.latent_training import train

    with reported(config.run_dir):
        train(config, overwrite=values.overwrite)
    print(f"Done. Look at {config.run_dir}/{run_layout.REPORT}")
    run = shlex.quote(config.run_dir)
    suggest(f"tfgan-lab evaluate {run}", f"tfgan-lab generate {run} --count=100",
            f"tfgan-lab explore {run}")  # fmt: skip
