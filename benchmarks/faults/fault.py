"""What a fault is, and what is written down of it."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Fault:
    """Something that goes wrong, tried a number of times.

    Args:
        name: what ``--only`` calls it.
        says: what it is, in the table's words.
        attempt: function of the ``Trainings``, which tries it as often as the table says and
            returns a list of what each try lost, "" for nothing.
        short: the same, once or twice; ``None`` where that is as often.
        skips: function without arguments: the reason why it can't be tried here, "" for none.
    """

    name: str
    says: str
    attempt: typing.Callable
    short: typing.Callable | None = None
    skips: typing.Callable = str

    def tried(self, trainings, long) -> list:
        """What each try lost, of many tries or of a few."""
        return (self.attempt if long or self.short is None else self.short)(trainings)


def in_words(phrases) -> str:
    """Joins what was lost, "" where nothing was."""
    return "; ".join(phrases)
