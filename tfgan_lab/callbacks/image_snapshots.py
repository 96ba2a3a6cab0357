"""Images from fixed latents, during training."""

import pathlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.files import write_atomically
from tfgan_lab.plots.grids import png_bytes, tile_images, tile_rows
from tfgan_lab.randomness import Purpose, key

MOST_CLASSES = 20  # rows of a grid
IMAGES_PER_CLASS = 8  # images in a row


class ImageSnapshots(TrainingCallback):
    """Writes a grid of images from the same latents again and again.

    The files are ``snapshots/untrained.png`` and ``snapshots/epoch_00010.png`` and so on; with
    ``images`` also ``data.png`` (samples of the data) and ``augmented.png`` (a row for each of
    some images: the image, then variants of it as training sees them). Of a model with classes
    a grid has a row for each class, all of them from the same eight latents, as has ``data.png``.

    Args:
        directory: path of the run; the files go into its folder ``snapshots``.
        every: int, period in epochs; the last epoch always counts.
        also_at: further epochs, counted from 1.
        num_images: int, number of fixed latents; of a model without classes.
        images: ``ImageSet``, or ``None``.

    Attributes:
        latest: (epoch, uint8 grid) of the last snapshot of this process, or ``None``.
    """

    def __init__(self, directory, every=10, also_at=(), num_images=24, images=None):
        super().__init__()
        self.folder = pathlib.Path(directory) / run_layout.SNAPSHOTS
        self.schedule = Schedule(every, tuple(also_at))
        self.num_images = num_images
        self.images = images
        self.latest = None

    def on_train_begin(self, logs=None):
        """Writes what is there before training, if training begins here."""
        if self.step == 0:
            for name, grid in self.first_grids().items():
                self._write(name, grid)

    def on_epoch_end(self, epoch, logs=None):
        """Writes the epoch's grid where it is due."""
        epoch += 1
        if self.schedule.is_due(epoch, last=self.params["epochs"]):
            self.latest = (epoch, self.grid())
            self._write(run_layout.epoch_sheet(epoch), self.latest[1])

    def first_grids(self) -> dict:
        """What is to be seen before training: uint8 grids by their files' names."""
        grids = {run_layout.UNTRAINED: self.grid()}
        if self.images is not None:
            classes = _rows_of_classes(self.model)
            rows = [self.images.sample_of_class(each, IMAGES_PER_CLASS) for each in classes]
            plain = self.images.sample(self.num_images)
            grids[run_layout.DATA] = tile_rows(rows) if rows else tile_images(plain)
            grids[run_layout.AUGMENTED] = _augmented_grid(self.images)
        return grids

    def grid(self) -> np.ndarray:
        """A uint8 grid of what the model makes now."""
        return snapshot_grid(self.model, self.num_images)

    def _write(self, name, grid):
        write_atomically(self.folder / name, png_bytes(grid))


def snapshot_grid(model, num_images=24) -> np.ndarray:
    """The grid of a model's fixed latents, as a snapshot shows it.

    Args:
        model: an ``AdversarialModel`` that generates from latents.
        num_images: int, number of latents; of a model without classes.

    Returns:
        uint8 array of shape (height, width, channels).
    """
    classes = _rows_of_classes(model)
    if not len(classes):
        return tile_images(model.generate(num_images, seed=model.seed))
    latents = model.latents.sample(IMAGES_PER_CLASS, key(model.seed, 0, Purpose.SAMPLES)).numpy()
    images = model.generate(
        np.tile(latents, (len(classes), 1)), np.repeat(classes, IMAGES_PER_CLASS)
    )
    return tile_images(images, columns=IMAGES_PER_CLASS)


def _rows_of_classes(model):
    """The classes that have a row: all, or some of many."""
    count = model.num_classes
    return np.linspace(0, count - 1, min(count, MOST_CLASSES)).round().astype(int)


def _augmented_grid(images, num_images=4, num_variants=7):
    originals = images.sample(num_images)
    variants = images.augmented(originals, num_variants)
    rows = variants.reshape(len(originals), num_variants, *originals.shape[1:])
    rows = np.concatenate([originals[:, np.newaxis], rows], axis=1)
    return tile_images(rows.reshape(-1, *originals.shape[1:]), columns=num_variants + 1)
