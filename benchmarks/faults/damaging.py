"""Files of a run that are damaged, cut short or gone when it resumes."""

import functools
import os

from benchmarks.faults.fault import Fault, in_words
from benchmarks.faults.trainings import ended_well, newest_checkpoint


def flip(path):
    """Changes a byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def cut(path):
    """Leaves the first half of a file."""
    os.truncate(path, path.stat().st_size // 2)


def empty(path):
    """Leaves nothing in a file."""
    os.truncate(path, 0)


def remove(path):
    """Removes a file."""
    path.unlink()


def garbage(path):
    """Replaces a file by bytes that mean nothing."""
    path.write_bytes(bytes(range(256)) * 4)


def data_of(run_dir):
    """The values of the newest checkpoint."""
    return newest_checkpoint(run_dir).with_suffix(".data-00000-of-00001")


def index_of(run_dir):
    """The table of the newest checkpoint."""
    return newest_checkpoint(run_dir).with_suffix(".index")


# What is damaged, how, and whether the run resumes all the same; else what it says.
DAMAGES = {
    "checkpoint_flipped": ("a flipped byte in the newest checkpoint", data_of, flip, ""),
    "checkpoint_cut": ("half of the newest checkpoint", data_of, cut, ""),
    "checkpoint_removed": ("newest checkpoint without its values", data_of, remove, ""),
    "index_cut": ("half of the newest checkpoint's table", index_of, cut, ""),
    "index_empty": ("newest checkpoint's table is empty", index_of, empty, ""),
    "events_cut": ("event file cut short", lambda run: next(run.glob("events/*")), cut, ""),
    "events_garbage": ("event file damaged", lambda run: next(run.glob("events/*")), garbage, ""),
    "page_cut": ("page cut short", lambda run: run / "report.html", cut, ""),
    "generator_cut": ("generator cut short", lambda run: run / "generator.keras", cut, ""),
    "config_cut": (
        "half of config.json", lambda run: run / "config.json", cut,
        "Expected JSON in .*config.json. Received: a damaged file",
    ),
    "config_garbage": (
        "config.json damaged", lambda run: run / "config.json", garbage,
        "Expected JSON in .*config.json. Received: a damaged file",
    ),
    "config_removed": (
        "config.json gone", lambda run: run / "config.json", remove,
        "Expected config.json beside .*--overwrite removes them",
    ),
    "log_garbage": (
        "log.csv damaged", lambda run: run / "log.csv", garbage, "Expected .*log.csv.*Received"
    ),
    "log_flipped": (
        "a flipped byte in log.csv", lambda run: run / "log.csv", flip,
        "Expected .*log.csv.*Received",
    ),
    "log_cut": (
        "half of log.csv", lambda run: run / "log.csv", cut, "Expected a row for every epoch in "
    ),
    "log_empty": (
        "log.csv is empty", lambda run: run / "log.csv", empty, "Expected a row for every epoch in "
    ),
    "verdict_other": (
        "verdict.json of something else", lambda run: run / "verdict.json",
        lambda path: path.write_text('{"verdict": 3}'),
        "Expected the readings of a diagnosis in .*verdict.json",
    ),
    "verdict_cut": (
        "half of verdict.json", lambda run: run / "verdict.json", cut,
        "Expected JSON in .*verdict.json. Received: a damaged file",
    ),
}  # fmt: skip


def damaged(trainings, name, kind="gan") -> list:
    """Damages a file of a run that was stopped, and resumes.

    Where the run can't resume it says so in a sentence; with the file put back it does.

    Args:
        trainings: ``Trainings``.
        name: out of ``DAMAGES``.
        kind: of model.
    """
    _, find, damage, sentence = DAMAGES[name]
    run_dir = trainings.begun(kind, f"damaged_{name}")
    path = find(run_dir)
    before = path.read_bytes()
    if name.startswith(("checkpoint", "index")):
        second = sorted(run_dir.glob("checkpoints/step-*.index"))
        if len(second) < 2:
            return ["the run has no second checkpoint to fall back to"]
    damage(path)
    if not sentence:
        # What was damaged is lost; from the one before, or without it, the end is the same.
        return [in_words(trainings.lost_after(kind, run_dir, -1))]
    child = trainings.start(kind, run_dir)
    child.end()
    wrong = ended_well(child, 2, sentence)
    path.write_bytes(before)
    return [in_words(wrong + trainings.lost_after(kind, run_dir, 40))]


def all_checkpoints(trainings, kind="gan") -> list:
    """Every checkpoint damaged: refused, and nothing of it is removed.

    Args:
        trainings: ``Trainings``.
        kind: of model.
    """
    run_dir = trainings.begun(kind, "damaged_all")
    files = sorted(run_dir.glob("checkpoints/*.data*"))
    before = {path: path.read_bytes() for path in files}
    for path in files:
        flip(path)
    child = trainings.start(kind, run_dir)
    child.end()
    wrong = ended_well(child, 2, "Expected a readable checkpoint .*--overwrite starts over")
    for path, content in before.items():
        path.write_bytes(content)
    return [in_words(wrong + trainings.lost_after(kind, run_dir, 40))]


def faults() -> list:
    """The faults of this module."""
    found = [
        Fault(name, says, functools.partial(damaged, name=name))
        for name, (says, *_) in DAMAGES.items()
    ]
    return [*found, Fault("checkpoints_flipped", "all checkpoints damaged", all_checkpoints)]
