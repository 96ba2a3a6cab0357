"""Runs compared side by side: what they reached, and what differs between them."""

import dataclasses
import os
import pathlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.files import read_json
from tfgan_lab.metrics.evaluation_records import read_evaluations
from tfgan_lab.metrics.readings import Readings, of_released
from tfgan_lab.runs.reading.generation import draw_latents, open_generator
from tfgan_lab.runs.reading.translation_comparison import read_translation_measures, same_images
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.translation_config import TranslationConfig
from tfgan_lab.runs.training.directory import read_record


@dataclasses.dataclass(frozen=True)
class ComparedRun:
    """What a run directory tells.

    Args:
        name: str, its path without what all compared runs have in common.
        path: ``pathlib.Path``.
        record: dict, its ``config.json``.
        log: dict of column to array; empty before the first epoch.
        evaluations: list of dicts, its ``metrics.json``; a translator's measures in that form.
        verdict: str, or empty where nothing was diagnosed.
    """

    name: str
    path: pathlib.Path
    record: dict
    log: dict
    evaluations: list
    verdict: str

    @property
    def translates(self) -> bool:
        """Whether it is the run of a translator."""
        return TranslationConfig.MARK in self.record["settings"]

    def latest(self) -> dict:
        """The last value of every measure, by (metric, features), of the released generator."""
        return {name: each["value"] for name, each in self.latest_entries().items()}

    def latest_entries(self) -> dict:
        """The evaluations that ``latest`` has the values of."""
        return {
            (each["metric"], each["protocol"]["features"]): each
            for each in of_released(self.evaluations)
            if each["value"] is not None
        }

    @property
    def released(self) -> dict | None:
        """The reading of the released generator, where one was chosen while training."""
        return Readings.of(self.evaluations).released

    def history(self, metric) -> dict:
        """The values of a measure while training: arrays ``images`` and the metric's name.

        Args:
            metric: str.
        """
        taken = [
            (each["images"], each["value"])
            for each in self.evaluations
            if each["metric"] == metric
            and each.get("during_training")
            and each["value"] is not None
        ]
        columns = np.array(taken, float).reshape(-1, 2).T
        return {"images": columns[0], metric: columns[1]} if taken else {}


def read_runs(paths) -> list:
    """Reads runs, complete or in progress.

    Args:
        paths: of run directories. The folder of a sweep stands for those of its runs that did not
            fail.

    Returns:
        List of ``ComparedRun``.

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
    runs = [_read(path, str(path.relative_to(parent))) for path in expanded]
    if len({run.translates for run in runs}) > 1:
        kinds = [TranslationConfig.KIND if run.translates else RunConfig.KIND for run in runs]
        named = (f"{run.name}, {kind}" for run, kind in zip(runs, kinds, strict=True))
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


def differences(runs) -> dict:
    """What differs between runs: settings, images, what a rollback changed, versions, machine.

    Args:
        runs: list of ``ComparedRun``.

    Returns:
        Dict of what it is called to a list of values, one a run.

    Example:
        >>> records = [{"settings": {"beta_1": beta}, "data": {}, "sessions": [{}]}
        ...            for beta in (0.0, 0.5)]
        >>> differences([ComparedRun("", None, record, {}, [], "") for record in records])
        {'beta_1': [0.0, 0.5]}
    """
    config = TranslationConfig if runs[0].translates else RunConfig
    defaults = {field.name: field.default for field in dataclasses.fields(config)}
    settings = [_settings_at_the_end(run.record) for run in runs]
    columns = {
        name: [_plain(each.get(name, default)) for each in settings]
        for name, default in defaults.items()
        if name != "run_dir"
    }
    columns["number of images"] = [run.record["data"].get("num_images") for run in runs]
    if not _saw_the_same(runs):
        columns["images (SHA-256)"] = [
            str(run.record["data"].get("fingerprint", ""))[:8] for run in runs
        ]
    columns["rollbacks"] = [len(run.record.get("rollbacks", [])) for run in runs]
    last = [run.record["sessions"][-1] for run in runs]
    for group in ("versions", "machine"):
        names = dict.fromkeys(name for session in last for name in session.get(group, {}))
        for name in names:
            columns[name.replace("_", " ")] = [_plain(each.get(group, {}).get(name))
                                               for each in last]  # fmt: skip
    return {name: values for name, values in columns.items() if len(set(map(str, values))) > 1}


def _saw_the_same(runs):
    """Whether all were trained on the same images."""
    # A translator's model decides in which order they are fingerprinted.
    marks = {
        (run.record["settings"].get("model"), run.record["data"].get("fingerprint")) for run in runs
    }
    counts = {run.record["data"].get("num_images") for run in runs}
    return len(counts) == 1 and len(marks) == len({model for model, _ in marks})


def _settings_at_the_end(record):
    """What a run was started with, and what it changed itself."""
    settings = dict(record["settings"])
    for entry in record.get("rollbacks", []):
        settings |= {name: new for name, (_, new) in entry["changes"].items()}
    return settings


def rows(runs) -> tuple:
    """The table of what runs reached.

    Args:
        runs: list of ``ComparedRun``.

    Returns:
        List of heads, and list of lists of text, a row a run.
    """
    measures = list(dict.fromkeys(key for run in runs for key in run.latest()))
    spaces = {features for _, features in measures}
    heads = ["run", "epochs", "images", "minutes", "generator loss", "discriminator loss"]
    heads += ["verdict"]
    heads += [
        metric if len(spaces) == 1 else f"{metric} ({features})" for metric, features in measures
    ]
    lines = []
    for run in runs:
        last = {name: values[-1] for name, values in run.log.items() if len(values)}
        values = run.latest()
        lines.append(
            [
                run.name,
                f"{last['epoch']:.0f}" if last else "0",
                f"{last['images']:,.0f}" if last else "0",
                f"{last['seconds'] / 60:.1f}" if last else "–",
                *(_number(last.get(name)) for name in ("generator_loss", "discriminator_loss")),
                run.verdict.replace("_", " ") or "–",
                *(_number(values.get(key)) for key in measures),
            ]
        )
    return heads, lines


def doubts(runs) -> list:
    """What must not be read into the table, as sentences.

    Args:
        runs: list of ``ComparedRun``.
    """
    sentences = []
    if not _saw_the_same(runs):
        sentences.append(
            "Not all runs saw the same images: a distance is to a run's own images, and those "
            "of different ones can't be compared."
        )
    latest = [run.latest_entries() for run in runs]
    for name in dict.fromkeys(name for entries in latest for name in entries):
        if len({str(entries[name]["counts"]) for entries in latest if name in entries}) > 1:
            sentences.append(f"{name[0]} was taken on different numbers of images.")
    for run, entries in zip(runs, latest, strict=True):
        end = run.log["images"][-1] if len(run.log.get("images", ())) else 0
        if run.released is not None:
            end = run.released["images"]
        earlier = [name[0] for name, each in entries.items() if each.get("images", end) < end]
        if earlier:
            sentences.append(f"{run.name} was measured before its end: {', '.join(earlier)}.")
    images = {int(run.log["images"][-1]) for run in runs if len(run.log.get("images", ()))}
    if len(images) > 1:
        sentences.append("Not all runs saw equally many training images.")
    return sentences


def same_inputs(runs, count=8, seed=0) -> dict:
    """What every run makes of the same input: latents, or images where runs translate.

    Args:
        runs: list of ``ComparedRun``.
        count: int, images of each.
        seed: int, key of the latents.

    Returns:
        See ``same_latents`` and ``same_images``.
    """
    if runs[0].translates:
        return same_images(runs, count)
    return same_latents(runs, count, seed)


def same_latents(runs, count=8, seed=0) -> dict:
    """Images of every run's released generator from the same latents.

    Args:
        runs: list of ``ComparedRun``; those without a generator yet are left out. Latents of
            another size or distribution are other ones, drawn with the same key.
        count: int, images of each.
        seed: int, key of the latents.

    Returns:
        Dict of a run's name to a float32 array; with classes, all take turns.
    """
    images = {}
    for run in runs:
        if (run.path / run_layout.GENERATOR).is_file():
            generator = open_generator(run.path)
            latents = draw_latents(generator.latents, count, seed)
            turns = np.arange(count) % max(1, len(generator.class_names))
            images[run.name] = generator.generate(latents, turns if generator.conditional else None)
    return images


def _read(path, name):
    record, file = read_record(path), path / run_layout.VERDICT
    verdict = read_json(file)["verdict"]["name"] if file.exists() else ""
    measures = read_evaluations(path) or read_translation_measures(path)
    return ComparedRun(name, path, record, read_log(path), measures, verdict)


def _plain(value):
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _number(value):
    return "–" if value is None else f"{value:.4g}"
