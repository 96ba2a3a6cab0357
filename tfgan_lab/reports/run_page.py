"""The page of a run: verdict, images over time, curves and figures in one HTML file."""

import contextlib
import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks import NonFiniteError, TrainingInterrupted
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.console import duration
from tfgan_lab.diagnosis.verdict import Verdict
from tfgan_lab.files import read_json, sha256_of, write_atomically
from tfgan_lab.metrics.evaluation_records import read_evaluations
from tfgan_lab.metrics.readings import Readings, is_reading, of_released
from tfgan_lab.reports.embedded import png_uri
from tfgan_lab.reports.exhibits import exhibits
from tfgan_lab.reports.figures import read_figures
from tfgan_lab.reports.rendering import render
from tfgan_lab.reports.sliders import inversion_steps, inversion_table, time_lapse
from tfgan_lab.reports.training_curves import log_charts, metric_charts, reading_charts
from tfgan_lab.runs.training.directory import read_record
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
    run = pathlib.Path(run_directory)
    record = read_record(run)
    snapshots, inversion = run / run_layout.SNAPSHOTS, run / run_layout.INVERSION
    interpolation = run / run_layout.INTERPOLATION
    log, evaluations = read_log(run), read_evaluations(run)
    verdict, readings = _read_verdict(run)
    charts = [*log_charts(log), *metric_charts(evaluations), *reading_charts(readings)]
    last = {name: values[-1] for name, values in log.items() if len(values)}
    page = render(
        "run.html.j2",
        charts,
        title=run.resolve().name,
        verdict=verdict,
        verdict_kind=_kind(verdict),
        missing_modes=_png(run / run_layout.MISSING_MODES),
        settings=record["settings"],
        data=record["data"],
        last=last,
        time=duration(last["seconds"]) if last else "",
        released=Readings.of(evaluations).describe(int(last["images"])) if last else "",
        rollbacks=[describe_rollback(entry) for entry in record.get("rollbacks", [])],
        time_lapse=time_lapse(run),
        data_grid=_png(snapshots / run_layout.DATA),
        augmented=_png(snapshots / run_layout.AUGMENTED),
        evaluations=_latest_evaluations(evaluations),
        inversion=inversion_steps(inversion),
        inversion_table=inversion_table(inversion),
        inversion_is_earlier=_is_earlier(run, inversion / run_layout.INVERSION_NUMBERS),
        interpolation=_png(interpolation / run_layout.INTERPOLATION_SHEET),
        interpolation_is_earlier=_is_earlier(run, interpolation / run_layout.INTERPOLATION_NUMBERS),
        maps=_maps(run),
        translation=_translation(run),
        figures=read_figures(run),
        facts=_facts(record),
        **exhibits(run),
    )
    path = run / run_layout.REPORT
    write_atomically(path, page.encode())
    return path


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


def _read_verdict(run):
    path = run / run_layout.VERDICT
    if not path.exists():
        return None, []
    held = read_json(path)
    return Verdict(**held["verdict"]), held["readings"]


def _kind(verdict):
    if verdict is None or verdict.name == "too_early":
        return "open"
    return "failing" if verdict.is_failure else "healthy"


def _latest_evaluations(evaluations):
    """The last value of every measure in every feature space, of either generator, as a table."""
    latest = {}
    of_last = [each for each in evaluations if _is_of_last(each)]
    for entry in [*of_released(evaluations), *of_last]:
        if entry["value"] is not None:
            latest[_is_of_last(entry), entry["metric"], entry["protocol"]["features"]] = entry
    if not latest:
        return []
    heads = ["measure", "value", "± error", "real against real", "good is", "features"]
    heads += ["real, generated", "epoch"]
    return [heads, *(_evaluation_row(entry, key[0]) for key, entry in latest.items())]


def _is_of_last(entry):
    return entry["generator"] == run_layout.LAST_GENERATOR and not is_reading(entry)


def _evaluation_row(entry, is_of_last):
    error, baseline = entry["standard_error"], entry["real_baseline"]
    return [
        entry["metric"] + (" of the last" if is_of_last else ""),
        f"{entry['value']:.4g}",
        "" if error is None else f"{error:.2g}",
        "" if baseline is None else f"{baseline:.4g}",
        entry["better"],
        entry["protocol"]["features"],
        f"{entry['counts']['real']}, {entry['counts']['fake']}",
        entry["epoch"],
    ]


def _is_earlier(run, path):
    """Whether a result says that it is of another generator than the one that is released."""
    generator = run / run_layout.GENERATOR
    if not path.exists() or not generator.exists():
        return False
    held = read_json(path)
    marked = held[0] if isinstance(held, list) and held else held
    mark = marked.get("generator_sha256") if isinstance(marked, dict) else None
    return mark is not None and mark != sha256_of(generator)


def _maps(run):
    """The last epoch's, and the sheet that was drawn on demand, each where there is one."""
    sheets = []
    path = max((run / run_layout.MAPS).glob(run_layout.EPOCH_SHEETS), default=None)
    if path is not None:
        caption = f"after epoch {run_layout.epoch_of(path)}"
        sheets.append({"caption": caption, "uri": _png(path)})
    path = run / run_layout.MAPS / run_layout.DISCRIMINATOR_MAPS
    if path.exists():
        caption = "of the checkpoint that was newest when they were asked for"
        sheets.append({"caption": caption, "uri": _png(path)})
    return sheets


def _translation(run):
    path = run / run_layout.TRANSLATION
    return read_json(path) if path.exists() else None


def _facts(record):
    session = record["sessions"][-1]
    facts = [(name, _written(value)) for name, value in record["settings"].items()]
    facts.append(("command", " ".join(session["command"])))
    facts.append(("sessions", f"{len(record['sessions'])}, the last from {session['began']}"))
    return facts + list(session["versions"].items())


def _written(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _png(path):
    return png_uri(path.read_bytes()) if path.exists() else None
