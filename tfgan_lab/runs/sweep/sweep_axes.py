"""What a sweep varies: axes of labelled settings, from Python, the command line or a file."""

import dataclasses
import re

from tfgan_lab.files import read_json
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.settings.validity import ConfigError, checked

# Nothing that is measured depends on them, or the sweep itself sets them.
NOT_VARIED = ("run_dir", "seed", "snapshot_every", "checkpoint_every", "maps_every")

_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


def axis(names, values) -> dict:
    """Makes an axis along which settings take one value after the other.

    Args:
        names: name of a setting, or several joined by "+", which then always have the same value,
            as in ``"generator_learning_rate+discriminator_learning_rate"``.
        values: the values, at least one.

    Returns:
        Dict of a label, such as ``"kernel_size=4"``, to a dict of settings. Any dict of this form
        is an axis, also one whose settings vary together: ``{"small": {"image_size": 32,
        "generator_widths": (64, 32)}, "large": {...}}``.

    Raises:
        ConfigError: no such setting, one that can't be varied, a value out of its bounds, or the
            same value twice.

    Example:
        >>> axis("kernel_size", [4, 6])
        {'kernel_size=4': {'kernel_size': 4}, 'kernel_size=6': {'kernel_size': 6}}
    """
    fields = [_field(name) for name in names.split("+")]
    labelled = {}
    for value in values:
        settings = {field.name: checked(field, value) for field in fields}
        label = f"{names}={_shown(next(iter(settings.values())))}"
        if label in labelled:
            raise ConfigError(f"Expected every value of {names} once. Received: {label} twice")
        labelled[label] = settings
    if not labelled:
        raise ConfigError(f"Expected at least one value of {names}. Received: none")
    return labelled


def parse_axis(text) -> dict:
    """Reads an axis as the command line writes it.

    Args:
        text: ``NAME=VALUE,VALUE`` or ``NAME+NAME=VALUE,VALUE``. The numbers of a value that is a
            list are joined by "x": ``generator_widths=64x32,128x64``. Commas within parentheses
            belong to the value: ``latent_distribution=normal,uniform(-1,1)``.

    Returns:
        See ``axis``.

    Raises:
        ConfigError: another form, or what ``axis`` refuses.

    Example:
        >>> parse_axis("discriminator_widths=64x128")
        {'discriminator_widths=64x128': {'discriminator_widths': (64, 128)}}
    """
    names, equals, values = text.partition("=")
    if not (names and equals and values):
        raise ConfigError(
            "Expected what to vary as NAME=VALUE,VALUE, such as kernel_size=4,6,8. "
            f"Received: {text!r}"
        )
    kind = _field(names.split("+")[0]).type
    return axis(names, [_parsed(names, kind, value) for value in _split(values)])


def read_axis(path) -> dict:
    """Reads an axis of settings that vary together from a JSON file.

    Args:
        path: of a file with an object of label to an object of settings.

    Raises:
        ConfigError: no such file, or something else in it.
    """
    try:
        labelled = read_json(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"Expected a JSON file of variants. Received: {error}") from error
    if not isinstance(labelled, dict):
        raise ConfigError(f"Expected an object of label to settings in {path}. Received: a list")
    return checked_axis(labelled)


def checked_axis(labelled) -> dict:
    """Returns an axis with its settings in their declared types.

    Args:
        labelled: dict of label to dict of settings; not empty.

    Raises:
        ConfigError: something else, or what ``axis`` refuses.
    """
    if not labelled or not all(isinstance(settings, dict) for settings in labelled.values()):
        raise ConfigError(f"Expected an axis as labels with settings each. Received: {labelled!r}")
    return {
        str(label): {name: checked(_field(name), value) for name, value in settings.items()}
        for label, settings in labelled.items()
    }


def _field(name):
    fields = {field.name: field for field in dataclasses.fields(RunConfig)}
    if name not in fields:
        raise ConfigError(f"Expected the name of a setting to vary. Received: {name!r}")
    if name in NOT_VARIED:
        reason = {
            "seed": "--seeds gives them",
            "run_dir": "every run gets its own folder",
        }.get(name, "no measure depends on it")
        raise ConfigError(f"Expected settings to vary other than {name}: {reason}")
    return fields[name]


def _split(values):
    """Parts between commas that are not within parentheses."""
    return re.split(r",(?![^(]*\))", values)


def _parsed(names, kind, text):
    try:
        if kind is bool:
            return _TRUTHS[text.lower()]
        if kind is tuple:
            return tuple(int(part) for part in text.split("x"))
        return kind(text)
    except (KeyError, ValueError):
        wanted = {
            bool: "yes and no",
            int: "whole numbers",
            float: "numbers",
            tuple: "whole numbers joined by x, such as 64x32",
        }[kind]
        raise ConfigError(f"Expected values of {names} as {wanted}. Received: {text!r}") from None


def _shown(value):
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
