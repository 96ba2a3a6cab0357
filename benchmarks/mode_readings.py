"""How many modes a generator makes, read while it trains."""

import csv
import io
import pathlib
import time

import keras

from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.files import write_atomically


class ModeReadings(keras.callbacks.Callback):
    """Appends to ``modes.csv`` what the generator makes, every so many training images.

    Stands before the checkpoints in the list of callbacks, so that every epoch that a resumed run
    doesn't repeat has been read.

    Args:
        directory: path of the run.
        read: function of generated images, returning a dict of numbers.
        every_images: training images between two readings.
        num_samples: images generated for a reading.
        stop: function of (images, seconds of training) that tells whether to end the run.
    """

    def __init__(self, directory, read, every_images, num_samples, stop):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.read = read
        self.every_images = every_images
        self.num_samples = num_samples
        self.stop = stop

    def on_train_begin(self, logs=None):
        """Takes back readings beyond the model's step."""
        seen = int(self.model.images_seen.numpy())
        self._rows = [row for row in _read_rows(self.directory) if row["images"] <= seen]
        self._next = (seen // self.every_images + 1) * self.every_images

    def on_epoch_end(self, epoch, logs=None):
        """Reads, if it is time."""
        seen = int(self.model.images_seen.numpy())
        if seen < self._next:
            return
        self._next += self.every_images
        began = time.monotonic()
        numbers = self.read(self.model.generate(self.num_samples, seed=1, batch_size=200))
        before = self._rows[-1]["reading_seconds"] if self._rows else 0.0
        reading_seconds = before + time.monotonic() - began
        self._rows.append({"images": seen, "reading_seconds": reading_seconds, **numbers})
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(self._rows[0]))
        writer.writeheader()
        writer.writerows(self._rows)
        write_atomically(self.directory / "modes.csv", text.getvalue().encode())
        seconds = read_log(self.directory)["seconds"][-1] - before
        if self.stop(seen, seconds):
            self.model.stop_training = True


def timed_readings(directory) -> list:
    """The readings of a run, with ``seconds`` of training up to each, without the reading itself.

    Args:
        directory: path of the run.

    Returns:
        List of dicts of numbers, in order.
    """
    log = read_log(directory)
    # The log's row of an epoch is written before that epoch is read.
    seconds = dict(zip(log.get("images", ()), log.get("seconds", ()), strict=True))
    timed, before = [], 0.0
    for row in _read_rows(directory):
        if row["images"] in seconds:
            timed.append(row | {"seconds": float(seconds[row["images"]]) - before})
        before = row["reading_seconds"]
    return timed


def first_reaching(readings, name, amount):
    """The first reading at which a number has risen to an amount, or ``None``."""
    return next((row for row in readings if row[name] >= amount), None)


def _read_rows(directory):
    path = pathlib.Path(directory) / "modes.csv"
    if not path.exists():
        return []
    with open(path, newline="") as file:
        return [{name: float(text) for name, text in row.items()} for row in csv.DictReader(file)]
