"""The measures of a translator's run: as a table, as JSON, and a figure of translations."""

import pathlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.translation_snapshots import translation_rows
from tfgan_lab.console import progress
from tfgan_lab.files import write_json
from tfgan_lab.plots.grids import image_grid
from tfgan_lab.reports.figures import FigureFolder
from tfgan_lab.runs.reading.translation_measures import measure_run
from tfgan_lab.runs.reading.translator import open_translator, translation_record
from tfgan_lab.runs.settings.translation_config import TranslationConfig
from tfgan_lab.runs.training.run_domains import by_domain, load_domains

ROWS = 4  # of a figure, of each domain


def write_measures(run_dir, images=None, **options) -> str:
    """Measures a translator's run, and writes ``translation.json`` and a figure of translations.

    Args:
        run_dir: path of the run.
        images: what ``load_domains`` returned for its configuration, if it was called already.
        **options: of ``measure_run``.

    Returns:
        The table as text.

    Raises:
        ConfigError: see ``measure_run``.
    """
    config = TranslationConfig.of_record(translation_record(run_dir))
    images = images or load_domains(config)
    with progress("Evaluating", unit="directions") as update:
        measures = measure_run(run_dir, images=images, progress=update, **options)
    write_json(pathlib.Path(run_dir) / run_layout.TRANSLATION, measures)
    _draw(run_dir, images)
    return table(measures)


def table(measures) -> str:
    """The measures of every direction, side by side, and what they mean.

    Args:
        measures: what ``measure_run`` returned.
    """
    lines = []
    if "factors" in measures:
        lines.append(
            f"{'direction':<22}{'as asked':>9}{'reader':>8}{'other kept':>12}{'outside':>9}"
            f"{'another':>9}{'inside':>8}{'before':>8}"
        )
        for row in measures["factors"]:
            lines.append(
                f"{_direction(row):<22}{row['asked']:>9.1%}{row['reader']:>8.1%}"
                f"{row['other_kept']:>12.1%}{row['outside_error']:>9.1f}{row['outside_other']:>9.1f}"
                f"{row['inside_error']:>8.1f}{row['inside_before']:>8.1f}"
            )
        lines.append(
            f"{measures['factors'][0]['count']} unseen scenes each. as asked: the target is read; "
            "reader: drawn images read right; outside: difference from what went in, of 255, "
            "where nothing should change, and another image's; inside: difference from what "
            "should have come out, and what went in has.\n"
        )
    lines.append(
        f"{'direction':<22}{'KID before':>12}{'after':>12}{'± error':>10}{'real against real':>19}"
    )
    for row in measures["kid"]:
        after, before = row["after"], row["before"]
        error, baseline = (
            "" if after[name] is None else f"{after[name]:.2g}"
            for name in ("standard_error", "real_baseline")
        )
        lines.append(
            f"{_direction(row):<22}{before['value']:>12.4g}{after['value']:>12.4g}{error:>10}"
            f"{baseline:>19}"
        )
    after = measures["kid"][0]["after"]
    lines.append(f"Features: {after['protocol']['features']}.")
    return "\n".join([*lines, *(f"Note: {warning}" for warning in after["warnings"])])


def _direction(row):
    return f"{row['source']} to {row['target']}"


def _draw(run_dir, images):
    generator = open_translator(run_dir).generator
    names = images.class_names
    shown, labels = [], []
    for number, domain in enumerate(by_domain(images)):
        shown.append(translation_rows(generator, domain.sample(ROWS), number))
        rows = len(shown[-1]) // (len(names) + 2)
        labels += [names[number], *(f"to {name}" for name in names), "and back"] * rows
    figure = image_grid(np.concatenate(shown), columns=len(names) + 2, labels=labels, inches=1.1)
    figures = FigureFolder(run_dir, keep=True)
    figures.add(
        "translations",
        figure,
        f"Images of each domain, their translations to {', '.join(names)}, and what comes back "
        "from the next domain.",
    )
    figures.write_index()
