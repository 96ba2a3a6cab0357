"""The page of a comparison: what runs reached, what differs, curves, the same latents."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.files import write_atomically
from tfgan_lab.plots.comparisons import compared_curves
from tfgan_lab.plots.rows import image_rows
from tfgan_lab.reports.figures import FigureFolder, read_figures
from tfgan_lab.reports.rendering import render
from tfgan_lab.reports.training_curves import compared_charts
from tfgan_lab.runs.reading.run_comparison import differences, doubts, read_runs, rows, same_inputs

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
    _add_samples(figures, runs, count, seed)
    charts = _add_curves(figures, runs)
    figures.write_index()
    heads, lines = rows(runs)
    differing = differences(runs)
    difference_heads = ["", *(run.name for run in runs)]
    difference_lines = [[name, *map(str, values)] for name, values in differing.items()]
    sentences = doubts(runs)
    markdown = [*_markdown(heads, lines), "", "## What differs", ""]
    markdown += _markdown(difference_heads, difference_lines) if differing else ["Nothing."]
    markdown += [f"\nNote: {sentence}" for sentence in sentences]
    text = "\n".join(markdown) + "\n"
    write_atomically(folder / run_layout.COMPARISON_TABLE, text.encode())
    page = render(
        "comparison.html.j2",
        charts=charts,
        title=f"{len(runs)} runs compared",
        table=[heads, *lines],
        differences=[difference_heads, *difference_lines] if differing else [],
        doubts=sentences,
        # The curves are on the page as what one can hover.
        figures=[each for each in read_figures(folder) if each["file"] == f"{SAMPLES}.png"],
    )
    path = folder / run_layout.COMPARISON_PAGE
    write_atomically(path, page.encode())
    return path


def _add_samples(figures, runs, count, seed):
    images = same_inputs(runs, count, seed)
    if images:
        caption = f"Images of every run from the same latents, those of seed {seed}."
        if runs[0].translates:
            caption = "The same images of each domain, and what every run makes of them."
        figures.add(SAMPLES, image_rows(images), caption)


def _add_curves(figures, runs):
    """Draws the curves as files to be put into a text; returns them as charts for the page."""
    charts, logs = [], {run.name: run.log for run in runs if run.log}
    if logs:
        figures.add(
            "losses",
            compared_curves(logs, LOGGED),
            "Losses and mean logits over training images.",
        )
        charts += compared_charts(logs, LOGGED)
    metrics = dict.fromkeys(
        each["metric"]
        for run in runs
        for each in run.evaluations
        if each.get("during_training") and each["value"] is not None
    )
    for metric in metrics:
        histories = {run.name: run.history(metric) for run in runs}
        histories = {name: history for name, history in histories.items() if history}
        figures.add(
            f"measured_{metric}",
            compared_curves(histories, [metric]),
            f"{metric} while training, each against the run's own images.",
        )
        charts += compared_charts(histories, [metric])
    return charts


def _markdown(heads, lines):
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *lines)]
