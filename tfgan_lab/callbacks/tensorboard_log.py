"""TensorBoard: scalars in groups, the snapshots, histograms of weights and directions."""

import pathlib
import time

import keras
import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.callbacks.writing import disk_errors
from tfgan_lab.latents import factorise
from tfgan_lab.models import GAN

# Keras' own callback knows neither both networks nor the snapshots; its groups are "epoch_...".
GROUPS = {
    "_loss": "loss",
    "_logits": "logits",
    "_penalty": "penalty",
    "_gradient_norm": "gradient_norm",
}
# What ADA is controlled by, and what it does.
AUGMENTATION = ("real_sign", "augment_probability")


class TensorBoardLog(keras.callbacks.Callback):
    """Writes the epoch's means, the speed and new snapshots to ``events``, over training steps.

    With every snapshot come histograms: of the kernels of both networks, and of how strongly the
    generator's first layer stretches the directions of the latents. Few of many directions that
    carry nearly all is an early sign of collapse.

    Args:
        directory: path of the run; ``tensorboard --logdir`` takes it or its parent.
        snapshots: an ``ImageSnapshots`` that stands before this callback in the list, or ``None``.
        diagnosis: a ``Diagnosis`` that stands before it, or ``None``; its signals and verdicts are
            written too.
    """

    def __init__(self, directory, snapshots=None, diagnosis=None):
        super().__init__()
        self.folder = pathlib.Path(directory) / run_layout.EVENTS
        self.snapshots = snapshots
        self.diagnosis = diagnosis
        self._writer = None
        self._epoch_began = (0.0, 0)

    def on_train_begin(self, logs=None):
        """Opens a file of events."""
        if self._writer is None:
            with disk_errors("events", self.folder):
                self._writer = tf.summary.create_file_writer(str(self.folder))

    def on_epoch_begin(self, epoch, logs=None):
        """Notes the time."""
        self._epoch_began = (time.monotonic(), int(self.model.images_seen.numpy()))

    def on_epoch_end(self, epoch, logs=None):
        """Writes scalars and, where there is a new one, the snapshot."""
        began, images_before = self._epoch_began
        seconds = time.monotonic() - began
        images = int(self.model.images_seen.numpy()) - images_before
        step = int(self.model.step.numpy())
        with disk_errors("events", self.folder), self._writer.as_default(step=step):
            for name, value in (logs or {}).items():
                tf.summary.scalar(_grouped(name), value)
            tf.summary.scalar("speed/images_per_second", images / seconds)
            tf.summary.scalar("progress/epoch", epoch + 1)
            if self.snapshots is not None and self.snapshots.latest is not None:
                snapshot_epoch, grid = self.snapshots.latest
                if snapshot_epoch == epoch + 1:
                    tf.summary.image("snapshots", grid[tf.newaxis])
                    self._write_histograms()
            if self.diagnosis is not None and self.diagnosis.reading_epoch == epoch + 1:
                for name, value in self.diagnosis.reading.items():
                    tf.summary.scalar(f"diagnosis/{name}", value)
                tf.summary.text("verdict", str(self.diagnosis.verdict))
            self._writer.flush()

    def _write_histograms(self):
        for network in (self.model.generator, self.model.discriminator):
            for weight in network.trainable_variables:
                if len(weight.shape) > 1:  # Kernels; of scales and biases there are too many.
                    tf.summary.histogram(f"{network.name}/{weight.path}", weight)
        if not isinstance(self.model, GAN):
            return
        try:
            shares = factorise(self.model, self.model.latents.size).shares
        except ValueError:  # The latents enter no dense layer.
            return
        tf.summary.histogram("latents/shares_of_directions", shares)

    def on_train_end(self, logs=None):
        """Closes the file."""
        self._writer.close()
        self._writer = None


def _grouped(name):
    if name in AUGMENTATION:
        return f"augmentation/{name}"
    for ending, group in GROUPS.items():
        if name.endswith(ending):
            return f"{group}/{name.removesuffix(ending)}"
    return f"other/{name}"
