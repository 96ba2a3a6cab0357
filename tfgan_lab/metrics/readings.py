"""What a run measured while it trained: which reading is the best, and whether it is past it."""

import dataclasses
import math

import numpy as np

PATIENCE = 5  # readings in a row that must be worse
USUAL_STEPS = 3.0  # by so many of the usual steps from one reading to the next
LAST = "last_generator.keras"  # what a reading is of, until it proves to be the best
RELEASED = "generator.keras"
_BADNESS = {
    "low": lambda value: value,
    "high": lambda value: -value,
    "near 1": lambda value: abs(math.log(max(value, 1e-12))),
    "near 0": abs,
}


@dataclasses.dataclass(frozen=True)
class Readings:
    """The readings of the measure that decides which generator is released.

    Args:
        entries: tuple of dicts as in ``metrics.json``, in the order of training.

    Example:
        >>> values = [9.0, 4.0, 1.0, 5.0, 5.5, 5.0, 6.0, 6.5]
        >>> readings = Readings(
        ...     tuple({"metric": "kid", "value": value, "better": "low", "images": 100 * index,
        ...            "standard_error": 0.5} for index, value in enumerate(values, start=1))
        ... )
        >>> readings.best["images"], readings.past_best_since
        (300, 800)
    """

    entries: tuple

    @classmethod
    def of(cls, entries, metric=None):
        """Takes the readings out of a run's evaluations.

        Args:
            entries: list of dicts, a run's ``metrics.json``.
            metric: str, the one that decides; the first that was taken unless given.
        """
        # A reading of version 0.1.0 says that it is of another file, and none was kept with it.
        taken = [each for each in entries if is_reading(each)]
        metric = metric or (taken[0]["metric"] if taken else None)
        return cls(
            tuple(each for each in taken if each["metric"] == metric and each["value"] is not None)
        )

    @property
    def best(self) -> dict | None:
        """The first of the best readings; ``None`` where there is none."""
        return min(self.entries, key=_badness, default=None)

    @property
    def are_past_best(self) -> bool:
        """Whether the run is past its best.

        It is when each of the last five readings is worse than the best one by more than three
        times the usual step (the median difference between one reading and the next), and by more
        than the best one's standard error, where that is known. All readings are of the same
        latents and the same real pictures, so a step is what training alone changes. In 300
        simulated trainings of 40 readings that improve and then stay level, with normal noise, it
        was said in under 1 of 100; in those that never improve at all, in 17 of 100, for the
        smallest of many readings is a lucky one; where KID rose by one deviation of the noise a
        reading, always.
        """
        return _are_past_best(self.entries)

    @property
    def past_best_since(self) -> int | None:
        """Training pictures seen at the first reading since which the run is past its best."""
        since = None
        for count in range(len(self.entries), 0, -1):
            if not _are_past_best(self.entries[:count]):
                break
            since = self.entries[count - 1]["images"]
        return since

    def warn(self) -> str:
        """The sentence for the reading at which a run turns out to be past its best."""
        best = self.best
        return (
            f"Past its best: the last {PATIENCE} readings are all worse than that of image "
            f"{best['images']:,} ({_shown(best)}), whose generator is the one that is released. "
            "More training of this kind is unlikely to help."
        )

    def describe(self, images) -> str:
        """What was released, in one sentence; empty where nothing was measured.

        Args:
            images: int, training pictures seen in all.
        """
        best, count = self.best, len(self.entries)
        if best is None:
            return ""
        among = f"the best of {count} readings" if count > 1 else "the only reading"
        sentence = (
            f"Released: the generator of image {best['images']:,} of {images:,}, {_shown(best)}, "
            f"{among}"
        )
        since = self.past_best_since
        if since is not None:
            sentence += f"; past its best since image {since:,}"
        elif count > 1 and best is self.entries[-1]:
            sentence += "; still improving at the end, so more training may help"
        return f"{sentence}."


def of_released(entries) -> list:
    """The evaluations of the generator that is released now, oldest first.

    They are the best reading while training, and what was measured of ``generator.keras``
    afterwards. What was measured of a best generator that another one has replaced is left out.

    Args:
        entries: list of dicts, a run's ``metrics.json``.
    """
    best = Readings.of(entries).best
    if best is None:
        return [entry for entry in entries if entry["generator"] == RELEASED]
    return [
        entry
        for entry in entries
        if entry["images"] == best["images"]
        and (is_reading(entry) or entry["generator"] == RELEASED)
    ]


def is_reading(entry) -> bool:
    """Whether an evaluation was taken while training, of a generator that was kept if it was best.

    Args:
        entry: dict as in ``metrics.json``.
    """
    return bool(entry.get("during_training")) and entry.get("generator", LAST) == LAST


def _are_past_best(entries):
    badness = [_badness(entry) for entry in entries]
    if len(badness) <= PATIENCE:
        return False
    best = int(np.argmin(badness))
    margin = USUAL_STEPS * float(np.median(np.abs(np.diff(badness))))
    margin = max(margin, entries[best].get("standard_error") or 0.0)
    # The best itself is never worse than itself, so it must lie before them.
    return min(badness[-PATIENCE:]) > badness[best] + margin


def _badness(entry):
    return _BADNESS[entry["better"]](entry["value"])


def _shown(entry):
    name = entry["metric"].replace("_", " ")
    name = name.upper() if name in ("kid", "fid") else name
    return f"{name} {entry['value']:.3g}"
