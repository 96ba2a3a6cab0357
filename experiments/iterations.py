"""Callbacks for reports that count iterations instead of epochs: losses and grids by step."""

import csv
import pathlib

import keras
import numpy as np

from tfgan_lab.files import write_atomically
from tfgan_lab.plots.grids import png_bytes, tile_images

FILE = "iterations.csv"
NAMES = ("discriminator_loss", "generator_loss")


class IterationLosses(keras.callbacks.Callback):
    """Writes both losses of every step to ``iterations.csv``.

    Keras hands out means over the epoch so far, from which a step's own value is taken back. The
    first step after a resume within an epoch has no mean to be told from and is left out. Steps
    that a resumed run repeats are taken back first.

    Args:
        directory: path of the run.
    """

    def __init__(self, directory):
        super().__init__()
        self.path = pathlib.Path(directory) / FILE
        self._before, self._count = None, 0

    def on_train_begin(self, logs=None):
        """Takes back rows beyond the model's step."""
        rows = read_iterations(self.path.parent)
        step = int(self.model.step.numpy())
        lines = [",".join(["step", *NAMES])]
        for number, *values in zip(*rows.values(), strict=True) if rows else []:
            if number <= step:
                lines.append(",".join([str(int(number)), *map(repr, map(float, values))]))
        write_atomically(self.path, ("\n".join(lines) + "\n").encode())

    def on_epoch_begin(self, epoch, logs=None):
        """Finds out whether the means start over, or continue within an epoch."""
        self._count = int(self.model.step.numpy()) - epoch * self.params["steps"]
        self._before = None if self._count else np.zeros(len(NAMES))

    def on_train_batch_end(self, batch, logs=None):
        """Appends the step's values, and leaves nothing to be lost if the run is stopped."""
        means = np.array([float(logs[name]) for name in NAMES])
        self._count += 1
        if self._before is not None:
            values = self._count * means - (self._count - 1) * self._before
            row = [int(self.model.step.numpy()), *map(float, values)]
            with open(self.path, "a", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(row)
        self._before = means


def read_iterations(directory) -> dict:
    """Reads ``iterations.csv``.

    Args:
        directory: path of the run.

    Returns:
        Dict of ``step`` and both losses to float64 arrays; empty without a file.
    """
    path = pathlib.Path(directory) / FILE
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 1 + len(NAMES)]
    columns = np.array([[float(value) for value in row] for row in rows[1:]])
    columns = columns.reshape(-1, 1 + len(NAMES)).T
    return dict(zip(["step", *NAMES], columns, strict=True))


class IterationGrids(keras.callbacks.Callback):
    """Writes a square grid of images from the same latents every so many steps.

    Args:
        directory: path of the run; the files are ``snapshots/step_000100.png`` and so on.
        every: int, steps between two grids.
        side: int, images along a side.
    """

    def __init__(self, directory, every=100, side=5):
        super().__init__()
        self.folder = pathlib.Path(directory) / "snapshots"
        self.every, self.side = every, side

    def on_train_batch_end(self, batch, logs=None):
        """Writes the grid where it is due."""
        step = int(self.model.step.numpy())
        if step % self.every == 0:
            images = self.model.generate(self.side**2, seed=self.model.seed)
            grid = tile_images(images, columns=self.side)
            write_atomically(self.folder / f"step_{step:06d}.png", png_bytes(grid))
