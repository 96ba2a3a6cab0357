"""Report R4's question: how StarGAN differs from CycleGAN. Trains either, and measures it."""

import functools
import sys

from tfgan_lab.command_line.flags import config_from_flags, defaults_in_words, define_run_flags
from tfgan_lab.command_line.main import run_command
from tfgan_lab.runs.settings.translation_config import TranslationConfig

USAGE = """usage: python -m experiments.translation --model=cyclegan|stargan --run_dir=FOLDER
       [--data_dir=FOLDER,FOLDER] [--flags]

Trains a translator of images between the domains of two or more folders (or of one with a
subfolder for each; drawn plates whose tablecloths differ without --data_dir), and measures it: of
drawn domains whether the factor is read as asked and what else was changed, of others KID to the
target domain before and after. The same command resumes a run that was stopped. Without
--preset the networks are small ones for 32 to 64 pixels on a processor; --preset=cyclegan or
stargan are the papers'. 'tfgan-lab translate RUN_DIR IMAGE' then translates images."""

defaults = functools.partial(defaults_in_words, settings=TranslationConfig)


def define_flags(values):
    """The flags of a translator's run."""
    define_run_flags(values, TranslationConfig)


def run(arguments, values):
    """Trains and measures, or says what it would do."""
    from tfgan_lab.runs.settings.validity import ConfigError

    if arguments:
        raise ConfigError(
            f"Expected flags only, such as --data_dir={','.join(arguments)}. "
            f"Received: {arguments[0]!r}"
        )
    config = config_from_flags(values, TranslationConfig, drawn="plates")
    from tfgan_lab.reports import draw_evaluation, reported
    from tfgan_lab.runs import open_run
    from tfgan_lab.runs.training.dry_run import describe
    from tfgan_lab.runs.training.translation_training import train_translation

    if values.dry_run:
        print(describe(config))
        return
    with reported(config.run_dir):
        _, images = train_translation(config, overwrite=values.overwrite)
        run = open_run(config.run_dir, images=images)
        print(run.describe_evaluation(run.evaluate()))
        draw_evaluation(run)
    print(f"Done. Look at {config.run_dir}/report.html")


if __name__ == "__main__":
    sys.exit(run_command("experiments.translation", sys.modules[__name__], sys.argv[1:]))
