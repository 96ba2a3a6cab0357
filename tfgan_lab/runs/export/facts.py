"""What is known of a generator: from the file itself, and from the run that it lies in."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks.csv_log import read_log, row_at
from tfgan_lab.files import read_json
from tfgan_lab.metrics.evaluation_records import read_evaluations
from tfgan_lab.metrics.readings import Readings, of_released
from tfgan_lab.models.translating import MULTIPLE
from tfgan_lab.runs.training.directory import read_record
from tfgan_lab.runs.training.rollback import describe_rollback

SOURCES = ("data_dir", "tfds_name", "tfds_label", "tfds_split", "drawn", "factor", "domains")
# Settings that say something of machines and nothing of the generator.
LOCAL = ("run_dir", "devices")


def generator_facts(portable) -> dict:
    """What goes in and what comes out.

    Args:
        portable: ``Portable``.

    Returns:
        Dict of JSON values: ``kind``, ``networks``, ``images``, and ``latents``, ``classes`` or
        ``domains``.
    """
    first = portable.networks[0]
    height, width, channels = first.output_shape[1:]
    facts = {
        "kind": _kind(portable),
        "networks": [
            {
                "name": network.name,
                "parameters": int(network.count_params()),
                "inputs": {
                    each.name: {"shape": list(each.shape), "dtype": str(each.dtype)}
                    for each in network.inputs
                },
            }
            for network in portable.networks
        ],
        "images": {
            "height": height,
            "width": width,
            "channels": channels,
            "layout": "NHWC",
            "dtype": "float32",
            "range": [-1, 1],
        },
    }
    if portable.domains:
        facts["images"]["multiple"] = MULTIPLE
        return facts | {"domains": list(portable.domains)}
    kind = type(portable.latents).__name__
    facts["latents"] = {"distribution": kind} | portable.latents.get_config()
    if portable.conditional:
        facts["classes"] = {"count": portable.num_classes, "names": list(portable.class_names)}
    return facts


def run_facts(file) -> dict | None:
    """What the run of a released generator recorded: data, settings, budget, measures, verdict.

    Args:
        file: path of the generator.

    Returns:
        Dict of JSON values, or ``None`` where the file doesn't lie in a run.

    Raises:
        ValueError: a record that is damaged.
    """
    file = pathlib.Path(file)
    run = file.parent
    if not (run / run_layout.CONFIG).exists():
        return None
    record = read_record(run)
    settings = {name: value for name, value in record["settings"].items() if name not in LOCAL}
    return {
        "data": {
            "source": {name: settings[name] for name in SOURCES if settings.get(name)},
            "num_images": record["data"].get("num_images"),
            "fingerprint": record["data"].get("fingerprint"),
        },
        "preset": settings.get("preset", ""),
        "settings": settings,
        "rollbacks": [
            entry | {"sentence": describe_rollback(entry)} for entry in record.get("rollbacks", [])
        ],
        "budget": _budget(run, file.name),
        "metrics": _measures(run, file.name),
        "translation": _held(run / run_layout.TRANSLATION),
        "verdict": (_held(run / run_layout.VERDICT) or {}).get("verdict"),
        "trained_with": record["sessions"][-1]["versions"],
    }


def _kind(portable):
    if portable.domains:
        return "translator"
    return "generator with classes" if portable.conditional else "generator"


def _budget(run, name):
    """How far the run had come, for the released generator when it was measured."""
    log = read_log(run)
    own = (run_layout.GENERATOR, run_layout.LAST_GENERATOR)
    if name not in own or not log or not len(log["epoch"]):
        return None
    released = Readings.of(read_evaluations(run)).released
    is_released = name == run_layout.GENERATOR
    row = row_at(log, released["epoch"]) if released and is_released else -1
    last = {column: values[row] for column, values in log.items()}
    return {
        "epochs": int(last["epoch"]),
        "images_seen": int(last["images"]),
        "seconds": round(float(last["seconds"]), 1),
    }


def _measures(run, name):
    """The newest value of every measure of this file, each with its protocol."""
    newest, entries = {}, read_evaluations(run)
    if name == run_layout.GENERATOR:
        entries = of_released(entries)
    else:
        entries = [entry for entry in entries if entry["generator"] == name]
    for entry in entries:
        if entry["value"] is not None:
            newest[entry["metric"], entry["protocol"]["features"]] = entry
    return list(newest.values())


def _held(path):
    return read_json(path) if path.exists() else None
