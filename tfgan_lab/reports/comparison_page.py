"""The page of a comparison: what runs reached, what differs, curves, the same latents."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.files import write_atomically
from tfgan_lab.markdown import table_lines
from tfgan_lab.plots.comparisons import compared_curves
from tfgan_lab.plots.rows import image_rows
from tfgan_lab.reports.figures import FigureFolder, read_figures
from tfgan_lab.reports.rendering import write_page
from tfgan_lab.reports.training_curves import compared_charts
from tfgan_lab.runs.reading.run_comparison import (
    difference_table,
    doubts,
    read_runs,
    result_table,
)

SAMPLES = "samples"
LOGGED = (
    "generator_loss",
    "discriminator_loss",
    "real_logits",
    "fake_logits",
    "cycle_loss",
    "reconstruction_loss",
)


def write_comparison(paths, folder, count=8, seed=0) -> pathlib.Path:
    """Writes the comparison of runs: ``comparison.html``, ``comparison.md`` and ``figures``.

    Args:
        paths: of run directories, at least two, or of a sweep.
        folder: where to write.
        count: int from 1, images of every run, all from the same latents.
        seed: int, key of the latents.

    Returns:
        Path of the page, which holds its images in itself.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: fewer than two runs, or a damaged file.
    """
    folder = pathlib.Path(folder)
    runs = read_runs(paths)
    figures = FigureFolder(folder)
    images, caption = next(iter(runs.values())).side_by_side(runs, count, seed)
    if images:
        figures.add(SAMPLES, image_rows(images), caption)
    charts = _add_curves(figures, runs)
    figures.write_index()
    results, differences = result_table(runs), difference_table(runs)
    sentences = doubts(runs)
    lines = [*table_lines(results[0], results[1:]), "", "## What differs", ""]
    lines += table_lines(differences[0], differences[1:]) if len(differences) > 1 else ["Nothing."]
    lines += [f"\nNote: {sentence}" for sentence in sentences]
    text = "\n".join(lines) + "\n"
    write_atomically(folder / run_layout.COMPARISON_TABLE, text.encode())
    return write_page(
        folder / run_layout.COMPARISON_PAGE,
        "comparison.html.j2",
        charts,
        title=f"{len(runs)} runs compared",
        table=results,
        differences=differences[1:] and differences,
        doubts=sentences,
        # The curves are on the page as what one can hover.
        figures=[each for each in read_figures(folder) if each["file"] == f"{SAMPLES}.png"],
    )


def _add_curves(figures, runs):
    """Draws the curves as files to be put into a text; returns them as charts for the page."""
    charts, logs = [], {name: log for name, run in runs.items() for log in [run.log()] if log}
    if logs:
        caption = "Losses and mean logits over training images."
        figures.add("losses", compared_curves(logs, LOGGED), caption)
        charts += compared_charts(logs, LOGGED)
    histories = {name: run.histories() for name, run in runs.items()}
    for metric in dict.fromkeys(metric for each in histories.values() for metric in each):
        curves = {
            name: {quantity: [entry[key] for entry in each[metric]]
                   for quantity, key in [("images", "images"), (metric, "value")]}
            for name, each in histories.items()
            if metric in each
        }  # fmt: skip
        figures.add(
            f"measured_{metric}",
            compared_curves(curves, [metric]),
            f"{metric} while training, each against the run's own images.",
        )
        charts += compared_charts(curves, [metric])
    return charts
