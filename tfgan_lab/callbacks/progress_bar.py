"""A bar over the whole training, not one an epoch."""

import contextlib

from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.console import progress


class ProgressBar(TrainingCallback):
    """Shows how far the training is, images per second, the time left and the last losses.

    Keras' own bar restarts with every epoch, which on a small set lasts seconds, and can't say
    when the training ends.

    Args:
        images_per_epoch: int, training images of an epoch.
    """

    def __init__(self, images_per_epoch):
        super().__init__()
        self.images_per_epoch = images_per_epoch
        self._open = contextlib.ExitStack()
        self._update = None

    def on_train_begin(self, logs=None):
        """Opens the bar where the run stands."""
        self._update = self._open.enter_context(progress("Training", done=self.images_seen))

    def on_train_batch_end(self, batch, logs=None):
        """Moves it."""
        self._update(self.images_seen, self.params["epochs"] * self.images_per_epoch)

    def on_train_end(self, logs=None):
        """Closes the bar."""
        self._open.close()
