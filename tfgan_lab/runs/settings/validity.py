"""Which values a setting can have by itself, and how it is written."""

import math
import typing

MOST_CHANNELS = 2**16

SOURCES = ("data_dir", "tfds_name", "drawn")


class ConfigError(ValueError):
    """Settings that cannot be run; the message is one sentence with the remedy."""


def checked(field, value):
    """Returns a setting's value in its declared type.

    Args:
        field: the setting's ``dataclasses.Field``.
        value: what it was given.

    Raises:
        ConfigError: another type, or out of its bounds.
    """
    kind, metadata = field.type, field.metadata
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if abs(value) < 1e300 else math.inf
    if kind is tuple and isinstance(value, list):
        value = tuple(value)
    wanted = None
    choices, low, high = metadata["choices"], metadata["low"], metadata["high"]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        wanted = f"as {_kind_name(kind)}"
    elif kind is float and not math.isfinite(value):
        wanted = "as a finite number"
    elif kind is tuple and not (value and all(isinstance(item, int) for item in value)):
        wanted = "as whole numbers"
    elif field.name.endswith("_widths") and not 1 <= min(value) <= max(value) <= MOST_CHANNELS:
        wanted = f"from 1 to {MOST_CHANNELS}"
    elif choices and value not in choices:
        wanted = "out of " + _listed(choices)
    elif (low is not None and value < low) or (high is not None and value > high):
        wanted = f"from {low}" + (f" to {high}" if high is not None else "")
    if wanted:
        raise ConfigError(f"Expected {flag(field)} {wanted}. Received: {field.name}={value!r}")
    return value


def flag(field, value=None) -> str:
    """A setting as the command line writes it, or Python where it is no flag.

    Args:
        field: the setting's ``dataclasses.Field``.
        value: what it is given; ``None`` for the name alone.
    """
    dashes = "--" if field.metadata["flag"] else ""
    if value is None or (dashes and value is True):
        return f"{dashes}{field.name}"
    if dashes and value is False:
        return f"--no{field.name}"
    return f"{dashes}{field.name}={text_of(value)}"


def text_of(value) -> str:
    """A value as it is written behind a flag."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _listed(choices):
    separator = "; " if isinstance(choices[0], tuple) else ", "
    return separator.join(text_of(choice) for choice in choices if choice != "")


def _kind_name(kind: typing.Any) -> str:
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return names.get(kind, "whole numbers, separated by commas")
