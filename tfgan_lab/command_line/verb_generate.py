"""The verb ``generate``: pictures from a released generator."""

import pathlib

from absl import flags

from tfgan_lab.command_line.arguments import only_run

USAGE = """usage: tfgan-lab generate RUN_DIR [--count=24] [--seed=0] [--output=FOLDER] [--walk=8]

Makes pictures with the released generator of a run (or with any generator.keras): a file for each
and a contact sheet. --walk=8 makes an animation that visits eight of them, too."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_integer("count", 24, "number of pictures", lower_bound=1, flag_values=values)
    flags.DEFINE_float(
        "truncation", 1.0, "draw latents towards their mean: below 1 for more usual pictures",
        lower_bound=0.0, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_enum(
        "layout", "both", ["both", "files", "grid"], "a file for each picture, a sheet, or both",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "walk", 0, "visit so many pictures in an animation, walk.gif; 0 for none", lower_bound=0,
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "walk_frames", 12, "its pictures from one to the next", lower_bound=1, flag_values=values
    )
    define_shared_flags(values, output="generated")


def define_shared_flags(values, output):
    """Defines what every verb that uses a released generator takes.

    Args:
        values: where to define them.
        output: name of the folder within the run.
    """
    flags.DEFINE_integer("seed", 0, "key of all draws", lower_bound=0, flag_values=values)
    flags.DEFINE_integer(
        "label", None, "class of the pictures, with classes", lower_bound=0, flag_values=values
    )
    flags.DEFINE_string(
        "latents", "", "distribution that the generator was trained with, such as "
        "uniform(-1,1) or gamma(2,1); what the run says unless given", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string(
        "output", None, f"folder for the pictures; RUN_DIR/{output} unless given",
        flag_values=values,
    )  # fmt: skip


def opened(path, values, output):
    """The generator that a path names, and the folder to write to.

    Args:
        path: of the run, or of a released generator.
        values: parsed flags.
        output: name of the folder within the run.
    """
    from tfgan_lab.runs.generation import generator_file, open_generator

    file = generator_file(path)
    folder = pathlib.Path(values.output) if values.output else file.parent / output
    return open_generator(file, values.latents), folder


def run(arguments, values):
    """Writes the pictures."""
    from tfgan_lab.runs.config import ConfigError

    run_dir = only_run(arguments)
    if values.walk == 1:
        raise ConfigError("Expected --walk of at least 2 pictures to visit. Received: --walk=1")
    generator, folder = opened(run_dir, values, "generated")
    from tfgan_lab.runs.generation import draw_latents, write_pictures, write_walk

    latents = draw_latents(generator.latents, values.count, values.seed, values.truncation)
    written = write_pictures(generator.generate(latents, values.label), folder, values.layout)
    where = {
        "both": f"{values.count} pictures in {folder}, all of them on {written}",
        "files": f"{values.count} pictures in {folder}",
        "grid": f"{values.count} pictures on {written}",
    }
    print(where[values.layout])
    if values.walk:
        path = write_walk(
            generator, folder, values.walk, values.seed, values.walk_frames, values.truncation,
            values.label,
        )  # fmt: skip
        print(f"A walk over {values.walk} pictures: {path}")
