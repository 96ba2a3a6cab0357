"""Checkpoints from which a run resumes to the same bits."""

import errno
import os
import pathlib
import shutil
import time
import warnings

import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.callbacks.writing import disk_errors


class TrainingInterrupted(Exception):
    """Training was asked to stop, and stopped after a step with everything saved."""


class Checkpoints(TrainingCallback):
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
        self._checkpoint, self._is_there = None, False
        self._saved_at = time.monotonic()

    def set_model(self, model):
        """Binds the callback to a compiled model; ``fit`` does it, and so may you."""
        super().set_model(model)
        variables = model.checkpoint_variables()
        state = {name: variable.value for name, variable in variables.items()}
        self._checkpoint = tf.train.Checkpoint(state=state)
        self._is_there = self.folder.is_dir()

    def complete(self) -> list:
        """Paths of the checkpoints that are there, without their endings, oldest first."""
        paths = [path.with_suffix("") for path in self.folder.glob("step-*.index")]
        return sorted(
            (path for path in paths if path.name.removeprefix("step-").isdecimal()), key=_step_of
        )

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
                status = self._checkpoint.restore(str(path))
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
        """Writes a checkpoint now, and removes the oldest of more than ``keep``.

        Raises:
            OSError: it can't be written; those that were complete still are.
        """
        self._write()
        self._remove(self.complete()[: -self.keep])

    def keep_only_this(self):
        """Saves the state as it is now, and then removes all checkpoints of other steps.

        In this order: whatever happens in between, there is one to resume from.

        Raises:
            OSError: as of ``save``.
        """
        self._write()
        self._remove([path for path in self.complete() if _step_of(path) != self.step])

    def forget(self):
        """Removes all checkpoints."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._is_there = False

    def on_train_batch_end(self, batch, logs=None):
        """Saves within an epoch when the last checkpoint is old, and stops when asked to."""
        if not self._is_last_of_epoch():
            self._save_if(False)

    def on_epoch_end(self, epoch, logs=None):
        """Saves where it is due or the last checkpoint is old, and stops when asked to."""
        self._save_if(self.schedule.is_due(epoch + 1, last=self.params["epochs"]))

    def _save_if(self, is_due):
        asked_to_stop = self.should_stop()
        is_old = time.monotonic() - self._saved_at > self.every_seconds
        if asked_to_stop or is_due or is_old:
            self.save()
        if asked_to_stop:
            raise TrainingInterrupted(f"Stopped after step {self.step}.")

    def _is_last_of_epoch(self):
        # A run that resumes from there would never see this epoch's end: what the other callbacks
        # do then would be lost. It is saved after they have.
        steps = self.params.get("steps")
        return bool(steps) and self.step % steps == 0

    def _write(self):
        if self._is_there and not self.folder.is_dir():
            # TensorFlow would make it again, in a run that somebody has removed.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder))
        self._is_there = True
        self._remove_unfinished()
        try:
            with disk_errors("a checkpoint", self.folder):
                _ = self._checkpoint.save_counter  # Made now, for ``restore`` reads it.
                self._checkpoint.write(str(self.folder / f"step-{self.step}"))
        except OSError:
            self._remove_unfinished()
            raise
        self._saved_at = time.monotonic()

    def _remove(self, paths):
        for path in paths:
            for file in self.folder.glob(f"{path.name}.*"):
                file.unlink()

    def _remove_unfinished(self):
        for leftover in self.folder.glob("*_temp"):
            shutil.rmtree(leftover, ignore_errors=True)


def _step_of(path):
    return int(path.name.removeprefix("step-"))
