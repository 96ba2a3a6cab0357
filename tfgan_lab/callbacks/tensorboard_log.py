"""TensorBoard: scalars in groups, the snapshots, histograms of weights and directions."""

import time

import tensorflow as tf

from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.callbacks.writing import Events
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


class TensorBoardLog(TrainingCallback):
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
        self.snapshots = snapshots
        self.diagnosis = diagnosis
        self._events = Events(directory)
        self._epoch_began = (0.0, 0)

    def on_epoch_begin(self, epoch, logs=None):
        """Notes the time."""
        self._epoch_began = (time.monotonic(), self.images_seen)

    def on_epoch_end(self, epoch, logs=None):
        """Writes scalars and, where there is a new one, the snapshot."""
        began, images_before = self._epoch_began
        speed = (self.images_seen - images_before) / (time.monotonic() - began)
        with self._events.at(self.step):
            for name, value in (logs or {}).items():
                tf.summary.scalar(_grouped(name), value)
            tf.summary.scalar("speed/images_per_second", speed)
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

    def on_train_end(self, logs=None):
        """Closes the file."""
        self._events.close()

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


def _grouped(name):
    if name in AUGMENTATION:
        return f"augmentation/{name}"
    for ending, group in GROUPS.items():
        if name.endswith(ending):
            return f"{group}/{name.removesuffix(ending)}"
    return f"other/{name}"
