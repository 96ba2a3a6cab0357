"""What is known of a generator: from the file itself, and from the run that it lies in."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.models.translating import MULTIPLE
from tfgan_lab.runs.reading.opening import open_run
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
    if not (file.parent / run_layout.CONFIG).exists():
        return None
    run = open_run(file.parent)
    settings = {name: value for name, value in run.record["settings"].items() if name not in LOCAL}
    verdict = run.verdict()
    is_its_own = file.name in (run_layout.GENERATOR, run_layout.LAST_GENERATOR)
    row = run.log_row(file.name) if is_its_own else {}
    budget = {"epochs": int(row["epoch"]), "images_seen": int(row["images"]),
              "seconds": round(float(row["seconds"]), 1)} if row else None  # fmt: skip
    return {
        "data": {
            "source": {name: settings[name] for name in SOURCES if settings.get(name)},
            "num_images": run.record["data"].get("num_images"),
            "fingerprint": run.record["data"].get("fingerprint"),
        },
        "preset": settings.get("preset", ""),
        "settings": settings,
        "rollbacks": [entry | {"sentence": describe_rollback(entry)} for entry in run.rollbacks],
        "budget": budget,
        "metrics": run.evaluations(file.name),
        "measures": run.measure_tables(file.name),
        "verdict": verdict.to_dict() if verdict else None,
        "trained_with": run.record["sessions"][-1]["versions"],
    }


def _kind(portable):
    if portable.domains:
        return "translator"
    return "generator with classes" if portable.conditional else "generator"
