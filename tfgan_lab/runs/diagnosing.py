"""The verdict on a run that is over, or still going on."""

import pathlib

from tfgan_lab.callbacks.diagnosis import FILE, MOST_TRAINING
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.diagnosis.verdict import course, judge
from tfgan_lab.files import read_json
from tfgan_lab.runs.directory import read_record
from tfgan_lab.runs.pictures import load_pictures
from tfgan_lab.runs.restoring import newest_model, run_config
from tfgan_lab.runs.rollback import describe_rollback


def diagnose(path) -> str:
    """Says what is wrong with a run, since when, and what it was said to be before.

    Reads what the run wrote while it trained. Where it wrote nothing (``--diagnose_every=0``), the
    newest checkpoint is looked at, once; then nothing can be said of changes.

    Args:
        path: of the run.

    Returns:
        Text of several lines.

    Raises:
        FileNotFoundError: there is no run.
        ConfigError: a run that has neither readings nor checkpoints yet.
    """
    path = pathlib.Path(path)
    record = read_record(path)
    if (path / FILE).exists():
        readings = read_json(path / FILE)["readings"]
        verdict, said = judge(readings), course(readings)
        looked = f"{len(readings)} readings, the last at {readings[-1]['images']:,} pictures."
    else:
        reading = _read_newest(path)
        at_once = [failure._replace(readings=1) for failure in FAILURES]
        verdict, said = judge([reading], at_once, min_readings=1), []
        looked = f"One reading of the checkpoint at {reading['images']:,} pictures."
    lines = [str(verdict), "", looked]
    if verdict.others:
        lines.append("Also: " + ", ".join(name.replace("_", " ") for name in verdict.others) + ".")
    if len(said) > 1:
        lines.append("What was said while it trained:")
        lines += [f"  {images:>10,}  {each.name.replace('_', ' ')}" for images, each in said]
    lines += [describe_rollback(entry) for entry in record.get("rollbacks", [])]
    return "\n".join(lines)


def _read_newest(path):
    model = newest_model(path)
    pictures = load_pictures(run_config(path))
    labels = pictures.sample_labels(MOST_TRAINING) if model.num_classes else None
    signals = Signals(pictures.sample(MOST_TRAINING), seed=pictures.seed, labels=labels)
    reading = signals.read(model)
    return {"images": int(model.images_seen.numpy())} | reading
