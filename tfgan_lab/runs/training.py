"""A configuration's way: pictures, model, fit, and everything in the run directory."""

import contextlib

from tfgan_lab import callbacks as cb
from tfgan_lab.console import is_quiet, shows_progress, verbosity
from tfgan_lab.runs.building import build_model
from tfgan_lab.runs.config import ConfigError, RunConfig
from tfgan_lab.runs.directory import RunDirectory
from tfgan_lab.runs.interruption import stop_on_signals
from tfgan_lab.runs.pictures import load_pictures
from tfgan_lab.runs.precision import explain_precision
from tfgan_lab.runs.rollback import changed, describe_rollback, go_back, healthy_checkpoints
from tfgan_lab.runs.small_data import explain


def train(
    config: RunConfig,
    *,
    pictures=None,
    overwrite=False,
    snapshot_epochs=(),
    callbacks=(),
    verbose="auto",
):
    """Trains what a configuration describes; goes on where its run directory stopped.

    Args:
        config: ``RunConfig`` with a ``run_dir``.
        pictures: what ``load_pictures(config)`` returned, if it was called already.
        overwrite: whether to remove a run that is there and start afresh.
        snapshot_epochs: epochs, from 1, that get a snapshot besides every ``snapshot_every``-th.
        callbacks: further Keras callbacks; they come before the checkpoints, so that what they
            write of an epoch is there before it counts as done.
        verbose: 1 for a bar over the whole training, 2 for a line an epoch, 0 for silence;
            "auto" for 1 at a terminal, 2 where the output goes elsewhere, and 0 where the command
            line was told to be quiet.

    Returns:
        (model, pictures), both as they are at the end.

    Raises:
        ConfigError: nothing can be done with these settings, pictures or directory.
        TrainingInterrupted: Ctrl-C or SIGTERM; everything is saved.
        NonFiniteError: a value was not finite; the last good generator is released.

    Example:
        >>> config = RunConfig.from_preset(drawn="plates", run_dir="run")
        >>> model, pictures = train(config)  # doctest: +SKIP
    """
    if not config.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the run to. Received: none")
    if verbose == "auto":
        verbose = 0 if is_quiet() else 1 if shows_progress() else 2
    directory = RunDirectory(config.run_dir)
    pictures = pictures or load_pictures(config)
    with stop_on_signals() as should_stop, directory.lock():
        described = {"num_pictures": len(pictures), "fingerprint": pictures.fingerprint()}
        if config.conditional:
            described["class_names"] = list(pictures.names_of_classes())
        for sentence in directory.open(config, described, overwrite):
            print(f"Note: {sentence}")
        rollbacks = directory.rollbacks()
        config = changed(config, rollbacks)
        if verbose:
            for sentence in [*explain(config), *explain_precision(config.precision)]:
                print(sentence)
        own = _OwnCallbacks(config, directory.path, pictures, snapshot_epochs, should_stop)
        while True:
            model = _fit(config, own, pictures, callbacks, verbose)
            if config.on_failure != "rollback" or not own.diagnosis.has_failed:
                break
            if len(rollbacks) == config.max_rollbacks:
                print(f"Went back {len(rollbacks)} times already, and stops.")
                break
            entry = go_back(config, directory, own.diagnosis)
            if entry is None:
                print("Nothing that would help can be changed in these settings; stops.")
                break
            print(describe_rollback(entry))
            rollbacks = directory.rollbacks()
            config = changed(config, rollbacks[-1:])
        if verbose and own.diagnosis is not None and own.diagnosis.verdict is not None:
            print(f"At the end: {own.diagnosis.verdict}")
    return model, pictures


class _OwnCallbacks:
    """The callbacks that write the run directory, in the order in which they must stand."""

    def __init__(self, config, path, pictures, snapshot_epochs, should_stop):
        self.guard = cb.FiniteGuard()
        self.log = cb.CsvLog(path)
        self.snapshots = cb.ImageSnapshots(
            path, config.snapshot_every, also_at=snapshot_epochs, pictures=pictures
        )
        self.diagnosis = None
        if config.diagnose_every:
            goes_back = config.on_failure == "rollback"
            self.diagnosis = cb.Diagnosis(
                path,
                pictures,
                every_images=config.diagnose_every,
                on_failure=config.on_failure,
                checkpoints=healthy_checkpoints(path) if goes_back else None,
            )
        self.events = cb.TensorBoardLog(path, self.snapshots, self.diagnosis)
        self.evaluation = None
        if config.evaluate_every:
            self.evaluation = cb.Evaluate(path, pictures, config.evaluate_every)
        self.maps = None
        if config.maps_every:
            self.maps = cb.DiscriminatorMaps(path, pictures, config.maps_every)
        self.release = cb.GeneratorRelease(path, config.checkpoint_every)
        self.checkpoints = cb.Checkpoints(path, config.checkpoint_every, should_stop=should_stop)

    def in_order(self, others):
        """All of them as a list, with further callbacks before those that save."""
        writers = [
            self.log,
            self.snapshots,
            self.diagnosis,
            self.events,
            self.evaluation,
            self.maps,
        ]
        writers = [callback for callback in writers if callback is not None]
        return [self.guard, *writers, *others, self.release, self.checkpoints]


def _fit(config, own, pictures, callbacks, verbose):
    """Builds the model, restores it as far as it had come, and trains it to its end."""
    model = build_model(config, pictures.num_classes)
    epochs = config.total_epochs(pictures.steps_per_epoch)
    own.checkpoints.set_model(model)
    own.release.set_model(model)
    # Going back may have changed which parts have a state.
    if own.checkpoints.restore(exact=config.on_failure != "rollback") and verbose:
        step = int(model.step.numpy())
        over = step >= epochs * pictures.steps_per_epoch
        print(f"Is complete, at step {step}." if over else f"Goes on at step {step}.")
    # The rates came back with the state, but going back may have changed them.
    model.generator_optimizer.learning_rate = config.generator_learning_rate
    model.discriminator_optimizer.learning_rate = config.discriminator_learning_rate
    try:
        shown = own.in_order(callbacks)
        if verbose == 1:
            # Behind those that write: what it shows as done is done.
            shown.append(cb.ProgressBar(pictures.steps_per_epoch * pictures.batch_size))
        with verbosity("verbose") if verbose == 1 else contextlib.nullcontext():
            model.fit(pictures, epochs=epochs, verbose=2 * (verbose == 2), callbacks=shown)
        if model.stop_training:
            own.release.release()
            own.checkpoints.save()
    except cb.TrainingInterrupted:
        own.release.release()
        raise
    except cb.NonFiniteError as error:
        if error.has_good_weights:
            own.release.release()
        if own.diagnosis is not None:
            own.diagnosis.note_non_finite()
        if config.on_failure != "rollback" or not error.has_good_weights:
            raise
    return model
