"""What a fault is, and what is written down of it."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Fault:
    """Something that goes wrong, tried a number of times.

    Args:
        name: what ``--only`` calls it.
        says: what it is, in the table's words.
        long: function of the ``Trainings``, which tries it as often as the long version does and
            returns a list of what each try lost, "" for nothing.
        short: the same, once or twice.
        skips: function without arguments: the reason why it can't be tried here, "" for none.
    """

    name: str
    says: str
    long: typing.Callable
    short: typing.Callable
    skips: typing.Callable = str


def in_words(phrases) -> str:
    """Joins what was lost, "" where nothing was."""
    return "; ".join(phrases)
