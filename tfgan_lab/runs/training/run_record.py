"""What ``config.json`` of a run holds: its settings, what its images are, sessions, rollbacks."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.files import read_json


def read_record(path) -> dict:
    """Reads a run's ``config.json``.

    Args:
        path: of the run.

    Returns:
        Dict with ``settings``, ``data``, ``sessions`` and, where the run went back, ``rollbacks``.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: the file is damaged, or not written by tfgan_lab.
    """
    file = pathlib.Path(path) / run_layout.CONFIG
    if not file.exists():
        raise FileNotFoundError(f"Expected a run in {file.parent}. Received: no {file.name} there")
    record = read_json(file)
    if not _is_record(record):
        raise ValueError(
            f"Expected settings, data and sessions in {file}. Received: a file "
            "that this package did not write"
        )
    return record


def num_classes_of(record) -> int:
    """Number of classes of a run's images; 0 for a run without.

    Args:
        record: what ``read_record`` returned.
    """
    return len(record["data"].get("class_names", ()))


def _is_record(record):
    if not isinstance(record, dict):
        return False
    settings, data = record.get("settings"), record.get("data")
    sessions, rollbacks = record.get("sessions"), record.get("rollbacks", [])
    return (
        isinstance(settings, dict)
        and isinstance(data, dict)
        and isinstance(data.get("class_names", []), list)
        and _are_dicts(sessions)
        and len(sessions) > 0
        and _are_dicts(rollbacks)
        and all(_are_changes(entry.get("changes")) for entry in rollbacks)
    )


def _are_dicts(entries):
    return isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)


def _are_changes(changes):
    """Whether it is what a rollback changed: pairs of an old and a new value by name."""
    return isinstance(changes, dict) and all(
        isinstance(pair, list) and len(pair) == 2 for pair in changes.values()
    )
