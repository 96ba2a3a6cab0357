"""What a diagnosis writes of a run: readings, their verdict, and the points they were taken of."""

import io
import pathlib
import zipfile
import zlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.files import read_json, write_atomically, write_json

KEPT_POINTS = 32  # readings whose points are kept: more than a run ever goes back by


class DiagnosisRecord:
    """The files ``verdict.json`` and ``readings.npz`` of a run.

    Args:
        directory: path of the run.

    Attributes:
        readings: list of dicts with ``images``, ``step`` and the signals, oldest first.
        points: dict of training images seen to the float array of points there, oldest first.
    """

    def __init__(self, directory):
        self.verdict_file = pathlib.Path(directory) / run_layout.VERDICT
        self.points_file = pathlib.Path(directory) / run_layout.READINGS
        self.readings, self.points = [], {}

    def recall(self, images):
        """Takes from the files what is of the first so many training images.

        Raises:
            ValueError: a file is damaged, or not written by tfgan_lab.
        """
        readings = _read_readings(self.verdict_file) if self.verdict_file.exists() else []
        points = _read_points(self.points_file) if self.points_file.exists() else {}
        self.readings = [reading for reading in readings if reading["images"] <= images]
        self.points = {seen: each for seen, each in points.items() if seen <= images}

    def append(self, reading, points=None):
        """Adds a reading, whose values are finite, and writes the points that it is of, if any."""
        self.readings.append(reading)
        if points is None:
            return
        self.points[reading["images"]] = points
        self.points = dict(list(self.points.items())[-KEPT_POINTS:])
        content = io.BytesIO()
        np.savez(content, **{str(images): each for images, each in self.points.items()})
        write_atomically(self.points_file, content.getvalue())

    def write(self, verdict):
        """Writes the readings with the ``Verdict`` on them."""
        write_json(self.verdict_file, {"verdict": verdict.to_dict(), "readings": self.readings})


def _read_readings(path):
    content = read_json(path)
    readings = content.get("readings") if isinstance(content, dict) else None
    if not isinstance(readings, list) or not all(
        isinstance(reading, dict) and isinstance(reading.get("images"), int) for reading in readings
    ):
        raise ValueError(
            f"Expected the readings of a diagnosis in {path}. Received: a file that this package "
            "did not write; without it there are no earlier readings"
        )
    return readings


def _read_points(path):
    try:
        with np.load(path, allow_pickle=False) as file:
            return {int(images): file[images] for images in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"Expected the points of the last readings in {path}. Received: a damaged file "
            f"({error}); without it the next reading has no motion"
        ) from error
