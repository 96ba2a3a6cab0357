"""A setting that was chosen, and why."""

import typing


class Choice(typing.NamedTuple):
    """A setting's value and why."""

    value: typing.Any
    reason: str
