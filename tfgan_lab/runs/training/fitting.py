"""How every kind of run trains: open its directory, build, restore, fit, say the verdict."""

import contextlib
import dataclasses
from collections.abc import Callable

import tensorflow as tf

from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import check_log
from tfgan_lab.console import is_quiet, shows_progress, verbosity
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.devices import Devices
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.interruption import stop_on_signals
from tfgan_lab.runs.training.precision import explain_precision
from tfgan_lab.runs.training.rollback import changed, next_attempt, set_learning_rates


@dataclasses.dataclass(frozen=True)
class Kind:
    """All in which one kind of run differs from another: functions of its configuration.

    Args:
        load: takes a configuration; returns its images.
        record: takes a configuration and images; returns a dict of what ``config.json`` says of
            the images. A run resumes only where it is the same.
        describe: takes a configuration and images; returns a line on what they are.
        explain: takes a configuration; returns sentences about what its preset chose.
        build: takes a configuration and images; returns the compiled model.
        callbacks: takes a configuration, a run directory, images and ``should_stop`` (as of
            ``Checkpoints``); returns ``RunCallbacks``, which write nothing before training begins.
    """

    load: Callable
    record: Callable
    describe: Callable
    explain: Callable
    build: Callable
    callbacks: Callable


def train_run(kind, config, *, images=None, overwrite=False, callbacks=(), verbose="auto"):
    """Trains a run of any kind, or resumes it.

    Args:
        kind: ``Kind``.
        config: a configuration of that kind.
        images: what ``kind.load(config)`` returned, if it was called already.
        overwrite: as of ``tfgan_lab.runs.train``.
        callbacks: as of ``tfgan_lab.runs.train``.
        verbose: as of ``tfgan_lab.runs.train``.

    Returns:
        As of ``tfgan_lab.runs.train``, and so are the errors.
    """
    if not config.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the run to. Received: none")
    verbose = resolve_verbose(verbose)
    directory, devices = RunDirectory(config.run_dir), Devices(config)
    images = images or kind.load(config)
    with stop_on_signals() as should_stop, directory.lock():
        for sentence in directory.open(config, kind.record(config, images), overwrite):
            print(f"Note: {sentence}")
        config = changed(config, directory.rollbacks())
        if verbose:
            precision = explain_precision(config.precision)
            for sentence in [*kind.explain(config), *precision, *devices.explain()]:
                print(sentence)
        own = kind.callbacks(config, directory.path, images, should_stop)
        while config is not None:  # Once, and again after every rollback.
            with devices.building():
                model = kind.build(config, images)
            epochs = config.total_epochs(images.steps_per_epoch)
            # Going back may have changed which parts have a state.
            exact = config.on_failure != "rollback"
            resume(model, images, epochs, own, exact=exact, verbose=verbose)
            if directory.rollbacks():
                set_learning_rates(model, config)
            fit_to_the_end(model, images, epochs, own, callbacks, verbose)
            config = next_attempt(config, directory, own, lambda new: kind.build(new, images))
        if verbose:
            own.say_verdict(int(model.images_seen.numpy()))
    return model, images


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
        model: as of ``resume``.
        images: as of ``resume``.
        epochs: as of ``resume``.
        own: ``RunCallbacks``; where they ``must_go_back`` afterwards, the model has.
        others: further callbacks; they come before those that save.
        verbose: as of ``resolve_verbose``, but for "auto".

    Raises:
        TrainingInterrupted: Ctrl-C or SIGTERM; everything is saved.
        NonFiniteError: a value was not finite, and there is nothing to go back to.
        MemoryError: a step needs more memory than there is.
    """
    if own.was_stopped(model):
        if own.must_go_back:
            own.go_back(model)  # It was killed before it could.
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
            own.save_and_close()
    except cb.TrainingInterrupted:
        own.release.release()
        raise
    except cb.NonFiniteError as error:
        if error.has_good_weights:
            own.release.release()
        if own.diagnosis is not None:
            own.diagnosis.note_non_finite(error)
        if not (own.must_go_back and error.has_good_weights):
            raise
    except (tf.errors.ResourceExhaustedError, tf.errors.InvalidArgumentError) as error:
        if not _is_out_of_memory(error):
            raise
        raise MemoryError(
            f"Expected memory for a step of {images.batch_size} images. Received: too little; "
            "lower --batch_size, --image_size or the networks' widths"
        ) from error


def _is_out_of_memory(error):
    # The second is what TensorFlow says of constants that find no room.
    return (
        isinstance(error, tf.errors.ResourceExhaustedError)
        or "Cannot parse tensor from proto" in error.message
    )
