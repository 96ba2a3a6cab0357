"""The verb ``inspect``: what is in a folder of pictures."""

from absl import flags

USAGE = """usage: tfgan-lab inspect FOLDER [--image_size=64]

Says what is in a folder of pictures: every file that can't be used and why, duplicates, very small
ones, sizes and modes; and what training would do with the rest."""


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_integer(
        "image_size", 64, "height and width that training would use", lower_bound=8,
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_bool("json", False, "print JSON instead of text", flag_values=values)


def run(arguments, values):
    """Prints the inspection."""
    import json

    from tfgan_lab.data.inspection import inspect_folder
    from tfgan_lab.runs.config import ConfigError

    if len(arguments) != 1:
        raise ConfigError(f"Expected one folder. Received: {len(arguments)} arguments")
    inspection = inspect_folder(arguments[0], image_size=values.image_size)
    print(json.dumps(inspection.to_dict(), indent=2) if values.json else inspection.describe())
