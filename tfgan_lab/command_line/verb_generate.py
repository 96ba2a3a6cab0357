"""The verb ``generate``: pictures from a released generator."""

import pathlib

from absl import flags

USAGE = """usage: tfgan-lab generate RUN_DIR [--count=24] [--seed=0] [--output=FOLDER]

Makes pictures with the released generator of a run (or with any generator.keras): a file for each
and a contact sheet."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_integer("count", 24, "number of pictures", lower_bound=1, flag_values=values)
    flags.DEFINE_integer("seed", 0, "key of the latents", lower_bound=0, flag_values=values)
    flags.DEFINE_string(
        "output", None, "folder for the pictures; RUN_DIR/generated unless given",
        flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Writes the pictures."""
    from tfgan_lab.runs.config import ConfigError

    if len(arguments) != 1:
        raise ConfigError(f"Expected one run directory. Received: {len(arguments)} arguments")
    path = pathlib.Path(arguments[0])
    file = path / "generator.keras" if path.is_dir() else path
    if not file.is_file():
        raise ConfigError(
            f"Expected a released generator at {file}. Received: none; a run "
            "writes it every --checkpoint_every epochs and when it ends"
        )
    from tfgan_lab.runs.generation import generate_files

    folder = pathlib.Path(values.output) if values.output else file.parent / "generated"
    sheet = generate_files(file, folder, values.count, values.seed)
    print(f"{values.count} pictures in {folder}, all of them on {sheet}")
