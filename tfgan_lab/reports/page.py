"""The page of a run: settings, pictures over time, curves and figures in one HTML file."""

import contextlib
import pathlib

import jinja2
import numpy as np

from tfgan_lab.callbacks import NonFiniteError, TrainingInterrupted
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.files import read_json, write_atomically
from tfgan_lab.metrics.records import read_evaluations
from tfgan_lab.plots.curves import loss_curves
from tfgan_lab.reports.embedded import figure_uri, png_uri
from tfgan_lab.runs.directory import read_record

MOST_SNAPSHOTS = 12


def write_report(run_directory) -> pathlib.Path:
    """Writes ``report.html`` from what lies in a run directory, also of a run that is going on.

    The page holds its pictures in itself and needs no network.

    Args:
        run_directory: path with at least a ``config.json``.

    Returns:
        Path of the page.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: its ``config.json`` is damaged or none of ours.
    """
    run = pathlib.Path(run_directory)
    record = read_record(run)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tfgan_lab.reports"), autoescape=True, trim_blocks=True
    )
    log = read_log(run)
    page = environment.get_template("run.html.j2").render(
        name=run.resolve().name,
        settings=record["settings"],
        data=record["data"],
        session=record["sessions"][-1],
        num_sessions=len(record["sessions"]),
        last={name: values[-1] for name, values in log.items() if len(values)},
        curves=figure_uri(loss_curves(log)) if log and len(log["epoch"]) else None,
        samples=_named_pictures(run, ["data", "augmented"]),
        snapshots=_snapshots(run),
        maps=_last_maps(run),
        figures=_figures(run),
        evaluations=_latest_evaluations(run),
        translation=read_json(run / "translation.json")
        if (run / "translation.json").exists()
        else None,
    )
    path = run / "report.html"
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


def _snapshots(run):
    """The untrained generator's pictures, then at most ``MOST_SNAPSHOTS`` spread over time."""
    names = sorted(path.stem for path in (run / "snapshots").glob("epoch_*.png"))
    if len(names) > MOST_SNAPSHOTS:
        chosen = np.linspace(0, len(names) - 1, MOST_SNAPSHOTS).round().astype(int)
        names = [names[index] for index in chosen]
    return _named_pictures(run, ["untrained", *names])


def _latest_evaluations(run):
    """The last value of every measure in every feature space, of either generator."""
    latest = {}
    for entry in read_evaluations(run):
        if entry["value"] is not None:
            latest[entry["generator"], entry["metric"], entry["protocol"]["features"]] = entry
    return list(latest.values())


def _named_pictures(run, names):
    paths = {name: run / "snapshots" / f"{name}.png" for name in names}
    return [
        {"caption": _caption(name), "uri": png_uri(path.read_bytes())}
        for name, path in paths.items()
        if path.exists()
    ]


def _caption(name):
    if name.startswith("epoch_"):
        return f"after epoch {int(name.removeprefix('epoch_'))}"
    return {
        "data": "pictures of the data",
        "augmented": "a picture in each row, then variants of it that training may see",
        "untrained": "before training",
    }[name]


def _last_maps(run):
    path = max((run / "maps").glob("epoch_*.png"), default=None)
    if path is None:
        return None
    return {"caption": _caption(path.stem), "uri": png_uri(path.read_bytes())}


def _figures(run):
    index = run / "figures" / "index.json"
    if not index.exists():
        return []
    return [
        {"caption": entry["caption"], "uri": png_uri((index.parent / entry["file"]).read_bytes())}
        for entry in read_json(index)
        if (index.parent / entry["file"]).exists()
    ]
