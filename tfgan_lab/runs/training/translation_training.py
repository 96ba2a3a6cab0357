"""From a translator's configuration to a run directory."""

from tfgan_lab import callbacks as cb
from tfgan_lab.diagnosis import TranslationSignals
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.devices import Devices
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.fitting import (
    RunCallbacks,
    fit_to_the_end,
    resolve_verbose,
    resume,
)
from tfgan_lab.runs.training.interruption import stop_on_signals
from tfgan_lab.runs.training.precision import explain_precision
from tfgan_lab.runs.training.run_domains import by_domain, load_domains
from tfgan_lab.runs.training.translation_building import build_translation_model

SHOWN = 64  # images of each domain that snapshots and diagnosis look at


def train_translation(config, *, images=None, overwrite=False, callbacks=(), verbose="auto"):
    """Trains what a configuration describes; resumes where its run directory stopped.

    Args:
        config: ``TranslationConfig`` with a ``run_dir``.
        images: what ``load_domains(config)`` returned, if it was called already.
        overwrite: whether to remove a run that is there and start over.
        callbacks: further Keras callbacks; they come before the checkpoints.
        verbose: as of ``tfgan_lab.runs.train``.

    Returns:
        (model, images), both as they are at the end.

    Raises:
        ConfigError: nothing can be done with these settings, images or directory.
        TrainingInterrupted: Ctrl-C or SIGTERM; everything is saved.
        NonFiniteError: a value was not finite; the last good generator is released.

    Example:
        >>> from tfgan_lab.runs import TranslationConfig
        >>> config = TranslationConfig.from_preset(drawn="plates", run_dir="run")
        >>> model, images = train_translation(config)  # doctest: +SKIP
    """
    if not config.run_dir:
        raise ConfigError("Expected --run_dir=FOLDER to write the run to. Received: none")
    verbose = resolve_verbose(verbose)
    directory = RunDirectory(config.run_dir)
    devices = Devices(config)
    images = images or load_domains(config)
    described = {
        "num_images": len(images),
        "fingerprint": images.fingerprint(),
        "domains": list(images.class_names),
    }
    with stop_on_signals() as should_stop, directory.lock():
        for sentence in directory.open(config, described, overwrite):
            print(f"Note: {sentence}")
        if verbose:
            for sentence in [*explain_precision(config.precision), *devices.explain()]:
                print(sentence)
        with devices.building():
            model = build_for(config, images)
        own = run_callbacks(config, directory.path, images, should_stop)
        epochs = config.total_epochs(images.steps_per_epoch)
        resume(model, images, epochs, own, verbose=verbose)
        fit_to_the_end(model, images, epochs, own, callbacks, verbose)
        if verbose:
            own.say_verdict()
    return model, images


def build_for(config, images):
    """Builds the model that a configuration trains on images.

    Args:
        config: ``TranslationConfig``.
        images: what ``load_domains(config)`` returned.

    Raises:
        ConfigError: the networks don't take images of this size.
    """
    steps = images.steps_per_epoch
    num_steps = config.total_epochs(steps) * steps
    try:
        return build_translation_model(config, len(images.class_names), num_steps)
    except ValueError as error:
        raise ConfigError(str(error)) from error


def run_callbacks(config, path, images, should_stop=None):
    """What a run does besides training, in the order in which it does.

    Args:
        config: ``TranslationConfig``.
        path: the run directory.
        images: what ``load_domains(config)`` returned.
        should_stop: as of ``tfgan_lab.runs.training.latent_training.run_callbacks``.

    Returns:
        ``RunCallbacks``. Nothing is written before training begins.
    """
    shown = [domain.sample(SHOWN) for domain in by_domain(images)]
    snapshots = cb.TranslationSnapshots(path, shown, config.snapshot_every)
    diagnosis = None
    if config.diagnose_every:
        diagnosis = cb.Diagnosis(
            path,
            every_images=config.diagnose_every,
            on_failure=config.on_failure,
            signals=TranslationSignals(shown),
        )
    return RunCallbacks(
        [cb.CsvLog(path), snapshots, diagnosis, cb.TensorBoardLog(path, snapshots, diagnosis)],
        cb.GeneratorRelease(path, config.checkpoint_every),
        cb.Checkpoints(path, config.checkpoint_every, should_stop=should_stop),
        diagnosis,
    )
