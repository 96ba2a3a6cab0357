"""The page of a run: verdict, images over time, curves and figures in one HTML file."""

import contextlib
import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks import NonFiniteError, TrainingInterrupted
from tfgan_lab.console import duration
from tfgan_lab.files import read_json, sha256_of
from tfgan_lab.reports.embedded import png_uri
from tfgan_lab.reports.exhibits import exhibits
from tfgan_lab.reports.figures import read_figures
from tfgan_lab.reports.rendering import write_page
from tfgan_lab.reports.sliders import inversion_steps, inversion_table, time_lapse
from tfgan_lab.reports.training_curves import log_charts, metric_charts, reading_charts
from tfgan_lab.runs.reading.opening import open_run
from tfgan_lab.runs.training.rollback import describe_rollback


def write_report(run_directory) -> pathlib.Path:
    """Writes ``report.html`` from what lies in a run directory, also of a run in progress.

    The page holds its images and charts in itself and needs no network. Where the run has a
    released generator and its images can still be read, it shows both side by side, and the
    training images that generated ones come nearest to.

    Args:
        run_directory: path with at least a ``config.json``.

    Returns:
        Path of the page.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: its ``config.json`` is damaged, or not written by tfgan_lab.
    """
    run = open_run(run_directory)
    path, log, readings, verdict = run.path, run.log(), run.readings(), run.verdict()
    last = {name: values[-1] for name, values in log.items() if len(values)}
    snapshots = path / run_layout.SNAPSHOTS
    inversion, interpolation = path / run_layout.INVERSION, path / run_layout.INTERPOLATION
    return write_page(
        path / run_layout.REPORT,
        "run.html.j2",
        [
            *log_charts(log),
            *metric_charts(run.histories(), readings.released),
            *reading_charts(run.signals()),
        ],
        title=path.resolve().name,
        verdict=verdict,
        verdict_kind=_kind(verdict),
        missing_modes=png_uri(path / run_layout.MISSING_MODES),
        settings=run.record["settings"],
        data=run.record["data"],
        last=last,
        time=duration(last["seconds"]) if last else "",
        released=readings.describe(int(last["images"])) if last else "",
        rollbacks=[describe_rollback(entry) for entry in run.rollbacks],
        time_lapse=time_lapse(path),
        data_grid=png_uri(snapshots / run_layout.DATA),
        augmented=png_uri(snapshots / run_layout.AUGMENTED),
        inversion=inversion_steps(inversion),
        inversion_table=inversion_table(inversion),
        inversion_is_earlier=_is_earlier(path, inversion / run_layout.INVERSION_NUMBERS),
        interpolation=png_uri(interpolation / run_layout.INTERPOLATION_SHEET),
        interpolation_is_earlier=_is_earlier(
            path, interpolation / run_layout.INTERPOLATION_NUMBERS
        ),
        maps=_maps(path / run_layout.MAPS),
        measures=run.measure_tables(),
        figures=read_figures(path),
        facts=_facts(run.record),
        **exhibits(run),
    )


@contextlib.contextmanager
def reported(run_directory):
    """Writes the page when training within the block ends, also when it was stopped.

    Args:
        run_directory: path; may not exist yet.
    """
    try:
        yield
    except (NonFiniteError, TrainingInterrupted):
        write_report(run_directory)
        raise
    write_report(run_directory)


def _kind(verdict):
    if verdict is None or verdict.name == "too_early":
        return "open"
    return "failing" if verdict.is_failure else "healthy"


def _is_earlier(run, path):
    """Whether a result says that it is of another generator than the one that is released."""
    generator = run / run_layout.GENERATOR
    if not path.exists() or not generator.exists():
        return False
    held = read_json(path)
    marked = held[0] if isinstance(held, list) and held else held
    mark = marked.get("generator_sha256") if isinstance(marked, dict) else None
    return mark is not None and mark != sha256_of(generator)


def _maps(folder):
    """The last epoch's, and the sheet that was drawn on demand, each where there is one."""
    last = max(folder.glob(run_layout.EPOCH_SHEETS), default=None)
    captions = {last: f"after epoch {run_layout.epoch_of(last)}"} if last else {}
    captions[folder / run_layout.DISCRIMINATOR_MAPS] = (
        "of the checkpoint that was newest when they were asked for"
    )
    sheets = [{"caption": caption, "uri": png_uri(path)} for path, caption in captions.items()]
    return [sheet for sheet in sheets if sheet["uri"]]


def _facts(record):
    session = record["sessions"][-1]
    facts = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in record["settings"].items()
    }
    facts["command"] = " ".join(session["command"])
    facts["sessions"] = f"{len(record['sessions'])}, the last from {session['began']}"
    return facts | session["versions"]
