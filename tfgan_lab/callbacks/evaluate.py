"""Measures the sampling generator while a model trains, and chooses which one is released."""

import pathlib

import numpy as np
import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.callbacks.released_generators import ReleasedGenerators
from tfgan_lab.callbacks.schedule import ImageSchedule
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.callbacks.writing import Events
from tfgan_lab.console import is_quiet, progress
from tfgan_lab.metrics.choice import choose_features
from tfgan_lab.metrics.evaluation_records import append_evaluations, keep_evaluations
from tfgan_lab.metrics.evaluator import Evaluator, labels_like
from tfgan_lab.metrics.readings import Readings
from tfgan_lab.randomness import Purpose, key

MOST_FAKES = 500  # generated images of a reading, and real ones: more would cost, and tell little


class Evaluate(TrainingCallback):
    """Evaluates every so often, always on the same latents, and releases the generator if as good.

    Values go to ``metrics.json`` with their protocol and to TensorBoard. The sampling generator
    (the moving average, where one is kept) becomes ``generator.keras``, and its images
    ``snapshots/released.png``, wherever its value of the first metric can't be told from the best
    one so far (``Readings.released``). On small sets quality may peak and then fall: when the run
    is past its best, it says so. A run that is resumed takes back values beyond its step, and
    finds what was released there again. Nothing of training changes.

    Args:
        directory: path of the run.
        images: the ``ImageSet`` that the model trains on.
        every_images: int, training images between two readings; the last epoch always counts.
        metrics: names out of ``tfgan_lab.metrics.METRICS``; the first one decides what is
            released.
        features: a ``tfgan_lab.metrics.Features``, not the discriminator's; a ``RandomEmbedding``
            unless given.
        num_fakes: int, generated images, and most real ones; as many as there are real ones, up
            to 500, unless given.
        time_limit: float, seconds that one evaluation may take; what takes longer is left out,
            with a note.

    Attributes:
        readings: ``Readings`` of the first metric so far.
        latest: list of the last evaluation's ``Evaluation``.
    """

    def __init__(
        self,
        directory,
        images,
        every_images=4_000,
        metrics=("kid",),
        features=None,
        num_fakes=None,
        time_limit=300.0,
    ):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.schedule = ImageSchedule(every_images)
        self.readings, self.latest = Readings(()), []
        num_fakes = num_fakes or min(len(images), MOST_FAKES)
        # Equally many of both sides, and their features are taken once.
        reals = images.sample(num_fakes)
        self._labels = images.sample_labels(num_fakes)
        self._evaluator = Evaluator(
            reals,
            features or choose_features("random", reals),
            metrics,
            num_fakes=num_fakes,
            time_limit=time_limit,
        )
        self._generators = ReleasedGenerators(directory)
        self._events = Events(directory, ".metrics")

    def on_train_begin(self, logs=None):
        """Takes back values beyond the model's step, and finds what the others released."""
        self.take_back()

    def take_back(self):
        """Forgets what was measured beyond the model's step, and releases what was released there.

        Raises:
            ValueError: the generator to release is missing.
        """
        self._note(keep_evaluations(self.directory, self.images_seen)[1])
        self._generators.go_back(self.images_seen)
        released, kept = self.readings.released, self._generators.kept()
        if released is not None and released["images"] not in kept:
            raise ValueError(
                f"Expected the generator of image {released['images']:,} in "
                f"{self._generators.folder}. Received: none; restore it, or remove "
                f"{run_layout.METRICS}, and the readings start over"
            )
        self.schedule.resume(self.readings.entries[-1]["images"] if self.readings.entries else 0)

    def on_epoch_end(self, epoch, logs=None):
        """Evaluates if it is time; the last epoch always is."""
        epoch += 1
        if not self.schedule.is_due(self.images_seen, epoch == self.params["epochs"]):
            return
        try:
            with progress("Evaluating") as update:
                self.latest = self._evaluator.evaluate(self._sample, update)
        except TimeoutError as error:
            print(f"\nNote: epoch {epoch} was not evaluated. {error}.")
            return
        self._record(epoch)
        with self._events.at(self.step):
            for evaluation in self.latest:
                tf.summary.scalar(evaluation.tag(), evaluation.value)

    def on_train_end(self, logs=None):
        """Closes the file of events."""
        self._events.close()

    def _record(self, epoch):
        """Writes the values down, and releases the generator if it is as good as the best."""
        where = {
            "epoch": epoch,
            "images": self.images_seen,
            "generator": run_layout.LAST_GENERATOR,
            "during_training": True,
        }
        before = self.readings
        self._note([*before.entries, *(where | each.to_dict() for each in self.latest)])
        is_released = self.readings.released is not before.released
        if is_released:
            # Before the value: what was killed in between is done again from a checkpoint.
            self._generators.keep(self.model)
        append_evaluations(
            self.directory, self.latest, **where, past_best=self.readings.are_past_best
        )
        if is_released:
            self._generators.release()
        self._generators.forget_unreachable(self.model)
        if self.readings.are_past_best and not before.are_past_best and not is_quiet():
            print(f"\n{self.readings.warn()}", flush=True)

    def _note(self, entries):
        self.readings = Readings.of(entries, self._evaluator.metrics[0])

    def _sample(self, count, index):
        # Index 0 is the snapshots': a generator should not be chosen by what is looked at.
        latents = self.model.latents.sample(
            count, key(self.model.seed, 0, Purpose.SAMPLES, index + 1)
        )
        labels = None
        if self.model.num_classes:
            labels = labels_like(self._labels, count, index)
        return np.clip(self.model.generate(latents, labels), -1, 1)
