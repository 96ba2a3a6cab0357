"""The sheets of images that a run writes while it trains, at the epochs of a report's figures."""

import pathlib

import numpy as np
from PIL import Image

from tfgan_lab import run_layout


def scaled_epochs(reported, total, epochs) -> list:
    """At which epochs of a run the report's figures fall.

    Args:
        reported: iterable of int, the report's epochs.
        total: int, of how many.
        epochs: int, epochs of the run; fewer than the report's scale all of them.

    Returns:
        List of (the run's epoch, the report's epoch).

    Example:
        >>> scaled_epochs([10, 100, 1000], 1000, 94)
        [(1, 10), (9, 100), (94, 1000)]
    """
    scale = min(1.0, epochs / total)
    return [(max(1, round(epoch * scale)), epoch) for epoch in reported]


def sheet_near(run_dir, epoch) -> tuple:
    """The snapshot of an epoch, or of the nearest one.

    A run whose budget grew has passed some of its new epochs without a snapshot.

    Args:
        run_dir: path of the run.
        epoch: int.

    Returns:
        (epoch, sheet): the snapshot's epoch, the earlier of two as near; and what ``read_sheet``
        returns of it.
    """
    paths = pathlib.Path(run_dir, run_layout.SNAPSHOTS).glob(run_layout.EPOCH_SHEETS)
    taken = {run_layout.epoch_of(path): path for path in paths}
    nearest = min(taken, key=lambda each: (abs(each - epoch), each))
    return nearest, read_sheet(taken[nearest])


def read_sheet(path) -> np.ndarray:
    """A file of images as a uint8 array of shape (height, width, channels).

    Args:
        path: of the file.
    """
    with Image.open(path) as sheet:
        return np.atleast_3d(np.asarray(sheet))
