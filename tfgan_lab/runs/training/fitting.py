"""What every kind of run does: resume where its directory stopped, fit, and leave it whole."""

import contextlib
import dataclasses

import tensorflow as tf

from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import check_log
from tfgan_lab.console import is_quiet, shows_progress, verbosity


@dataclasses.dataclass
class RunCallbacks:
    """The callbacks that write a run directory.

    Args:
        writers: list of callbacks that log and show, in their order; ``None`` for one that isn't
            wanted.
        release: ``GeneratorRelease``.
        checkpoints: ``Checkpoints``.
        diagnosis: the ``Diagnosis`` among the writers, or ``None``.
        evaluation: the ``Evaluate`` among the writers, or ``None``.
        guard: ``FiniteGuard``.
    """

    writers: list
    release: cb.GeneratorRelease
    checkpoints: cb.Checkpoints
    diagnosis: cb.Diagnosis | None = None
    evaluation: cb.Evaluate | None = None
    guard: cb.FiniteGuard = dataclasses.field(default_factory=cb.FiniteGuard)

    def in_order(self, others) -> list:
        """All of them, with further callbacks before those that save.

        Args:
            others: list of callbacks.
        """
        writers = [callback for callback in self.writers if callback is not None]
        return [self.guard, *writers, *others, self.release, self.checkpoints]

    def save_and_close(self, is_back):
        """Releases and saves the model of a training that was stopped.

        Args:
            is_back: bool, whether it is back at an earlier state than what was saved last.
        """
        if is_back and self.evaluation is not None:
            self.evaluation.take_back()
        self.release.release()
        if is_back:
            self.checkpoints.keep_only_this()
        else:
            self.checkpoints.save()

    def say_verdict(self):
        """Prints what the diagnosis says at the end."""
        if self.diagnosis is not None and self.diagnosis.verdict is not None:
            print(self.diagnosis.verdict)

    def say_released(self, images):
        """Prints which generator was released, where the run was measured while it trained.

        Args:
            images: int, training images that the run has seen.
        """
        if self.evaluation is not None and self.evaluation.readings.entries:
            print(self.evaluation.readings.describe(images))


def resolve_verbose(verbose) -> int:
    """How much a training shows.

    Args:
        verbose: 1 for a progress bar, 2 for a line an epoch, 0 for silence; "auto" for 1 at a
            terminal and 2 where the output goes elsewhere.
    """
    if verbose != "auto":
        return verbose
    return 0 if is_quiet() else 1 if shows_progress() else 2


def resume(model, images, epochs, own, *, exact=True, verbose=0) -> None:
    """Restores a model as far as its run had come, and says so.

    Args:
        model: compiled ``AdversarialModel``.
        images: what it trains on.
        epochs: int, of the whole run.
        own: ``RunCallbacks``.
        exact: as of ``Checkpoints.restore``.
        verbose: int; 0 says nothing.

    Raises:
        ValueError: no checkpoint can be read, or the log has lost rows.
    """
    own.checkpoints.set_model(model)
    own.release.set_model(model)
    was_there = own.checkpoints.restore(exact=exact)
    step = int(model.step.numpy())
    check_log(own.checkpoints.folder.parent, step // images.steps_per_epoch)
    if was_there and verbose:
        over = step >= epochs * images.steps_per_epoch
        print(f"Is complete, at step {step}." if over else f"Resumes at step {step}.")


def fit_to_the_end(model, images, epochs, own, others=(), verbose=0) -> None:
    """Trains; however it ends, the generator that is released is the last good one.

    Args:
        model: see ``resume``.
        images: see there.
        epochs: see there.
        own: see there.
        others: further callbacks; they come before those that save.
        verbose: int, see ``resolve_verbose``.

    Raises:
        TrainingInterrupted: Ctrl-C or SIGTERM; everything is saved.
        NonFiniteError: a value was not finite.
        MemoryError: a step needs more memory than there is.
    """
    goes_back = own.diagnosis is not None and own.diagnosis.on_failure == "rollback"
    if own.diagnosis is not None and own.diagnosis.has_stopped(model):
        if goes_back:  # It was killed before it could.
            own.diagnosis.set_model(model)
            if own.evaluation is not None:
                own.evaluation.set_model(model)
            own.diagnosis.go_back()
            own.save_and_close(is_back=True)
        else:
            print("It was stopped there for its verdict; --on_failure=warn continues.")
        return
    shown = own.in_order(others)
    if verbose == 1:
        # Behind those that write: what it shows as done is done.
        shown.append(cb.ProgressBar(images.steps_per_epoch * images.batch_size))
    try:
        with verbosity("verbose") if verbose == 1 else contextlib.nullcontext():
            model.fit(images, epochs=epochs, verbose=2 * (verbose == 2), callbacks=shown)
        if model.stop_training:
            own.save_and_close(is_back=goes_back and own.diagnosis.has_failed)
    except cb.TrainingInterrupted:
        own.release.release()
        raise
    except (tf.errors.ResourceExhaustedError, tf.errors.InvalidArgumentError) as error:
        if not _is_out_of_memory(error):
            raise
        raise MemoryError(
            f"Expected memory for a step of {images.batch_size} images. Received: too little; "
            "lower --batch_size, --image_size or the networks' widths"
        ) from error
    except cb.NonFiniteError as error:
        if error.has_good_weights:
            own.release.release()
        if own.diagnosis is not None:
            own.diagnosis.note_non_finite(error)
        raise


def _is_out_of_memory(error):
    # The second is what TensorFlow says of constants that find no room.
    return (
        isinstance(error, tf.errors.ResourceExhaustedError)
        or "Cannot parse tensor from proto" in error.message
    )
