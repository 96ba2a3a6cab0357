"""Runs compared side by side: what they reached, and what differs between them."""

import dataclasses
import os
import pathlib

from tfgan_lab import run_layout
from tfgan_lab.files import read_json
from tfgan_lab.markdown import number
from tfgan_lab.runs.reading.opening import open_run
from tfgan_lab.runs.settings.validity import ConfigError


def read_runs(paths) -> dict:
    """Opens runs, complete or in progress.

    Args:
        paths: of run directories. The folder of a sweep stands for those of its runs that did not
            fail.

    Returns:
        Dict of a run's name, its path without what all of them have in common, to what
        ``open_run`` returns.

    Raises:
        FileNotFoundError: there is no run.
        ConfigError: fewer than two runs, one given twice, or runs of two kinds.
    """
    found = {str(path): _runs_of(pathlib.Path(path)) for path in paths}
    expanded = [path.resolve() for each in paths for path in found[str(each)]]
    if len(expanded) < 2 or len(set(expanded)) < len(expanded):
        received = [
            path if runs == [pathlib.Path(path)] else f"{path}, which has {len(runs)}"
            for path, runs in found.items()
        ]
        raise ConfigError(
            "Expected two run directories or more, each once, or the folder of a sweep. "
            f"Received: {', '.join(received) or 'none'}"
        )
    parent = os.path.commonpath([path.parent for path in expanded])
    runs = {str(path.relative_to(parent)): open_run(path) for path in expanded}
    if len(set(map(type, runs.values()))) > 1:
        named = (f"{name}, {run.CONFIG.KIND}" for name, run in runs.items())
        raise ConfigError(f"Expected runs of one kind. Received: {'; '.join(named)}")
    return runs


def _runs_of(path):
    """A run directory itself; of the folder of a sweep the runs that are done."""
    sweep = path / run_layout.SWEEP_RECORD
    if sweep.exists():
        done = [run for run in read_json(sweep)["runs"] if run["status"] == "done"]
        # The sweep may have been moved since; its runs lie where they lay within it.
        places = [path.joinpath(*pathlib.Path(run["run_dir"]).parts[-2:]) for run in done]
        return [place for place in places if (place / run_layout.CONFIG).exists()]
    if (path / run_layout.CONFIG).exists():
        return [path]
    # A comparison that no sweep made, or a sweep before the end of its first run.
    return sorted(place.parent for place in path.glob(f"*/seed_*/{run_layout.CONFIG}")) or [path]


def difference_table(runs) -> list:
    """What differs between runs: settings, images, what a rollback changed, versions, machine.

    Args:
        runs: what ``read_runs`` returned.

    Returns:
        List of lists of str, a column a run, their names first; no rows where nothing differs.
    """
    opened = list(runs.values())
    columns = {
        field.name: [_plain(run.settings.get(field.name, field.default)) for run in opened]
        for field in dataclasses.fields(opened[0].CONFIG)
        if field.name != "run_dir"
    }
    data = [run.record["data"] for run in opened]
    columns["number of images"] = [each.get("num_images") for each in data]
    if not _saw_the_same(opened):
        columns["images (SHA-256)"] = [str(each.get("fingerprint", ""))[:8] for each in data]
    columns["rollbacks"] = [len(run.rollbacks) for run in opened]
    last = [run.record["sessions"][-1] for run in opened]
    for group in ("versions", "machine"):
        for name in dict.fromkeys(name for session in last for name in session.get(group, {})):
            columns[name.replace("_", " ")] = [
                _plain(session.get(group, {}).get(name)) for session in last
            ]
    rows = [[name, *map(str, values)] for name, values in columns.items()]
    return [["", *runs], *(row for row in rows if len(set(row[1:])) > 1)]


def result_table(runs) -> list:
    """What runs reached: a row a run, heads first.

    Args:
        runs: what ``read_runs`` returned.
    """
    values = {name: _values(run) for name, run in runs.items()}
    measures = list(dict.fromkeys(key for each in values.values() for key in each))
    spaces = {features for _, features in measures}
    losses = {"generator loss": "generator_loss", "discriminator loss": "discriminator_loss"}
    heads = ["run", "epochs", "images", "minutes", *losses, "verdict"]
    heads += [metric if len(spaces) == 1 else f"{metric} ({space})" for metric, space in measures]
    table = [heads]
    for name, run in runs.items():
        last = {column: values[-1] for column, values in run.log().items() if len(values)}
        verdict = run.verdict()
        table.append(
            [
                name,
                f"{last['epoch']:.0f}" if last else "0",
                f"{last['images']:,.0f}" if last else "0",
                f"{last['seconds'] / 60:.1f}" if last else "–",
                *(number(last.get(column)) for column in losses.values()),
                verdict.name.replace("_", " ") if verdict else "–",
                *(number(values[name].get(key)) for key in measures),
            ]
        )
    return table


def doubts(runs) -> list:
    """What must not be read into the table, as sentences.

    Args:
        runs: what ``read_runs`` returned.
    """
    sentences = []
    if not _saw_the_same(runs.values()):
        sentences.append(
            "Not all runs saw the same images: a distance is to a run's own images, and those "
            "of different ones can't be compared."
        )
    counts, earlier_ones, ends = {}, [], set()
    for name, run in runs.items():
        end = run.log_row().get("images", 0)
        entries = run.evaluations()
        for entry in entries:
            measure = entry["metric"], entry["protocol"]["features"]
            counts.setdefault(measure, set()).add(str(entry["counts"]))
        earlier = [entry["metric"] for entry in entries if entry.get("images", end) < end]
        if earlier:
            earlier_ones.append(f"{name} was measured before its end: {', '.join(earlier)}.")
        ends |= {int(seen[-1]) for seen in [run.log().get("images", ())] if len(seen)}
    sentences += [
        f"{metric} was taken on different numbers of images."
        for (metric, _), taken in counts.items()
        if len(taken) > 1
    ]
    sentences += earlier_ones
    if len(ends) > 1:
        sentences.append("Not all runs saw equally many training images.")
    return sentences


def _values(run):
    return {
        (entry["metric"], entry["protocol"]["features"]): entry["value"]
        for entry in run.evaluations()
    }


def _saw_the_same(runs):
    """Whether all were trained on the same images."""
    # A translator's model decides in which order they are fingerprinted.
    marks = {(run.settings.get("model"), run.record["data"].get("fingerprint")) for run in runs}
    counts = {run.record["data"].get("num_images") for run in runs}
    return len(counts) == 1 and len(marks) == len({model for model, _ in marks})


def _plain(value):
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value
