"""How a verb defines a flag, and what several verbs share."""

import pathlib
import shlex

from absl import flags

from tfgan_lab.console import suggest


def define_flag(values, name, default, meaning, *, low=None, high=None, choices=None):
    """Defines a flag.

    Args:
        values: where.
        name: str.
        default: bool, int, float, str or list, what it is unless given; or one of these types, for
            a flag that is ``None`` unless given.
        meaning: str, for the help.
        low: least number.
        high: greatest number.
        choices: the only values there are.
    """
    kind = type(default)
    if kind is type:
        kind, default = default, None
    if choices:
        flags.DEFINE_enum(name, default, list(choices), meaning, flag_values=values)
    elif kind in (int, float):
        define = flags.DEFINE_integer if kind is int else flags.DEFINE_float
        define(name, default, meaning, lower_bound=low, upper_bound=high, flag_values=values)
    else:
        define = {bool: flags.DEFINE_bool, list: flags.DEFINE_list, str: flags.DEFINE_string}[kind]
        define(name, default, meaning, flag_values=values)


def define_latents_flag(values):
    """Defines ``--latents``.

    Args:
        values: where.
    """
    define_flag(
        values, "latents", "", "distribution that the generator was trained with, such as "
        "uniform(-1,1) or gamma(2,1); what the run says unless given",
    )  # fmt: skip


def define_generator_flags(values, output):
    """Defines what every verb takes that writes what a released generator makes.

    Args:
        values: where.
        output: name of the folder within the run.
    """
    define_flag(values, "seed", 0, "key of all draws", low=0)
    define_flag(values, "label", str, "class of the images, by number or name, with classes")
    define_latents_flag(values)
    define_flag(values, "output", str, f"folder for the images; RUN_DIR/{output} unless given")


def open_for_output(path, values, output):
    """The generator that a path names, and the folder to write to.

    Args:
        path: of the run, or of a released generator.
        values: parsed flags.
        output: name of the folder within the run.
    """
    from tfgan_lab.runs.reading.generation import generator_file, open_generator

    file = generator_file(path)
    folder = pathlib.Path(values.output) if values.output else file.parent / output
    return open_generator(file, values.latents), folder


def suggest_page(path, values):
    """Suggests to rewrite a run's page, which shows what lies in its own folders.

    Args:
        path: of the run, or of a released generator.
        values: parsed flags.
    """
    if pathlib.Path(path).is_dir() and not values.output:
        suggest(f"tfgan-lab report {shlex.quote(path)}")


def suggest_trying(run, path):
    """Suggests the command that shows what a run's generator does.

    Args:
        run: what ``tfgan_lab.runs.open_run`` returned.
        path: str, of the run.
    """
    suggest(run.TRY_IT.format(shlex.quote(path)))
