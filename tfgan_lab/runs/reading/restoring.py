"""The model of a run as its newest checkpoint has it, to look at."""

import pathlib

from tfgan_lab.callbacks.checkpoints import Checkpoints
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.rollback import changed
from tfgan_lab.runs.training.run_record import num_classes_of, read_record


def run_config(path) -> RunConfig:
    """The configuration of a run, as its rollbacks left it.

    Args:
        path: of the run.

    Raises:
        FileNotFoundError: there is no run.
        ValueError: its record is damaged.
    """
    record = read_record(path)
    return changed(RunConfig.of_record(record), record.get("rollbacks", []))


def newest_model(path):
    """Builds a run's model and puts it into the state of the newest readable checkpoint.

    Args:
        path: of the run.

    Returns:
        The model.

    Raises:
        FileNotFoundError: there is no run.
        ConfigError, ValueError: as ``restore_newest``.
    """
    model = build_model(run_config(path), num_classes_of(read_record(path)))
    restore_newest(path, model)
    return model


def restore_newest(path, model) -> None:
    """Puts a model into the state of a run's newest readable checkpoint.

    The run is only read, and may be in progress.

    Args:
        path: of the run.
        model: built and compiled as the run's configuration says.

    Raises:
        ConfigError: there is no checkpoint yet.
        ValueError: there are checkpoints, but none can be read.
    """
    checkpoints = Checkpoints(path)
    checkpoints.set_model(model)
    if not checkpoints.restore(exact=False):
        raise ConfigError(f"Expected a checkpoint in {pathlib.Path(path)}. Received: none yet")
