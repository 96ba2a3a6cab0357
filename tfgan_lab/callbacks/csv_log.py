"""The log: a row for every completed epoch."""

import csv
import io
import pathlib
import time

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.files import append_synced, write_atomically


class CsvLog(TrainingCallback):
    """Appends epoch, step, images, seconds and the epoch's means to ``log.csv``.

    A run that is resumed from an earlier step than the log reached repeats those epochs to the
    same bits, so their rows are taken back first and written again. ``seconds`` is time spent in
    training over all sessions, without what was repeated.

    Args:
        directory: path of the run.
    """

    def __init__(self, directory):
        super().__init__()
        self.path = pathlib.Path(directory) / run_layout.LOG
        self._columns = None
        self._seconds_before = 0.0
        self._started = 0.0

    def on_train_begin(self, logs=None):
        """Takes back rows beyond the model's step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._columns, rows = _complete_rows(self.path)
        rows = [row for row in rows if int(row["step"]) <= self.step]
        if self._columns:
            write_atomically(self.path, _csv_text(self._columns, rows, header=True))
        self._seconds_before = float(rows[-1]["seconds"]) if rows else 0.0
        self._started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        """Appends the epoch's row and makes sure that it is on the disk."""
        seconds = self._seconds_before + time.monotonic() - self._started
        row = {
            "epoch": epoch + 1,
            "step": self.step,
            "images": self.images_seen,
            "seconds": f"{seconds:.3f}",
        }
        # repr of a Python float reads back to the same bits.
        row |= {name: repr(float(value)) for name, value in (logs or {}).items()}
        header = self._columns is None
        self._columns = self._columns or list(row)
        if not row.keys() <= set(self._columns):
            # A run that went back may have got another penalty: its column is empty up to here.
            self._columns += [name for name in row if name not in self._columns]
            _, rows = _complete_rows(self.path)
            write_atomically(self.path, _csv_text(self._columns, rows, header=True))
        append_synced(self.path, _csv_text(self._columns, [row], header))


def read_log(directory) -> dict:
    """Reads a run's log.

    Args:
        directory: path of the run.

    Returns:
        Dict of column name to float64 array, a value for each completed epoch, NaN where the
        training had no such value; empty when there is no log yet.
    """
    columns, rows = _complete_rows(pathlib.Path(directory) / run_layout.LOG)
    return {name: np.array([float(row[name] or np.nan) for row in rows]) for name in columns or []}


def row_at(log, epoch) -> int:
    """The row of a log that an epoch has, or the one nearest to it.

    Args:
        log: what ``read_log`` returned, with at least one row.
        epoch: int, from 1.
    """
    return int(np.searchsorted(log["epoch"], epoch).clip(0, len(log["epoch"]) - 1))


def check_log(directory, epochs) -> None:
    """Checks that a log that is there has lost no rows.

    Args:
        directory: path of the run.
        epochs: int, how many the run has completed. Rows of later ones don't matter.

    Raises:
        ValueError: rows are missing at the log's end, or it is damaged.
    """
    path = pathlib.Path(directory) / run_layout.LOG
    _, rows = _complete_rows(path)
    reached = int(rows[-1]["epoch"]) if rows else 0
    if path.exists() and reached < epochs:
        raise ValueError(
            f"Expected a row for every epoch in {path}. Received: {reached} of {epochs}; restore "
            "it, or remove it, and the log restarts"
        )


def _complete_rows(path):
    """The columns (``None`` without a file) and the rows, leaving out one cut short by a crash."""
    if not path.exists():
        return None, []
    try:
        lines = path.read_text("utf-8").splitlines(keepends=True)
        whole = "".join(line for line in lines if line.endswith("\n"))
        reader = csv.DictReader(io.StringIO(whole), strict=True)
        rows = [row for row in reader if None not in row.values() and None not in row]
        for row in rows:
            for name in ("epoch", "step", "images"):
                int(row[name])
            for value in row.values():
                float(value or "nan")
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise ValueError(
            f"Expected a row for every epoch in {path}. Received: a damaged file ({error}); "
            "restore it, or remove it, and the log restarts"
        ) from error
    return (list(reader.fieldnames), rows) if reader.fieldnames else (None, [])


def _csv_text(columns, rows, header):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
