"""A configuration's way: images, model, fit, and everything in the run directory."""

import functools

from tfgan_lab import callbacks as cb
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.small_data import explain
from tfgan_lab.runs.training.devices import Devices
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.fitting import (
    RunCallbacks,
    fit_to_the_end,
    follow,
    resolve_verbose,
    resume,
)
from tfgan_lab.runs.training.interruption import stop_on_signals
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.precision import explain_precision
from tfgan_lab.runs.training.rollback import (
    MAX_ROLLBACKS,
    changed,
    describe_rollback,
    go_back,
    healthy_checkpoints,
)
from tfgan_lab.runs.training.run_images import load_images


def train(
    config: RunConfig,
    *,
    images=None,
    overwrite=False,
    snapshot_epochs=(),
    callbacks=(),
    verbose="auto",
):
    """Trains what a configuration describes; resumes where its run directory stopped.

    Args:
        config: ``RunConfig`` with a ``run_dir``.
        images: what ``load_images(config)`` returned, if it was called already.
        overwrite: whether to remove a run that is there and start over.
        snapshot_epochs: epochs, from 1, that get a snapshot besides every ``snapshot_every``-th.
        callbacks: further Keras callbacks; they come before the checkpoints, so that what they
            write of an epoch is there before it counts as done.
        verbose: 1 for a bar over the whole training, 2 for a line an epoch, 0 for silence;
            "auto" for 1 at a terminal, 2 where the output goes elsewhere, and 0 where the command
            line was told to be quiet.

    Returns:
        (model, images), both as they are at the end.

    Raises:
        ConfigError: nothing can be done with these settings, images or directory.
        TrainingInterrupted: Ctrl-C or SIGTERM; everything is saved.
        NonFiniteError: a value was not finite; the last good generator is released.
        WorkerLostError: another worker died.

    Example:
        >>> config = RunConfig.from_preset(drawn="plates", run_dir="run")
        >>> model, images = train(config)  # doctest: +SKIP
    """
    if not config.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the run to. Received: none")
    verbose = resolve_verbose(verbose)
    directory = RunDirectory(config.run_dir)
    devices = Devices(config)
    images = images or load_images(config)
    if not devices.is_chief:
        # A rollback of this run, before it had workers, has changed what all of them train.
        config_now = changed(config, directory.rollbacks())
        build = functools.partial(build_model, config_now, images.num_classes)
        return follow(config, directory, devices, images, build), images
    with stop_on_signals() as should_stop, directory.lock():
        described = {"num_images": len(images), "fingerprint": images.fingerprint()}
        if config.conditional:
            described["class_names"] = list(images.names_of_classes())
        for sentence in directory.open(config, described, overwrite):
            print(f"Note: {sentence}")
        rollbacks = directory.rollbacks()
        config = changed(config, rollbacks)
        if verbose:
            precision = explain_precision(config.precision)
            for sentence in [*explain(config), *precision, *devices.explain()]:
                print(sentence)
        own = run_callbacks(config, directory.path, images, snapshot_epochs, should_stop)
        while True:
            model = _fit(config, devices, own, images, callbacks, verbose)
            if config.on_failure != "rollback" or not own.diagnosis.has_failed:
                break
            if len(rollbacks) >= MAX_ROLLBACKS:
                print(f"Went back {len(rollbacks)} times already, and stops.")
                break
            entry = go_back(config, directory, own.diagnosis)
            if entry is None:
                print("Nothing that would help can be changed in these settings; stops.")
                break
            print(describe_rollback(entry))
            rollbacks = directory.rollbacks()
            config = changed(config, rollbacks[-1:])
        if verbose:
            own.say_verdict()
            own.say_released(int(model.images_seen.numpy()))
    return model, images


def run_callbacks(config, path, images, snapshot_epochs=(), should_stop=None):
    """What a run does besides training, in the order in which it does.

    Args:
        config: ``RunConfig``.
        path: the run directory.
        images: what ``load_images(config)`` returned.
        snapshot_epochs: as of ``train``.
        should_stop: callable without arguments that says whether to save and stop, or ``None``.

    Returns:
        ``RunCallbacks``. Nothing is written before training begins.
    """
    snapshots = cb.ImageSnapshots(
        path, config.snapshot_every, also_at=snapshot_epochs, images=images
    )
    diagnosis = evaluation = maps = None
    if config.diagnose_every:
        goes_back = config.on_failure == "rollback"
        diagnosis = cb.Diagnosis(
            path,
            images,
            every_images=config.diagnose_every,
            on_failure=config.on_failure,
            checkpoints=healthy_checkpoints(path) if goes_back else None,
        )
    if config.evaluate_every:
        evaluation = cb.Evaluate(path, images, config.evaluate_every)
    if config.maps_every:
        maps = cb.DiscriminatorMaps(path, images, config.maps_every)
    events = cb.TensorBoardLog(path, snapshots, diagnosis)
    return RunCallbacks(
        [cb.CsvLog(path), snapshots, diagnosis, events, evaluation, maps],
        cb.GeneratorRelease(path, config.checkpoint_every),
        cb.Checkpoints(path, config.checkpoint_every, should_stop=should_stop),
        diagnosis,
        evaluation,
    )


def _fit(config, devices, own, images, callbacks, verbose):
    """Builds the model, restores it as far as it had come, and trains it to its end."""
    with devices.building():
        model = build_model(config, images.num_classes)
    epochs = config.total_epochs(images.steps_per_epoch)
    goes_back = config.on_failure == "rollback"
    # Going back may have changed which parts have a state.
    resume(model, images, epochs, own, exact=not goes_back, verbose=verbose)
    # The rates came back with the state, but going back may have changed them.
    if not config.lr_control_target:
        model.generator_optimizer.learning_rate = config.generator_learning_rate
    model.discriminator_optimizer.learning_rate = config.discriminator_learning_rate
    try:
        with devices.training():
            fit_to_the_end(model, images, epochs, own, callbacks, verbose)
    except cb.NonFiniteError as error:
        if not goes_back or not error.has_good_weights:
            raise
    return model
