"""Says what is wrong while a model trains."""

import functools
import pathlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.diagnosis_record import DiagnosisRecord
from tfgan_lab.callbacks.schedule import ImageSchedule
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.console import is_quiet
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.diagnosis.signals import PATH, Signals
from tfgan_lab.diagnosis.verdict import judge
from tfgan_lab.files import write_atomically
from tfgan_lab.plots.grids import png_bytes, tile_rows

ON_FAILURE = ("warn", "stop", "rollback")
MAX_REFERENCE_IMAGES = 1000  # images that copies are looked for among
# Of the epoch that ends with a reading; they stand beside its signals.
TRAINING_LOGS = (
    "discriminator_loss",
    "generator_loss",
    "discriminator_gradient_norm",
    "generator_gradient_norm",
)


class Diagnosis(TrainingCallback):
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
        if on_failure == "rollback" and checkpoints is None:
            raise ValueError(
                "Expected checkpoints with on_failure='rollback'. Received: checkpoints=None"
            )
        self.schedule = ImageSchedule(every_images)
        self.images, self.held_out = images, held_out
        self.on_failure = on_failure
        self.checkpoints = checkpoints
        self.verdict, self.reading, self.reading_epoch = None, {}, 0
        self._record = DiagnosisRecord(directory)
        self._missing_modes = pathlib.Path(directory) / run_layout.MISSING_MODES
        self._signals = signals
        self._failures = FAILURES if signals is None else signals.failures
        self._must_go_back = False

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
        self._recall(self.images_seen)
        self.schedule.resume(self.last_images)
        if getattr(self._signals, "path", None) is not None:
            self._signals.path = list(self._record.points.values())[-PATH - 1 :]

    def on_epoch_end(self, epoch, logs=None):
        """Reads and judges, if it is time; the last epoch always is."""
        epoch += 1
        if not self.schedule.is_due(self.images_seen, epoch == self.params["epochs"]):
            return
        self.reading_epoch = epoch
        means = {name: float(logs[name]) for name in TRAINING_LOGS if name in (logs or {})}
        counts = {"images": self.images_seen, "step": self.step}
        self._judge(counts | means, self._signals.read(self.model))

    def on_train_end(self, logs=None):
        """Goes back where that is to be done: the epoch's other callbacks have seen its model."""
        if self._must_go_back:
            self.go_back()

    def has_stopped(self, model) -> bool:
        """Whether the run of a restored model was stopped right there, for its verdict.

        Args:
            model: ``AdversarialModel``.
        """
        seen = int(model.images_seen.numpy())
        self._recall(seen)
        return self.on_failure != "warn" and self.has_failed and self.last_images == seen

    @property
    def has_failed(self) -> bool:
        """Whether the last verdict was a failure."""
        return self.verdict is not None and self.verdict.is_failure

    @property
    def last_images(self) -> int:
        """Training images seen at the last reading."""
        readings = self._record.readings
        return readings[-1]["images"] if readings else 0

    def note_non_finite(self, error):
        """Takes a reading of values that were not finite: ``FiniteGuard`` ended the training.

        Args:
            error: its ``NonFiniteError``.
        """
        self._judge({"images": error.images, "step": error.step}, {"finite": 0.0})
        self.on_train_end()  # Which an exception has left out.

    def go_back(self):
        """Puts the model where it was before the failure's first reading."""
        since = self.verdict.since_images
        first = next(each for each in self._record.readings if each["images"] >= since)
        # A state of before an earlier rollback lacks the penalties that this one brought.
        if self.checkpoints.restore(before_step=first["step"], exact=False):
            self.checkpoints.keep_only_this()
        else:
            self.checkpoints.forget()  # What there is, is of the failure itself.
        self._must_go_back = False

    def _recall(self, seen):
        self._record.recall(seen)
        readings = self._record.readings
        self.verdict = judge(readings, self._failures) if readings else None

    def _judge(self, state, signals):
        self.reading = _finite(signals)
        path = getattr(self._signals, "path", None)
        self._record.append(_finite(state) | self.reading, path[-1] if path else None)
        before, self.verdict = self.verdict, judge(self._record.readings, self._failures)
        self._record.write(self.verdict)
        if "dropped_modes" in (self.verdict.name, *self.verdict.others):
            sheet = tile_rows(self._signals.missing_modes())
            write_atomically(self._missing_modes, png_bytes(sheet))
        else:
            self._missing_modes.unlink(missing_ok=True)
        if (before is None or before.name != self.verdict.name) and not is_quiet():
            print(f"\n{self.verdict}", flush=True)
        if self.verdict.is_healthy and self.checkpoints is not None:
            self.checkpoints.save()  # One too young to be judged may be spoiled already.
        if self.verdict.is_failure and self.on_failure != "warn":
            self.model.stop_training = True
            self._must_go_back = self.on_failure == "rollback"

    def _make_signals(self):
        images = self.training_images(self.images)
        augment = functools.partial(images.augmented, num_variants=1)
        return Signals(
            images.sample(MAX_REFERENCE_IMAGES),
            self.held_out,
            augment if images.augmentation is not None else None,
            seed=images.seed,
            labels=images.sample_labels(MAX_REFERENCE_IMAGES) if self.model.num_classes else None,
        )


def _finite(values):
    """Values as JSON has them: what is not a number is left out."""
    return {name: value for name, value in values.items() if np.isfinite(value)}
