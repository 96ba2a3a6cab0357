"""What a run does when it fails and goes back: the remedies of the failures' table."""

import dataclasses

from tfgan_lab import run_layout
from tfgan_lab.callbacks.checkpoints import Checkpoints
from tfgan_lab.diagnosis.failures import FAILURES, Multiply
from tfgan_lab.runs.settings.from_scratch import from_scratch_choices
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.settings.small_data import count_images

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


def next_attempt(config, directory, own, build):
    """Makes the last state before a failure the one from which the run resumes, changed.

    It says what it does, and writes it to the run's history.

    Args:
        config: configuration of the run that ended.
        directory: its ``RunDirectory``.
        own: its ``RunCallbacks``, which have put aside the states of a failure.
        build: function from a configuration to the model.

    Returns:
        The configuration to train on with; ``None`` where the run is over.
    """
    if not own.must_go_back:
        return None
    count = len(directory.rollbacks())
    if count >= MAX_ROLLBACKS:
        print(f"Went back {count} times already, and stops.")
        return None
    changes = remedy(config, own.diagnosis.verdict.name)
    if not changes:
        print("Nothing that would help can be changed in these settings; stops.")
        return None
    config = changed(config, [{"changes": changes}])
    model = build(config)
    healthy, newest = healthy_checkpoints(directory.path), Checkpoints(directory.path)
    healthy.set_model(model)
    newest.set_model(model)
    if healthy.restore(exact=False):
        newest.keep_only_this()
    else:
        newest.forget()
    entry = {
        "images": own.diagnosis.last_images,
        "back_to_images": int(model.images_seen.numpy()),
        "verdict": own.diagnosis.verdict.name,
        "changes": {name: list(values) for name, values in changes.items()},
    }
    directory.note_rollback(entry)
    print(describe_rollback(entry))
    return config


def set_learning_rates(model, config) -> None:
    """Sets the rates that a rollback changed: those of before came back with the state.

    Args:
        model: restored model of a generator from latents.
        config: ``RunConfig`` as the rollbacks left it.
    """
    if not config.lr_control_target:
        model.generator_optimizer.learning_rate = config.generator_learning_rate
    model.discriminator_optimizer.learning_rate = config.discriminator_learning_rate


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
    settings = dict(vars(config))
    choice = from_scratch_choices(settings, count_images(settings)).get(name)
    return value if choice is None else choice.value
