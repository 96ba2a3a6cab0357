"""The verb ``interpolate``: images between two images."""

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.shared_flags import (
    define_flag,
    define_generator_flags,
    open_for_output,
    suggest_page,
)
from tfgan_lab.command_line.verb_invert import SEARCH_FLAGS, define_search_flags, search
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: tfgan-lab interpolate RUN_DIR [IMAGE IMAGE] [--grid=16] [--label=CLASS]

Goes from one image to another with the released generator of a run (or with any
generator.keras): between two images of yours, whose latents it first searches for, or, without
any, between two of its own. Writes a grid that is read row by row, an animation, and how smooth the
way is. With classes, --to_label goes from the class --label to another at the same latents."""


def define_flags(values):
    """Defines the verb's flags."""
    define_flag(values, "grid", 16, "number of images on the way", low=2)
    define_flag(
        values, "method", "linear", "weighted means, or along the arc",
        choices=("linear", "spherical"),
    )  # fmt: skip
    define_flag(
        values, "to_label", str,
        "go from class --label to this one, by number or name, latents staying",
    )  # fmt: skip
    define_search_flags(values)
    define_generator_flags(values, run_layout.INTERPOLATION)


def run(arguments, values):
    """Writes the way."""
    if len(arguments) not in (1, 3):
        raise ConfigError(
            "Expected a run directory, and two images or none. "
            f"Received: {len(arguments)} arguments"
        )
    generator, folder = open_for_output(arguments[0], values, run_layout.INTERPOLATION)
    from tfgan_lab.runs.reading.generation import draw_latents, label_of
    from tfgan_lab.runs.reading.latent_files import write_interpolation, write_inversion

    label = label_of(generator, values.label, required=True)
    if values.to_label is not None:
        if len(arguments) > 1:
            raise ConfigError("Expected --to_label without images. Received: both")
        refuse_without_effect(values, ["method", *SEARCH_FLAGS], "no --to_label with these")
        _between_classes(generator, folder, values, label)
        return
    if len(arguments) == 1:
        refuse_without_effect(values, SEARCH_FLAGS, "images with these")
        ends = draw_latents(generator.latents, 2, values.seed)
    else:
        found, names = search(generator, arguments[0], arguments[1:], values)
        if len(names) != 2:
            raise ConfigError(f"Expected two images. Received: {len(names)}")
        write_inversion(found, names, folder)
        ends = found.latents
    record = write_interpolation(generator, ends, folder, values.grid, values.method, label)
    print(
        f"{values.grid} images on {folder / run_layout.INTERPOLATION_SHEET}; the largest step is "
        f"{record['largest_jump']:.1f} times the mean one"
    )
    suggest_page(arguments[0], values)


def _between_classes(generator, folder, values, label):
    """Writes the way from one class to another, a row for each of some latents."""
    from tfgan_lab.runs.reading.class_sheets import ROWS, between_classes, write_rows
    from tfgan_lab.runs.reading.generation import draw_latents, label_of

    classes = label, label_of(generator, values.to_label)
    latents = draw_latents(generator.latents, ROWS, values.seed)
    rows = between_classes(generator, latents, classes, values.grid)
    path = write_rows(rows, folder / "class_interpolation.png")
    print(f"{values.grid} steps from class {classes[0]} to {classes[1]}, {ROWS} latents: {path}")
