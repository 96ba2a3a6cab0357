"""The verb ``generate``: images from a released generator."""

import pathlib
import shlex

from absl import flags

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run, refuse_without_effect
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab generate RUN_DIR [--count=24] [--label=CLASS] [--output=FOLDER]

Makes images with the released generator of a run (or with any generator.keras): a file for each
and a contact sheet. --walk=8 makes an animation that visits eight of them, too. A generator with
classes makes images of --label, a number or a class's name, or else of all classes in turns;
--every_class=6 shows six latents in every class."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_integer("count", 24, "number of images", lower_bound=1, flag_values=values)
    flags.DEFINE_float(
        "truncation", 1.0, "draw latents towards their mean: below 1 for more usual images",
        lower_bound=0.0, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_enum(
        "layout", "both", ["both", "files", "grid"], "a file for each image, a sheet, or both",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "walk", 0, "visit so many images in an animation, walk.gif; 0 for none", lower_bound=0,
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "walk_frames", 12, "its images from one to the next", lower_bound=1, flag_values=values
    )
    flags.DEFINE_integer(
        "every_class", 0, "show so many latents in every class, classes.png; 0 for none",
        lower_bound=0, flag_values=values,
    )  # fmt: skip
    define_shared_flags(values, output=run_layout.GENERATED)


def define_shared_flags(values, output):
    """Defines what every verb that uses a released generator takes.

    Args:
        values: where to define them.
        output: name of the folder within the run.
    """
    flags.DEFINE_integer("seed", 0, "key of all draws", lower_bound=0, flag_values=values)
    flags.DEFINE_string(
        "label", None, "class of the images, by number or name, with classes", flag_values=values
    )
    flags.DEFINE_string(
        "latents", "", "distribution that the generator was trained with, such as "
        "uniform(-1,1) or gamma(2,1); what the run says unless given", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string(
        "output", None, f"folder for the images; RUN_DIR/{output} unless given",
        flag_values=values,
    )  # fmt: skip


def opened(path, values, output):
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


def run(arguments, values):
    """Writes the images."""
    from tfgan_lab.runs.settings.run_config import ConfigError

    run_dir = only_run(arguments)
    if values.walk == 1:
        raise ConfigError("Expected --walk of at least 2 images to visit. Received: --walk=1")
    if not values.walk:
        refuse_without_effect(values, ["walk_frames"], "--walk=N with --walk_frames")
    generator, folder = opened(run_dir, values, run_layout.GENERATED)
    from tfgan_lab.runs.reading.class_sheets import labels_in_turns, write_every_class
    from tfgan_lab.runs.reading.generation import draw_latents, label_of, write_images, write_walk

    if values.every_class and generator.num_classes is None:
        raise ConfigError(
            "Expected a generator with classes with --every_class. Received: one without"
        )
    label = label_of(generator, values.label, required=bool(values.walk))
    latents = draw_latents(generator.latents, values.count, values.seed, values.truncation)
    labels, columns = label, None
    if label is None and generator.conditional:
        labels, columns = labels_in_turns(generator, values.count)
    images = generator.generate(latents, labels)
    written = write_images(images, folder, values.layout, columns)
    where = {
        "both": f"{values.count} images in {folder}, all of them on {written}",
        "files": f"{values.count} images in {folder}",
        "grid": f"{values.count} images on {written}",
    }
    print(where[values.layout])
    older = sum(int(path.stem) >= values.count for path in folder.glob("[0-9]" * 5 + ".png"))
    if values.layout != "grid" and older:
        print(f"Note: {older} images of an earlier call lie there as well.")
    if values.walk:
        path = write_walk(
            generator, folder, values.walk, values.seed, values.walk_frames, values.truncation,
            label,
        )  # fmt: skip
        print(f"A walk over {values.walk} images: {path}")
    if values.every_class:
        latents = draw_latents(
            generator.latents, values.every_class, values.seed, values.truncation
        )
        print(f"The same latents in every class: {write_every_class(generator, latents, folder)}")
    suggest(f"tfgan-lab explore {shlex.quote(run_dir)}")
