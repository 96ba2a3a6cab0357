"""Measures the sampling generator while a model trains, and keeps the best one."""

import math
import pathlib

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.callbacks.generator_release import class_names_of, release_generator
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.callbacks.writing import disk_errors
from tfgan_lab.console import progress
from tfgan_lab.metrics.choice import choose_features
from tfgan_lab.metrics.evaluation import Evaluator, labels_like
from tfgan_lab.metrics.records import append_evaluations, keep_evaluations
from tfgan_lab.randomness import Purpose, key

BEST = "best_generator.keras"
_WORSE = {
    "low": lambda value: value,
    "high": lambda value: -value,
    "near 1": lambda value: abs(math.log(max(value, 1e-12))),
    "near 0": abs,
}


class Evaluate(keras.callbacks.Callback):
    """Evaluates every so often, always on the same latents, and keeps the best generator.

    Values go to ``metrics.json`` with their protocol and to TensorBoard; ``best_generator.keras``
    is the sampling generator (the moving average, where one is kept) with the best value so far
    of the first metric. On small sets the best is seldom the last. A run that is resumed takes
    back values beyond its step. Nothing of training changes.

    Args:
        directory: path of the run.
        pictures: the ``Pictures`` that the model trains on.
        every: int, period in epochs; the last epoch always counts.
        metrics: names out of ``tfgan_lab.metrics.MEASURES``; the first one decides on the best.
        features: a ``tfgan_lab.metrics.Features``; a ``RandomEmbedding`` unless given.
        num_fakes: int, generated pictures; as many as there are real ones, up to 2000, unless
            given.
        time_limit: float, seconds that one evaluation may take; what takes longer is left out,
            with a note.

    Attributes:
        best: (epoch, value) of the best generator so far, or ``None``.
        latest: list of the last evaluation's ``Evaluation``.
    """

    def __init__(
        self,
        directory,
        pictures,
        every=10,
        metrics=("kid",),
        features=None,
        num_fakes=None,
        time_limit=300.0,
    ):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.schedule = Schedule(every)
        self.best, self.latest = None, []
        self._evaluator = Evaluator(
            pictures.images,
            features or choose_features("random", pictures.images),
            metrics,
            num_fakes=num_fakes or min(len(pictures), 2000),
            time_limit=time_limit,
        )
        self._labels = pictures.labels
        self._writer = None

    def on_train_begin(self, logs=None):
        """Takes back values beyond the model's step, and finds the best of the others."""
        seen = int(self.model.images_seen.numpy())
        entries, kept = keep_evaluations(self.directory, seen)
        best_of_all = self._best_of(entries)
        if self._best_of(kept) != best_of_all:
            # Of what a run has gone back from: the same epoch may come out otherwise this time.
            for name in (BEST, f"{BEST}.sha256"):
                (self.directory / name).unlink(missing_ok=True)
            self.best = None
        self._writer = tf.summary.create_file_writer(
            str(self.directory / "events"), filename_suffix=".metrics"
        )

    def on_epoch_end(self, epoch, logs=None):
        """Evaluates where it is due."""
        epoch += 1
        if not self.schedule.is_due(epoch, last=self.params["epochs"]):
            return
        try:
            with progress("Evaluating") as update:
                self.latest = self._evaluator.evaluate(self._sample, update)
        except TimeoutError as error:
            print(f"\nNote: epoch {epoch} was not evaluated. {error}.")
            return
        append_evaluations(
            self.directory,
            self.latest,
            epoch=epoch,
            images=int(self.model.images_seen.numpy()),
            generator="generator.keras",
            during_training=True,
        )
        step = int(self.model.step.numpy())
        with disk_errors("events", self.directory), self._writer.as_default(step=step):
            for evaluation in self.latest:
                tf.summary.scalar(f"metrics/{evaluation.metric}", evaluation.value)
            self._writer.flush()
        first = self.latest[0]
        if self._is_best(epoch, first.to_dict()["value"], first.better):
            names = class_names_of(self.model)
            release_generator(self.model.sampling_generator, self.directory / BEST, names)

    def on_train_end(self, logs=None):
        """Closes the file of events."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _sample(self, count, index):
        # Index 0 is the snapshots': a generator should not be chosen by what is looked at.
        latents = self.model.latents.sample(
            count, key(self.model.seed, 0, Purpose.SAMPLES, index + 1)
        )
        labels = None
        if self.model.num_classes:
            labels = labels_like(self._labels, count, index)
        return np.clip(self.model.generate(latents, labels), -1, 1)

    def _best_of(self, entries):
        """Epoch and value of the best of some entries, which are then the ones to beat."""
        entry = best_entry(entries, self._evaluator.metrics[0])
        self.best = entry and (entry["epoch"], entry["value"])
        return self.best

    def _is_best(self, epoch, value, better):
        """Whether a value is the best so far, which is then noted."""
        if value is None or (
            self.best is not None and _WORSE[better](value) >= _WORSE[better](self.best[1])
        ):
            return False
        self.best = (epoch, value)
        return True


def best_entry(entries, metric=None):
    """Which evaluation while training the best generator is of.

    Args:
        entries: list of dicts, a run's ``metrics.json``.
        metric: the one that decides; the first that was taken unless given.

    Returns:
        One of the entries, the first of equally good ones; ``None`` where there is none.
    """
    taken = [entry for entry in entries if entry.get("during_training")]
    metric = metric or (taken[0]["metric"] if taken else None)
    taken = [entry for entry in taken if entry["metric"] == metric and entry["value"] is not None]
    return min(taken, key=lambda entry: _WORSE[entry["better"]](entry["value"]), default=None)
