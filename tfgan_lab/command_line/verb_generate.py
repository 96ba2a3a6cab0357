"""The verb ``generate``: images from a released generator."""

import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run, refuse_without_effect
from tfgan_lab.command_line.shared_flags import (
    define_flag,
    define_generator_flags,
    open_for_output,
)
from tfgan_lab.console import suggest
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: tfgan-lab generate RUN_DIR [--count=24] [--label=CLASS] [--output=FOLDER]

Makes images with the released generator of a run (or with any generator.keras): a file for each
and a contact sheet. --walk=8 makes an animation that visits eight of them, too. A generator with
classes makes images of --label, a number or a class's name, or else of all classes in turns;
--every_class=6 shows six latents in every class."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(values, "count", 24, "number of images", low=1)
    define_flag(
        values, "truncation", 1.0,
        "draw latents towards their mean: below 1 for more usual images", low=0.0,
    )  # fmt: skip
    define_flag(
        values, "layout", "both", "a file for each image, a sheet, or both",
        choices=("both", "files", "grid"),
    )  # fmt: skip
    define_flag(
        values, "walk", 0, "visit so many images in an animation, walk.gif; 0 for none", low=0
    )
    define_flag(values, "walk_frames", 12, "its images from one to the next", low=1)
    define_flag(
        values, "every_class", 0, "show so many latents in every class, classes.png; 0 for none",
        low=0,
    )  # fmt: skip
    define_generator_flags(values, run_layout.GENERATED)


def run(arguments, values):
    """Writes the images."""
    run_dir = only_run(arguments)
    if values.walk == 1:
        raise ConfigError("Expected --walk of at least 2 images to visit. Received: --walk=1")
    if not values.walk:
        refuse_without_effect(values, ["walk_frames"], "--walk=N with --walk_frames")
    from tfgan_lab.files import write_atomically
    from tfgan_lab.latents import closed_walk, truncate
    from tfgan_lab.plots import gif_bytes
    from tfgan_lab.runs.reading.class_sheets import every_class, labels_in_turns, write_rows
    from tfgan_lab.runs.reading.generation import draw_latents, label_of, write_images

    generator, folder = open_for_output(run_dir, values, run_layout.GENERATED)
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
        walk = closed_walk(generator.latents, values.walk, values.walk_frames, values.seed)
        walk = truncate(walk, values.truncation, generator.latents)
        path = folder / "walk.gif"
        write_atomically(path, gif_bytes(generator.generate(walk, label)))
        print(f"A walk over {values.walk} images: {path}")
    if values.every_class:
        latents = draw_latents(
            generator.latents, values.every_class, values.seed, values.truncation
        )
        sheet = write_rows(every_class(generator, latents), folder / "classes.png")
        print(f"The same latents in every class: {sheet}")
    suggest(f"tfgan-lab explore {shlex.quote(run_dir)}")
