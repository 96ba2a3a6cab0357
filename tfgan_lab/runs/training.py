"""A configuration's way: pictures, model, fit, and everything in the run directory."""

import sys

from tfgan_lab import callbacks as cb
from tfgan_lab import data
from tfgan_lab.runs.building import build_model
from tfgan_lab.runs.config import ConfigError, RunConfig
from tfgan_lab.runs.directory import RunDirectory
from tfgan_lab.runs.interruption import stop_on_signals
from tfgan_lab.runs.precision import explain_precision
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
        verbose: 1 for Keras' progress bar, 2 for a line an epoch, 0 for silence; "auto" for 1 at
            a terminal and 2 where the output goes elsewhere.

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
        verbose = 1 if sys.stdout.isatty() else 2
    directory = RunDirectory(config.run_dir)
    pictures = pictures or load_pictures(config)
    with stop_on_signals() as should_stop, directory.lock():
        described = {"num_pictures": len(pictures), "fingerprint": pictures.fingerprint()}
        for sentence in directory.open(config, described, overwrite):
            print(f"Note: {sentence}")
        if verbose:
            for sentence in [*explain(config), *explain_precision(config.precision)]:
                print(sentence)
        model = build_model(config)
        epochs = config.total_epochs(pictures.steps_per_epoch)
        snapshots = cb.ImageSnapshots(
            directory.path, config.snapshot_every, also_at=snapshot_epochs, pictures=pictures
        )
        checkpoints = cb.Checkpoints(
            directory.path, config.checkpoint_every, should_stop=should_stop
        )
        release = cb.GeneratorRelease(directory.path, config.checkpoint_every)
        checkpoints.set_model(model)
        release.set_model(model)
        if checkpoints.restore() and verbose:
            step = int(model.step.numpy())
            over = step >= epochs * pictures.steps_per_epoch
            print(f"Is complete, at step {step}." if over else f"Goes on at step {step}.")
        try:
            model.fit(
                pictures,
                epochs=epochs,
                verbose=verbose,
                callbacks=[
                    cb.FiniteGuard(),
                    cb.CsvLog(directory.path),
                    snapshots,
                    cb.TensorBoardLog(directory.path, snapshots),
                    *callbacks,
                    release,
                    checkpoints,
                ],
            )
        except cb.TrainingInterrupted:
            release.release()
            raise
        except cb.NonFiniteError as error:
            if error.has_good_weights:
                release.release()
            raise
    return model, pictures


def load_pictures(config: RunConfig) -> data.Pictures:
    """Reads or draws the pictures of a configuration.

    Raises:
        ConfigError: the folder has fewer than two usable pictures, or is none; or the steps of
            an epoch don't fit ``steps_per_execution``.
    """
    augmentation = data.Augmentation(
        config.augment_flip, config.augment_zoom, config.augment_rotation
    )
    shared = {
        "image_size": config.image_size,
        "batch_size": config.batch_size,
        "seed": config.seed,
        "augmentation": augmentation if augmentation.layers else None,
    }
    if config.drawn:
        pictures = data.plates(config.num_drawn, **shared)
    else:
        pictures = _load_folder(config, shared)
    if pictures.steps_per_epoch % config.steps_per_execution:
        raise ConfigError(
            f"Expected --steps_per_execution to divide the {pictures.steps_per_epoch} steps of an "
            f"epoch. Received: steps_per_execution={config.steps_per_execution}"
        )
    return pictures


def _load_folder(config, shared):
    try:
        pictures = data.from_folder(config.data_dir, channels=config.channels, **shared)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise ConfigError(str(error)) from error
    print(f"{len(pictures)} pictures from {config.data_dir}.")
    if pictures.unusable:
        print(
            f"Files left out: {len(pictures.unusable)}. 'tfgan-lab inspect {config.data_dir}' "
            "names them."
        )
    return pictures
