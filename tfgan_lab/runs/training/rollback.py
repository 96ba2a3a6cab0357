"""What a run does when it fails and goes back: the remedies of the failures' table."""

import dataclasses

from tfgan_lab import run_layout
from tfgan_lab.callbacks.checkpoints import Checkpoints
from tfgan_lab.diagnosis.failures import FAILURES, Multiply
from tfgan_lab.runs.settings.from_scratch import from_scratch_choices
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.small_data import count_images
from tfgan_lab.runs.training.latent_building import build_model

MAX_ROLLBACKS = 3  # Then the run stops.


def changed(config: RunConfig, rollbacks) -> RunConfig:
    """A configuration as earlier rollbacks left it.

    Args:
        config: ``RunConfig`` as the run began with.
        rollbacks: what ``RunDirectory.rollbacks`` returns.
    """
    for entry in rollbacks:
        values = {name: new for name, (_, new) in entry["changes"].items()}
        config = dataclasses.replace(config, **values)
    return config


def remedy(config: RunConfig, failure_name) -> dict:
    """What the table of failures says to change, as far as this run has it.

    Args:
        config: ``RunConfig`` of the run that failed.
        failure_name: name of the ``Failure``.

    Returns:
        Dict of setting to (old value, new value); empty where nothing of it can be changed: a
        setting at its bound, or one that nothing in this run looks at.

    Example:
        >>> config = RunConfig.from_preset("light", drawn="plates")
        >>> remedy(config, "discriminator_wins")
        {'discriminator_learning_rate': (0.0002, 5e-05)}
    """
    (failure,) = (failure for failure in FAILURES if failure.name == failure_name)
    changes = {}
    for name, change in failure.changes.items():
        old, new = getattr(config, name), _applied(config, name, change)
        if new == old:
            continue
        try:
            config = dataclasses.replace(config, **{name: new})
        except ConfigError:
            continue
        changes[name] = (old, new)
    return changes


def healthy_checkpoints(path) -> Checkpoints:
    """The states of a run in which nothing was wrong, apart from those it resumes from.

    Args:
        path: of the run.
    """
    return Checkpoints(path, keep=8, folder=run_layout.HEALTHY)


def go_back(config, directory, diagnosis):
    """Makes the last state before a failure the one from which the run resumes, changed.

    Args:
        config: ``RunConfig`` of the run that failed.
        directory: its ``RunDirectory``.
        diagnosis: its ``Diagnosis``, which has put aside the states of the failure.

    Returns:
        The entry that was written to the run's history, or ``None`` where nothing can be changed.
    """
    changes = remedy(config, diagnosis.verdict.name)
    if not changes:
        return None
    model = build_model(changed(config, [{"changes": changes}]), directory.num_classes())
    healthy, newest = healthy_checkpoints(directory.path), Checkpoints(directory.path)
    healthy.set_model(model)
    newest.set_model(model)
    if healthy.restore(exact=False):
        newest.keep_only_this()
    else:
        newest.forget()
    entry = {
        "images": diagnosis.last_images,
        "back_to_images": int(model.images_seen.numpy()),
        "verdict": diagnosis.verdict.name,
        "changes": {name: list(values) for name, values in changes.items()},
    }
    directory.note_rollback(entry)
    return entry


def describe_rollback(entry) -> str:
    """Says what was done, in a sentence.

    Args:
        entry: as ``RunDirectory.rollbacks`` has it.
    """
    listed = ", ".join(
        f"--{name}={new} (was {old})" for name, (old, new) in entry["changes"].items()
    )
    return (
        f"Goes back from {entry['images']:,} to {entry['back_to_images']:,} training images for "
        f"{entry['verdict'].replace('_', ' ')}, and on with {listed}."
    )


def _applied(config, name, change):
    if not isinstance(change, Multiply):
        return change
    value = getattr(config, name)
    if value:
        return value * change.factor
    # Nothing to be multiplied: as preset from-scratch would have it.
    settings = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    choice = from_scratch_choices(settings, count_images(settings)).get(name)
    return value if choice is None else choice.value
