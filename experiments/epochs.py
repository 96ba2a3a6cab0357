"""Callbacks for reports that count epochs: an image and a line of time after each."""

import pathlib
import time

import keras

from tfgan_lab.files import write_atomically
from tfgan_lab.plots.grids import png_bytes, tile_images


class EpochImages(keras.callbacks.Callback):
    """Writes a square of images from the same latents after every epoch.

    A model with classes shows them in turns.

    Args:
        directory: path of the run; the files are ``epochs/image_at_epoch_0001.png`` and so on.
        side: int, images along a side.
    """

    def __init__(self, directory, side=4):
        super().__init__()
        self.folder = pathlib.Path(directory) / "epochs"
        self.side = side

    def on_train_begin(self, logs=None):
        """Takes back images of epochs beyond the model's, which will come again."""
        done = int(self.model.step.numpy()) // self.params["steps"]
        for path in self.folder.glob("image_at_epoch_*.png"):
            if int(path.stem.removeprefix("image_at_epoch_")) > done:
                path.unlink()

    def on_epoch_end(self, epoch, logs=None):
        """Writes the epoch's image."""
        images = self.model.generate(self.side**2, seed=self.model.seed)
        path = self.folder / f"image_at_epoch_{epoch + 1:04d}.png"
        write_atomically(path, png_bytes(tile_images(images, columns=self.side)))


class EpochTimes(keras.callbacks.Callback):
    """Prints how long every epoch took."""

    def on_epoch_begin(self, epoch, logs=None):
        """Starts the clock."""
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Prints the time."""
        print(f"Time for epoch {epoch + 1} is {time.perf_counter() - self._began:.1f} sec")
