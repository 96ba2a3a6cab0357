"""Checkpoints from which a run resumes to the same bits."""

import errno
import os
import pathlib
import shutil
import time
import warnings

import keras
import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.callbacks.writing import disk_errors


class TrainingInterrupted(Exception):
    """Training was asked to stop, and stopped after a step with everything saved."""


class Checkpoints(keras.callbacks.Callback):
    """Saves the whole state of training, and restores it.

    The state is ``AdversarialModel.checkpoint_variables()``: weights, moving average, both
    optimisers, the step, the epoch's running means. Data order and randomness are functions of
    seed and step and need no saving. TensorFlow writes a checkpoint aside and renames it, so one
    that is being written when the process dies costs nothing but itself.

    Args:
        directory: path of the run.
        every: int, period in epochs; the last epoch always counts.
        every_seconds: float; a checkpoint is also written, within the epoch, when the last is
            older than this.
        keep: int, number of checkpoints to keep; two, so that a damaged one has a predecessor.
        should_stop: callable without arguments, asked after every step. When it says yes,
            the state is saved and ``TrainingInterrupted`` raised.
        folder: name of the folder in ``directory`` that the files go into.
    """

    def __init__(
        self,
        directory,
        every=10,
        every_seconds=300.0,
        keep=2,
        should_stop=None,
        folder=run_layout.CHECKPOINTS,
    ):
        super().__init__()
        self.folder = pathlib.Path(directory) / folder
        self.schedule = Schedule(every)
        self.every_seconds = every_seconds
        self.keep = keep
        self.should_stop = should_stop or (lambda: False)
        self._manager = None
        self._is_there = False
        self._saved_at = time.monotonic()

    def set_model(self, model):
        """Binds the callback to a compiled model; ``fit`` does it, and so may you."""
        super().set_model(model)
        checkpoint = _checkpoint_of(model.checkpoint_variables())
        arguments = {"max_to_keep": self.keep, "checkpoint_name": "step"}
        try:
            self._manager = tf.train.CheckpointManager(checkpoint, self.folder, **arguments)
        except ValueError:
            # TensorFlow's list of checkpoints is damaged. What it lists is seen without it.
            (self.folder / "checkpoint").unlink()
            self._manager = tf.train.CheckpointManager(checkpoint, self.folder, **arguments)
        self._is_there = self.folder.is_dir()

    def complete(self) -> list:
        """Paths of the checkpoints that are there, oldest first, by what lies in the folder.

        TensorFlow's own list of them is a file, and may be damaged where they are not.
        """
        paths = [path.with_suffix("") for path in self.folder.glob("step-*.index")]
        return sorted((str(path) for path in paths if _is_numbered(path)), key=_step_of)

    def restore(self, before_step=None, exact=True) -> bool:
        """Puts the model into the state of the newest checkpoint that can be read.

        Args:
            before_step: int, take only checkpoints of earlier steps; ``None`` for any.
            exact: whether everything in the model and in the file must match. Otherwise a model
                that was built with another penalty or augmenter keeps that one's first state.

        Returns:
            Whether there was one.

        Raises:
            ValueError: there are checkpoints, but none can be read, or they are of another model.
        """
        failures = []
        for path in reversed(self.complete()):
            if before_step is not None and _step_of(path) >= before_step:
                continue
            try:
                status = self._manager.checkpoint.restore(path)
                if exact:
                    status.assert_consumed()
                else:
                    status.expect_partial()
            except AssertionError as error:
                raise ValueError(
                    f"Expected a checkpoint of this model in {self.folder}. Received: one of "
                    "another architecture or version"
                ) from error
            except (tf.errors.OpError, ValueError, RuntimeError, IndexError) as error:
                failures.append(path)
                warnings.warn(
                    f"The checkpoint {path} is damaged and left aside ({type(error).__name__}).",
                    stacklevel=2,
                )
                continue
            return True
        if failures:
            raise ValueError(
                f"Expected a readable checkpoint in {self.folder}. Received: {len(failures)} "
                "damaged. --overwrite starts over"
            )
        return False

    def save(self):
        """Writes a checkpoint now.

        Raises:
            OSError: it can't be written; those that were complete still are.
        """
        self._write()
        self._remove(self.complete()[: -self.keep])  # What TensorFlow's list had lost.
        self._saved_at = time.monotonic()

    def keep_only_this(self):
        """Saves the state as it is now, and then removes all checkpoints of other steps.

        In this order: whatever happens in between, there is one to resume from.

        Raises:
            OSError: it can't be written; those that were complete still are.
        """
        self._write()
        step = int(self.model.step.numpy())
        self._remove([path for path in self.complete() if _step_of(path) != step])
        self.set_model(self.model)  # Another manager, whose list is what is left.
        self._saved_at = time.monotonic()

    def forget(self):
        """Removes all checkpoints."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.set_model(self.model)

    def on_train_batch_end(self, batch, logs=None):
        """Saves within an epoch when the last checkpoint is old, and stops when asked to."""
        asked_to_stop, is_old = self.should_stop(), self._is_old()
        if not (asked_to_stop or is_old) or self._is_last_of_epoch():
            return
        self.save()
        if asked_to_stop:
            self._stop()

    def on_epoch_end(self, epoch, logs=None):
        """Saves where it is due or the last checkpoint is old, and stops when asked to."""
        asked_to_stop = self.should_stop()
        is_due = self.schedule.is_due(epoch + 1, last=self.params["epochs"])
        if asked_to_stop or is_due or self._is_old():
            self.save()
        if asked_to_stop:
            self._stop()

    def _is_old(self):
        return time.monotonic() - self._saved_at > self.every_seconds

    def _is_last_of_epoch(self):
        # A run that resumes from there would never see this epoch's end: what the other callbacks
        # do then would be lost. It is saved after they have.
        steps = self.params.get("steps")
        return bool(steps) and int(self.model.step.numpy()) % steps == 0

    def _stop(self):
        raise TrainingInterrupted(f"Stopped after step {int(self.model.step.numpy())}.")

    def _write(self):
        if self._is_there and not self.folder.is_dir():
            # TensorFlow would make it again, in a run that somebody has removed.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder))
        self._is_there = True
        self._remove_unfinished()
        try:
            with disk_errors("a checkpoint", self.folder):
                self._manager.save(checkpoint_number=int(self.model.step.numpy()))
        except OSError:
            self._remove_unfinished()
            raise

    def _remove(self, paths):
        for path in paths:
            for file in self.folder.glob(f"{pathlib.Path(path).name}.*"):
                file.unlink()

    def _remove_unfinished(self):
        for leftover in self.folder.glob("*_temp"):
            shutil.rmtree(leftover, ignore_errors=True)


def _checkpoint_of(variables):
    return tf.train.Checkpoint(state={name: each.value for name, each in variables.items()})


def _is_numbered(path):
    return path.name.removeprefix("step-").isdecimal()


def _step_of(path):
    return int(path.rsplit("-", 1)[1])
