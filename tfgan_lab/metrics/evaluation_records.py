"""The list of evaluations that a run directory keeps."""

import contextlib
import pathlib

import filelock

from tfgan_lab import run_layout
from tfgan_lab.files import read_json, write_json


def read_evaluations(directory) -> list:
    """Reads ``metrics.json``.

    Args:
        directory: path of the run.

    Returns:
        List of dicts, oldest first; empty where there is no file.

    Raises:
        ValueError: the file is damaged, or not written by tfgan_lab.
    """
    path = pathlib.Path(directory) / run_layout.METRICS
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
    with _alone(directory):
        path = pathlib.Path(directory) / run_layout.METRICS
        write_json(path, read_evaluations(directory) + entries)


def keep_evaluations(directory, images) -> tuple:
    """Drops what was measured after so many training images: a run resumes from there.

    Args:
        directory: path of the run.
        images: int.

    Returns:
        Two lists as ``read_evaluations`` returns: what there was, and what is left.
    """
    with _alone(directory):
        entries = read_evaluations(directory)
        kept = [entry for entry in entries if entry["images"] <= images]
        if len(kept) < len(entries):
            write_json(pathlib.Path(directory) / run_layout.METRICS, kept)
    return entries, kept


@contextlib.contextmanager
def _alone(directory):
    """One process at a time: a run may be evaluated while it evaluates itself."""
    path = pathlib.Path(directory)
    if not path.is_dir():  # The writer that follows says so.
        yield
        return
    with filelock.FileLock(path / run_layout.METRICS_LOCK):
        yield
