"""Says what is wrong while a model trains."""

import functools
import io
import pathlib
import zipfile
import zlib

import keras
import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.console import is_quiet
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.diagnosis.signals import PATH, Signals
from tfgan_lab.diagnosis.verdict import judge
from tfgan_lab.files import read_json, write_atomically, write_json
from tfgan_lab.plots.grids import png_bytes, tile_rows

KEPT_READINGS = 32  # readings whose points are kept: more than a run ever goes back by
ON_FAILURE = ("warn", "stop", "rollback")
MAX_REFERENCE_IMAGES = 1000  # images that copies are looked for among
# Of the epoch that ends with a reading; they stand beside its signals.
TRAINING_LOGS = (
    "discriminator_loss",
    "generator_loss",
    "discriminator_gradient_norm",
    "generator_gradient_norm",
)


class Diagnosis(keras.callbacks.Callback):
    """Reads the signals every so often, judges them, and tells when the verdict changes.

    ``verdict.json`` holds the verdict and all readings, each with the losses and the norms of
    gradients of the epoch before it, ``readings.npz`` the points that the last
    of them were measured along. Where kinds of images were lost, ``missing_modes.png`` shows
    training images of each, a row a kind. A run that is resumed takes back readings beyond its
    step, as it does with the log.

    Args:
        directory: path of the run.
        images: the ``ImageSet`` that the model trains on; those that ``fit`` got, unless given.
        held_out: float array of real images that it doesn't train on, or ``None``: only they
            show an overfitting discriminator, and they show copies better.
        every_images: int, training images between two readings.
        on_failure: ``"warn"`` continues, ``"stop"`` ends the training, ``"rollback"`` puts the
            model back to the last healthy state before the failure began, when the epoch's other
            callbacks have seen it, and ends the training: what ``tfgan-lab train`` then does is to
            change what the failure's table says and to train on.
        checkpoints: ``Checkpoints`` in a folder of their own, with ``keep=8``, in which healthy
            states are kept; needed for ``"rollback"``.
        signals: what reads the model, such as ``tfgan_lab.diagnosis.TranslationSignals``;
            ``Signals`` of the images unless given.

    Attributes:
        verdict: the ``Verdict`` of the last reading, or ``None`` before the first.
        reading: dict of the last reading's signals.
        reading_epoch: int, at the end of which it was taken, from 1.

    Example:
        >>> import tfgan_lab as tgl
        >>> diagnosis = tgl.callbacks.Diagnosis("run", every_images=2_000, on_failure="stop")
    """

    def __init__(
        self,
        directory,
        images=None,
        *,
        held_out=None,
        every_images=4_000,
        on_failure="warn",
        checkpoints=None,
        signals=None,
    ):
        super().__init__()
        if on_failure not in ON_FAILURE:
            raise ValueError(
                f"Expected on_failure out of {', '.join(ON_FAILURE)}. Received: {on_failure!r}"
            )
        if every_images < 1:
            raise ValueError(f"Expected every_images from 1. Received: {every_images}")
        if on_failure == "rollback" and checkpoints is None:
            raise ValueError(
                "Expected checkpoints with on_failure='rollback'. Received: checkpoints=None"
            )
        self.path = pathlib.Path(directory) / run_layout.VERDICT
        self.images = images
        self.held_out = held_out
        self.every_images = every_images
        self.on_failure = on_failure
        self.checkpoints = checkpoints
        self.verdict, self.reading, self.reading_epoch = None, {}, 0
        self._signals = signals
        self._failures = FAILURES if signals is None else signals.failures
        self._readings = []
        self._points = {}
        self._next, self._must_go_back = 0, False

    def set_model(self, model):
        """Binds the callback, and its checkpoints, to a model."""
        super().set_model(model)
        if self.checkpoints is not None:
            self.checkpoints.set_model(model)

    def on_train_begin(self, logs=None):
        """Takes back readings beyond the model's step."""
        if self._signals is None:
            self._signals = self._make_signals()
        self._must_go_back = False
        self._recall_points(self._recall_readings(self.model))
        # Not of the images seen: within an epoch they may be beyond a reading that its end gets.
        self._next = (self.last_images // self.every_images + 1) * self.every_images

    def on_epoch_end(self, epoch, logs=None):
        """Reads and judges, if it is time; the last epoch always is."""
        seen = int(self.model.images_seen.numpy())
        if seen < self._next and epoch + 1 < self.params["epochs"]:
            return
        self._next = (seen // self.every_images + 1) * self.every_images
        self.reading_epoch = epoch + 1
        means = {name: float(logs[name]) for name in TRAINING_LOGS if name in (logs or {})}
        self._judge(self._signals.read(self.model), means)

    def on_train_end(self, logs=None):
        """Goes back where that is to be done: the epoch's other callbacks have seen its model."""
        if self._must_go_back:
            self.go_back()

    def has_stopped(self, model) -> bool:
        """Whether the run of a restored model was stopped right there, for its verdict.

        Args:
            model: ``AdversarialModel``.
        """
        seen = self._recall_readings(model)
        return self.on_failure != "warn" and self.has_failed and self.last_images == seen

    @property
    def has_failed(self) -> bool:
        """Whether the last verdict was a failure."""
        return self.verdict is not None and self.verdict.is_failure

    @property
    def last_images(self) -> int:
        """Training images seen at the last reading."""
        return self._readings[-1]["images"] if self._readings else 0

    def note_non_finite(self, error):
        """Takes a reading of values that were not finite: ``FiniteGuard`` ended the training.

        Args:
            error: its ``NonFiniteError``.
        """
        self._judge({"finite": 0.0}, state={"images": error.images, "step": error.step})
        self.on_train_end()  # Which an exception has left out.

    def go_back(self):
        """Puts the model where it was before the failure's first reading."""
        first = next(each for each in self._readings if each["images"] >= self.verdict.since_images)
        # A state of before an earlier rollback lacks the penalties that this one brought.
        if self.checkpoints.restore(before_step=first["step"], exact=False):
            self.checkpoints.keep_only_this()
        else:
            self.checkpoints.forget()  # What there is, is of the failure itself.
        self._must_go_back = False

    def _judge(self, signals, means=(), state=None):
        if state is None:
            state = {"images": self.model.images_seen, "step": self.model.step}
            state = {name: int(counter.numpy()) for name, counter in state.items()}
        self.reading = _plain(signals)
        self._readings.append(state | _plain(dict(means)) | self.reading)
        self._keep_points(state["images"])
        before, self.verdict = self.verdict, judge(self._readings, self._failures)
        write_json(self.path, {"verdict": self.verdict.to_dict(), "readings": self._readings})
        self._show_missing()
        if (before is None or before.name != self.verdict.name) and not is_quiet():
            print(f"\n{self.verdict}", flush=True)
        if self.verdict.is_healthy and self.checkpoints is not None:
            self.checkpoints.save()  # One too young to be judged may be spoiled already.
        if self.verdict.is_failure and self.on_failure != "warn":
            self.model.stop_training = True
            self._must_go_back = self.on_failure == "rollback"

    def _recall_readings(self, model):
        """Takes the readings up to the model's step from the file; returns the images seen."""
        seen = int(model.images_seen.numpy())
        readings = _read_readings(self.path) if self.path.exists() else []
        self._readings = [reading for reading in readings if reading["images"] <= seen]
        self.verdict = judge(self._readings, self._failures) if self._readings else None
        return seen

    def _show_missing(self):
        path = self.path.with_name(run_layout.MISSING_MODES)
        if "dropped_modes" in (self.verdict.name, *self.verdict.others):
            write_atomically(path, png_bytes(tile_rows(self._signals.missing_modes())))
        else:
            path.unlink(missing_ok=True)

    def _recall_points(self, seen):
        """Lets the signals continue along the path that readings up to here have left."""
        file = self.path.with_name(run_layout.READINGS)
        self._points = _read_points(file) if file.exists() else {}
        self._points = {images: each for images, each in self._points.items() if images <= seen}
        if getattr(self._signals, "path", None) is not None:
            self._signals.path = list(self._points.values())[-PATH - 1 :]

    def _keep_points(self, images):
        if not getattr(self._signals, "path", None):
            return
        self._points[images] = self._signals.path[-1]
        self._points = dict(list(self._points.items())[-KEPT_READINGS:])
        content = io.BytesIO()
        np.savez(content, **{str(images): points for images, points in self._points.items()})
        write_atomically(self.path.with_name(run_layout.READINGS), content.getvalue())

    def _make_signals(self):
        images = self.images or self.model.training_images
        if images is None:
            raise ValueError(
                "Expected fit to get a tfgan_lab.data.ImageSet, or Diagnosis to get it as "
                "images=. Received: other data"
            )
        augment = functools.partial(images.augmented, num_variants=1)
        return Signals(
            images.sample(MAX_REFERENCE_IMAGES),
            self.held_out,
            augment if images.augmentation is not None else None,
            seed=images.seed,
            labels=images.sample_labels(MAX_REFERENCE_IMAGES) if self.model.num_classes else None,
        )


def _read_readings(path):
    """The readings of a ``verdict.json``."""
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
    """Dict of training images seen to the points of the reading there, oldest first."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {int(images): file[images] for images in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"Expected the points of the last readings in {path}. Received: a damaged file "
            f"({error}); without it the next reading has no motion"
        ) from error


def _plain(signals):
    """Signals as JSON has them: what is not a number is left out."""
    return {name: value for name, value in signals.items() if np.isfinite(value)}
