"""From a configuration of a translator to a run directory."""

from tfgan_lab import callbacks as cb
from tfgan_lab.diagnosis import TranslationSignals
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.fitting import Kind, train_run
from tfgan_lab.runs.training.run_callbacks import RunCallbacks
from tfgan_lab.runs.training.run_domains import by_domain, load_domains
from tfgan_lab.runs.training.translation_building import build_translation_model

SHOWN = 64  # images of each domain that snapshots and diagnosis look at


def train_translation(config, *, images=None, overwrite=False, callbacks=(), verbose="auto"):
    """Trains what a configuration describes; resumes where its run directory stopped.

    Args:
        config: ``TranslationConfig`` with a ``run_dir``.
        images: what ``load_domains(config)`` returned, if it was called already.
        overwrite: as of ``tfgan_lab.runs.train``.
        callbacks: as of ``tfgan_lab.runs.train``.
        verbose: as of ``tfgan_lab.runs.train``.

    Returns:
        As of ``tfgan_lab.runs.train``, and so are the errors.

    Example:
        >>> from tfgan_lab.runs import TranslationConfig
        >>> config = TranslationConfig.from_preset(drawn="plates", run_dir="run")
        >>> model, images = train_translation(config)  # doctest: +SKIP
    """
    return train_run(
        TRANSLATION,
        config,
        images=images,
        overwrite=overwrite,
        callbacks=callbacks,
        verbose=verbose,
    )


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


def _record(config, images):
    return {
        "num_images": len(images),
        "fingerprint": images.fingerprint(),
        "domains": list(images.class_names),
    }


def _describe(config, images):
    counts = zip(images.class_names, by_domain(images), strict=True)
    listed = ", ".join(f"{name} with {len(domain)} images" for name, domain in counts)
    return f"domains: {listed}"


def _callbacks(config, path, images, should_stop=None):
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


TRANSLATION = Kind(
    load=load_domains,
    record=_record,
    describe=_describe,
    explain=lambda config: [],  # No preset chooses by the images.
    build=build_for,
    callbacks=_callbacks,
)
"""Runs of translators between domains."""
