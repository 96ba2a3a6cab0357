"""From a configuration of a generator to a run directory."""

import dataclasses
import functools

from tfgan_lab import callbacks as cb
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.settings.small_data import explain
from tfgan_lab.runs.training.fitting import Kind, train_run
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.rollback import healthy_checkpoints
from tfgan_lab.runs.training.run_callbacks import RunCallbacks
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
        MemoryError: a step needs more memory than there is.

    Example:
        >>> config = RunConfig.from_preset(drawn="plates", run_dir="run")
        >>> model, images = train(config)  # doctest: +SKIP
    """
    own = functools.partial(_callbacks, snapshot_epochs=snapshot_epochs)
    return train_run(
        dataclasses.replace(LATENT, callbacks=own),
        config,
        images=images,
        overwrite=overwrite,
        callbacks=callbacks,
        verbose=verbose,
    )


def _record(config, images):
    record = {"num_images": len(images), "fingerprint": images.fingerprint()}
    if config.conditional:
        record["class_names"] = list(images.names_of_classes())
    return record


def _describe(config, images):
    classes = f" in {images.num_classes} classes" if config.conditional else ""
    return (
        f"{len(images)} images of {config.image_size}x{config.image_size} pixels{classes}, "
        f"{len(images.skipped)} left out"
    )


def _callbacks(config, path, images, should_stop=None, snapshot_epochs=()):
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


LATENT = Kind(
    load=load_images,
    record=_record,
    describe=_describe,
    explain=explain,
    build=lambda config, images: build_model(config, images.num_classes),
    callbacks=_callbacks,
)
"""Runs of generators from latents, with classes or without."""
