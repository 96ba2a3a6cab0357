"""The verb ``inspect``: what is in a folder of images, or in another source."""

from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.shared_flags import define_flag
from tfgan_lab.command_line.source_flags import define_source_flags, source_from_flags, source_words
from tfgan_lab.console import progress, suggest

USAGE = """usage: tfgan-lab inspect SOURCE... [--image_size=64] [--figures [--output=FOLDER]]

Says what is in a folder of images, or in an .npz, idx or TFRecord file (or --tfds_name or
--drawn): every file that can't be used and why, duplicates, very small ones, sizes and modes; and
what training would do with the rest. --figures draws them: their pixels' mean, extremes and spread,
near-duplicates, the ones farthest from the rest, histograms. Several sources are inspected
together, as the domains of a translator."""

NEEDS_TENSORFLOW = False


def define_flags(values):
    """Defines the verb's flags."""
    define_source_flags(values)
    define_flag(values, "json", False, "print JSON instead of text")
    define_flag(values, "figures", False, "draw figures, too")
    define_flag(values, "output", "inspection", "folder that gets figures/ with --figures")


def run(arguments, values):
    """Prints the inspection; draws the figures."""
    import json

    from tfgan_lab.data.inspection import inspect_source
    from tfgan_lab.data.sources import ProgressSource

    if not values.figures:
        refuse_without_effect(values, ["output"], "--figures with --output")
    source = source_from_flags(arguments, values, several=True)
    statistics = None
    if values.figures:
        from tfgan_lab.data.statistics import Statistics

        statistics = Statistics(values.image_size)
    with progress("Inspecting", unit=f"{source.noun}s") as update:
        inspection = inspect_source(
            ProgressSource(source, update), image_size=values.image_size, statistics=statistics
        )
    print(json.dumps(inspection.to_dict(), indent=2) if values.json else inspection.describe())
    if statistics is not None:
        from tfgan_lab.reports import draw_exploration, write_gallery

        folder = draw_exploration(source, statistics, values.output)
        page = write_gallery(folder.parent)
        if not values.json:
            print(f"\nFigures are in {folder}, all of them on {page}.")
    if not values.json and len(inspection.usable) > 1:
        command = "tfgan-lab train" if len(arguments) < 2 else "python -m experiments.translation"
        suggest(f"{command} {source_words(arguments, values)} --run_dir=runs/first")
