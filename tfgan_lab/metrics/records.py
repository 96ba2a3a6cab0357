"""The list of evaluations that a run directory keeps."""

import pathlib

from tfgan_lab.files import read_json, write_json

FILE = "metrics.json"


def read_evaluations(directory) -> list:
    """Reads ``metrics.json``.

    Args:
        directory: path of the run.

    Returns:
        List of dicts, oldest first; empty where there is no file.

    Raises:
        ValueError: the file is damaged or none of ours.
    """
    path = pathlib.Path(directory) / FILE
    if not path.exists():
        return []
    entries = read_json(path)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"Expected a list of evaluations in {path}. Received: something else")
    return entries


def append_evaluations(directory, evaluations, **where) -> None:
    """Adds evaluations to ``metrics.json``, which is whole at any moment.

    Args:
        directory: path of the run.
        evaluations: list of ``Evaluation``.
        **where: what each belongs to: ``epoch``, ``images``, ``generator``.
    """
    entries = [where | evaluation.to_dict() for evaluation in evaluations]
    write_json(pathlib.Path(directory) / FILE, read_evaluations(directory) + entries)
