"""Report R2 with classes: its network beside one that works, at the same number of images."""

import dataclasses
import pathlib

from experiments.comparison import available_request, by_metric, described, write_results
from tfgan_lab import run_layout
from tfgan_lab.command_line.flags import config_from_flags
from tfgan_lab.files import read_json
from tfgan_lab.markdown import number, table_lines
from tfgan_lab.runs.settings.validity import ConfigError

PRESETS = ("r2-conditional", "small-data")
LATENTS = 8  # shown in every class
STEPS = 8  # from one class to another

# Two more halvings bring 256 pixels to where 64 end.
WIDTHS_256 = {
    "generator_widths": (512, 512, 256, 128, 64, 32),
    "discriminator_widths": (32, 64, 128, 256, 512, 512),
}


def run_conditional(values):
    """Trains both networks, measures every class, and writes ``conditional.md`` and the figures.

    Args:
        values: parsed flags of ``experiments.cars``.
    """
    if values["preset"].present:
        raise ConfigError("Expected no --preset with --conditional: both are compared")
    folder = pathlib.Path(values.run_dir)
    configs = [_config(values, preset, folder) for preset in PRESETS]
    if described(values, configs):
        return
    request = available_request(values)
    rows = {
        config.preset: train_and_measure(config, request, values.overwrite) for config in configs
    }
    print(write_results(folder, "conditional", lines_of(rows), rows))


def _config(values, preset, folder):
    defaults = {"drawn": "vehicles", "images": "200k"}
    if values["num_drawn"].value is None and not (values.data_dir or values.tfds_name):
        defaults["num_drawn"] = 2000
    if values["epochs"].present:
        del defaults["images"]
    if preset == "r2-conditional" and values.image_size == 256:
        defaults |= WIDTHS_256
    config = config_from_flags(values, preset=preset, **defaults)
    return dataclasses.replace(config, run_dir=str(folder / preset))


def train_and_measure(config, request, overwrite) -> dict:
    """Trains one network and measures it as a whole and class by class.

    Args:
        config: ``RunConfig``.
        request: what to measure, a ``tfgan_lab.runs.Request``.
        overwrite: whether to start over.

    Returns:
        Dict with ``evaluations`` (dicts as in ``metrics.json``), ``classes`` (as
        ``classes.json``), ``read`` (share of drawn types read as conditioned on, or ``None``),
        ``images`` and ``seconds``.
    """
    from tfgan_lab.callbacks.csv_log import read_log
    from tfgan_lab.reports.figures import draw_evaluation
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import open_run, train

    print(f"{config.preset}, in {config.run_dir}.")
    with reported(config.run_dir):
        train(config, overwrite=overwrite)
        run = open_run(config.run_dir)
        evaluations = run.evaluate(request)
        print(run.describe_evaluation(evaluations))
        draw_evaluation(run)
        generator = run.generator()
        draw_figures(config, generator)
    log = read_log(config.run_dir)
    return {
        "evaluations": [each.to_dict() for each in evaluations],
        "classes": read_json(pathlib.Path(config.run_dir) / run_layout.CLASSES),
        "read": read_types(generator)[0] if config.drawn == "vehicles" else None,
        "images": int(log["images"][-1]),
        "seconds": float(log["seconds"][-1]),
    }


def read_types(generator, count=50):
    """Reads body types off generated vehicles.

    Args:
        generator: ``LatentGenerator`` of drawn vehicles' eight classes, from 32 to 256 pixels.
        count: int, images of each class.

    Returns:
        Share of images whose type is the one conditioned on, and the median distance from a
        vehicle, see ``tfgan_lab.data.drawn.vehicles.read_body_types``; ``None`` twice for smaller
        images.
    """
    import numpy as np

    from tfgan_lab.data.drawn.vehicles import read_body_types
    from tfgan_lab.runs.reading.generation import draw_latents

    if generator.image_shape[0] < 32:
        return None, None
    labels = np.repeat(np.arange(generator.num_classes), count)
    images = generator.generate(draw_latents(generator.latents, len(labels), seed=1), labels)
    types, distances = read_body_types(images, return_distances=True)
    return float((types == labels).mean()), float(np.median(distances))


def draw_figures(config, generator):
    """Draws the same latents in every class, and the way from the first class to the last.

    Args:
        config: the run's ``RunConfig``.
        generator: its ``LatentGenerator``.
    """
    from tfgan_lab.plots import image_grid
    from tfgan_lab.reports.figures import FigureFolder
    from tfgan_lab.runs.reading.class_sheets import between_classes, every_class
    from tfgan_lab.runs.reading.generation import draw_latents

    latents = draw_latents(generator.latents, LATENTS)
    rows = every_class(generator, latents)
    figures = FigureFolder(config.run_dir, keep=True)
    names = [name if column == 0 else "" for name in generator.class_names
             for column in range(LATENTS)]  # fmt: skip
    figures.add(
        "fig_every_class",
        image_grid(rows.reshape(-1, *rows.shape[2:]), columns=LATENTS, labels=names, inches=1),
        "A row for each class; in a column, the latents are the same.",
    )
    ends = 0, generator.num_classes - 1
    ways = between_classes(generator, latents[:4], ends, STEPS)
    first, last = (generator.class_names[end] for end in ends)
    figures.add(
        "fig_class_interpolation",
        image_grid(ways.reshape(-1, *ways.shape[2:]), columns=STEPS, inches=1),
        f"From {first} to {last}, a row for each of four latents.",
    )
    figures.write_index()


def lines_of(rows) -> list:
    """The table of both networks, in Markdown.

    Args:
        rows: dict of preset to what ``train_and_measure`` returned.
    """
    heads = ["network", "class accuracy", "worst class", "types read", "KID", "FID", "IS",
             "images seen", "minutes"]  # fmt: skip
    table = []
    for preset, row in rows.items():
        measured, classes = by_metric(row), row["classes"]
        accuracies = classes["class_accuracies"]
        worst = min(range(len(accuracies)), key=accuracies.__getitem__)
        table.append([
            preset,
            f"{classes['accuracy']:.3f}",
            f"{classes['class_names'][worst]} {accuracies[worst]:.3f}",
            number(row["read"]),
            *(number(measured.get(name)) for name in ("kid", "fid", "inception_score")),
            f"{row['images']:,}",
            f"{row['seconds'] / 60:.1f}",
        ])  # fmt: skip
    first = next(iter(rows.values()))
    protocol = first["evaluations"][0]["protocol"]
    return table_lines(heads, table) + [
        f"\nFeatures: {protocol['features']}, {protocol['resizer']}. Classes are told by a "
        f"{first['classes']['classifier']}. After 9 epochs the report had FID 109.365, IS 1.00, "
        "and noise in all eight classes."
    ]
