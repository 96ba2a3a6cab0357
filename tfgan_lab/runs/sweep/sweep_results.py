"""What came out of a sweep: means and spreads over seeds, as a table, as JSON, for TensorBoard."""

import dataclasses
import pathlib
import shutil

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.files import write_atomically, write_json
from tfgan_lab.markdown import number, table_lines
from tfgan_lab.runs.training.run_record import read_record

HPARAMS = "hparams"

# The settings that decide on the images, besides the seed.
IMAGES = (
    "data_dir", "tfds_name", "tfds_label", "tfds_split", "drawn", "num_drawn", "image_size",
    "channels", "subset", "mirrored_copies",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Summary:
    """One combination of a sweep, over its seeds.

    Args:
        name: str, its labels.
        num_runs: int, how many seeds there are.
        num_failed: int, how many of them failed.
        means: dict of a measure's name to its mean over the seeds that have it.
        deviations: dict of a measure's name to the standard deviation over those seeds, with
            n - 1; ``None`` for one seed.
    """

    name: str
    num_runs: int
    num_failed: int
    means: dict
    deviations: dict


def summarise(results) -> list:
    """Takes the results of a sweep together by combination.

    Args:
        results: what ``run_sweep`` returned.

    Returns:
        List of ``Summary``, in the order of the results.

    Example:
        >>> results = [{"name": "a", "seed": seed, "status": "done", "measures": {"kid": kid}}
        ...            for seed, kid in enumerate([1.0, 3.0])]
        >>> (summary,) = summarise(results)
        >>> summary.means, round(summary.deviations["kid"], 3)
        ({'kid': 2.0}, 1.414)
    """
    summaries = []
    for name in dict.fromkeys(result["name"] for result in results):
        mine = [result for result in results if result["name"] == name]
        values = {}
        for result in mine:
            for measure, value in result["measures"].items():
                values.setdefault(measure, []).append(value)
        means = {measure: float(np.mean(each)) for measure, each in values.items()}
        deviations = {
            measure: float(np.std(each, ddof=1)) if len(each) > 1 else None
            for measure, each in values.items()
        }
        failed = sum(result["status"] == "failed" for result in mine)
        summaries.append(Summary(name, len(mine), failed, means, deviations))
    return summaries


def _lines(results, notes):
    """The table of a sweep in Markdown, with what failed and why below."""
    summaries = summarise(results)
    measures = list(dict.fromkeys(name for each in summaries for name in each.means))
    heads, rows = ["run", "seeds", *(name.replace("_", " ") for name in measures)], []
    for each in summaries:
        done = each.num_runs - each.num_failed
        seeds = f"{done} of {each.num_runs}" if each.num_failed else str(done)
        cells = [number(each.means.get(name), each.deviations.get(name)) for name in measures]
        rows.append([each.name, seeds, *cells])
    lines = table_lines(heads, rows)
    seeds = dict.fromkeys(str(result["seed"]) for result in results)
    lines.append(
        f"\nMeans ± standard deviations over seeds {', '.join(seeds)}."
        if len(seeds) > 1
        else f"\nOne run each, with seed {next(iter(seeds))}: what is chance, more seeds would say."
    )
    failed = [result for result in results if result["status"] == "failed"]
    lines += [f"\nFailed: {each['name']}, seed {each['seed']}: {each['error']}" for each in failed]
    return lines + [f"\nNote: {sentence}" for sentence in [*_doubts(results), *notes]]


def write_sweep(folder, results, notes=()) -> pathlib.Path:
    """Writes ``sweep.md``, ``sweep.json`` and what TensorBoard's HParams view needs.

    Args:
        folder: path of the sweep, which TensorBoard then takes as ``--logdir``.
        results: what ``run_sweep`` returned.
        notes: further sentences on what the values can't say.

    Returns:
        Path of the table.
    """
    folder = pathlib.Path(folder)
    table = folder / run_layout.SWEEP_TABLE
    write_atomically(table, ("\n".join(_lines(results, notes)) + "\n").encode())
    summaries = [dataclasses.asdict(each) for each in summarise(results)]
    write_json(folder / run_layout.SWEEP_RECORD, {"runs": results, "summaries": summaries})
    _write_hparams_columns(folder, results)
    return table


def _write_hparams_columns(folder, results):
    """Names the columns of the HParams view; else it would show every scalar of every run."""
    import tensorflow as tf
    from tensorboard.plugins.hparams import api

    shutil.rmtree(folder / HPARAMS, ignore_errors=True)
    settings = {name: None for result in results for name in result["varied"]}
    measures = dict.fromkeys(name for result in results for name in result["measures"])
    values = {name: {result["varied"].get(name) for result in results} for name in settings}
    writer = tf.summary.create_file_writer(str(folder / HPARAMS))
    with writer.as_default():
        api.hparams_config(
            [api.HParam(name, api.Discrete(sorted(each))) for name, each in values.items()],
            [api.Metric(f"sweep/{name}", display_name=name) for name in measures],
        )
    writer.close()


def _doubts(results):
    """Whether the images changed between the runs of one sweep."""
    prints = {}
    for result in results:
        try:
            record = read_record(result["run_dir"])
        except (FileNotFoundError, ValueError):
            continue
        settings = record["settings"]
        source = repr([settings[name] for name in (*IMAGES, "seed")])
        prints.setdefault(source, set()).add(record["data"]["fingerprint"])
    if all(len(each) == 1 for each in prints.values()):
        return []
    return ["the images changed during the sweep: not all runs saw the same."]
