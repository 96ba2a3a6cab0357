"""Says what is wrong while a model trains."""

import functools
import pathlib

import keras
import numpy as np

from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.diagnosis.verdict import judge
from tfgan_lab.files import read_json, write_json

FILE = "verdict.json"
ON_FAILURE = ("warn", "stop")
MOST_TRAINING = 1000  # pictures that copies are looked for among


class Diagnosis(keras.callbacks.Callback):
    """Reads the signals every so often, judges them, and tells when the verdict changes.

    ``verdict.json`` holds the verdict and all readings. A run that is resumed takes back readings
    beyond its step, as it does with the log.

    Args:
        directory: path of the run.
        pictures: the ``Pictures`` that the model trains on.
        held_out: float array of real pictures that it doesn't train on, or ``None``; copies and
            an overfitting discriminator are seen only against them.
        every_images: int, training pictures between two readings.
        on_failure: ``"warn"`` goes on, ``"stop"`` ends the training.
        num_fakes: int, fixed latents that are looked at.

    Attributes:
        verdict: the ``Verdict`` of the last reading, or ``None`` before the first.
    """

    def __init__(
        self,
        directory,
        pictures,
        *,
        held_out=None,
        every_images=4_000,
        on_failure="warn",
        num_fakes=128,
    ):
        super().__init__()
        if on_failure not in ON_FAILURE:
            raise ValueError(
                f"Expected on_failure out of {', '.join(ON_FAILURE)}. Received: {on_failure!r}"
            )
        if every_images < 1:
            raise ValueError(f"Expected every_images from 1. Received: {every_images}")
        self.path = pathlib.Path(directory) / FILE
        self.every_images = every_images
        self.on_failure = on_failure
        self.verdict = None
        augment = functools.partial(pictures.augmented, num_variants=1)
        self._signals = Signals(
            pictures.sample(MOST_TRAINING),
            held_out,
            augment if pictures.augmentation is not None else None,
            num_fakes,
            seed=pictures.seed,
        )
        self._readings = []
        self._next = 0

    def on_train_begin(self, logs=None):
        """Takes back readings beyond the model's step."""
        seen = int(self.model.images_seen.numpy())
        readings = read_json(self.path)["readings"] if self.path.exists() else []
        self._readings = [reading for reading in readings if reading["images"] <= seen]
        self._next = (seen // self.every_images + 1) * self.every_images
        self.verdict = judge(self._readings) if self._readings else None

    def on_epoch_end(self, epoch, logs=None):
        """Reads and judges, if it is time; the last epoch always is."""
        seen = int(self.model.images_seen.numpy())
        if seen < self._next and epoch + 1 < self.params["epochs"]:
            return
        self._next = (seen // self.every_images + 1) * self.every_images
        reading = {"images": seen, "epoch": epoch + 1} | _plain(self._signals.read(self.model))
        self._readings.append(reading)
        before, self.verdict = self.verdict, judge(self._readings)
        write_json(self.path, {"verdict": self.verdict.to_dict(), "readings": self._readings})
        if before is None or before.name != self.verdict.name:
            print(f"\n{self.verdict}")
        if self.verdict.is_failure and self.on_failure == "stop":
            self.model.stop_training = True


def _plain(signals):
    """Signals as JSON has them: what is not a number is left out."""
    return {name: value for name, value in signals.items() if np.isfinite(value)}
