"""A run directory as an object, by the kind of run that it holds."""

from tfgan_lab.runs.reading.finished_run import FinishedRun
from tfgan_lab.runs.reading.latent_run import LatentRun
from tfgan_lab.runs.reading.translation_run import TranslationRun
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_record import read_record


def open_run(path, kind=FinishedRun, images=None) -> FinishedRun:
    """Opens a run, complete or in progress.

    Args:
        path: of the run directory.
        kind: ``LatentRun`` or ``TranslationRun`` where runs of the other kind won't do.
        images: as of ``FinishedRun``.

    Returns:
        A ``LatentRun`` or a ``TranslationRun``.

    Raises:
        FileNotFoundError: there is no run.
        ConfigError: one of another kind.
        ValueError: its record is damaged, or not written by tfgan_lab.

    Example:
        >>> run = open_run("runs/first")  # doctest: +SKIP
        >>> run.config.preset, run.log()["epoch"][-1], run.verdict().name  # doctest: +SKIP
        ('from-scratch', 60.0, 'healthy')
    """
    settings = read_record(path)["settings"]
    found = TranslationRun if TranslationRun.CONFIG.MARK in settings else LatentRun
    if not issubclass(found, kind):
        raise ConfigError(f"Expected {kind.CONFIG.KIND} in {path}. Received: {found.CONFIG.KIND}")
    return found(path, images)
