"""What a run measured while it trained: whose generator is released, and whether it got worse."""

import dataclasses
import math

import numpy as np

from tfgan_lab import run_layout

PATIENCE = 5  # readings in a row that must be worse
USUAL_STEPS = 3.0  # by so many of the usual steps from one reading to the next
USUAL_LEVEL_STEPS = 4.0  # the same, of steps that led to no new best
FEWEST_STEPS = 3  # of fewer the median says nothing
_BADNESS = {
    "low": lambda value: value,
    "high": lambda value: -value,
    "near 1": lambda value: abs(math.log(max(value, 1e-12))),
    "near 0": abs,
}
_SUPERLATIVES = {"low": "lowest", "high": "highest"}


@dataclasses.dataclass(frozen=True)
class Readings:
    """The readings of the measure that decides which generator is released.

    That is the newest one whose reading can't be told from the best one up to it, and not that of
    the best reading: the smallest of many readings that wobble is a lucky one, and a generator may
    improve where the measure doesn't see it. In a training on 345 photographs KID in random
    convolutions was lowest after 68,000 images; VGG16, which had no part in choosing, found the
    generator of the later, level readings clearly better (KID 0.065 against 0.102, recall 0.64
    against 0.49, Fréchet distance 28 against 33).

    Args:
        entries: tuple of dicts as in ``metrics.json``, in the order of training.

    Example:
        >>> values = [9.0, 4.0, 1.0, 5.0, 5.5, 5.0, 6.0, 6.5]
        >>> readings = Readings(
        ...     tuple({"metric": "kid", "value": value, "better": "low", "images": 100 * index,
        ...            "standard_error": 0.5} for index, value in enumerate(values, start=1))
        ... )
        >>> readings.best["images"], readings.released["images"], readings.past_best_since
        (300, 300, 800)
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
    def released(self) -> dict | None:
        """The last reading that couldn't be told from the best one up to it; ``None`` without any.

        It is worse than the best of the readings up to it by no more than the margin of
        ``are_past_best``: three times the usual step, or the best one's standard error if that is
        more. But the three steps count for no more than four of those that led to no new best:
        the large steps at the beginning are improvement, and no noise, and would have the generator
        of a collapse released. With three instead of four, the later generators of the training
        above would not be; with five they are the same. Where fewer than three steps led to no new
        best, the standard error decides alone.

        Only readings up to a reading decide about it, so a run that goes back finds again what
        was released there. In 300 simulated trainings of 40 readings that improve and stay level,
        with normal noise, it was one of the last two in 96 to 99 of 100, and the lowest one was in
        7 to 24; where quality fell by one deviation of the noise a reading after the tenth, it was
        four readings after the peak in the median, and at most six in 95 of 100.
        """
        counts = range(len(self.entries), 0, -1)
        return next(
            (self.entries[count - 1] for count in counts if _is_as_good(self.entries[:count])), None
        )

    @property
    def are_past_best(self) -> bool:
        """Whether the run is past its best.

        It is when each of the last five readings is worse than the best one by more than three
        times the usual step (the median difference between one reading and the next), and by more
        than the best one's standard error, where that is known. All readings are of the same
        latents and real images, so a step is what training alone changes. In 300 simulated
        trainings of 40 readings with normal noise it was said in under 1 of 100 that improve and
        stay level, in 17 of 100 that never improve, for the smallest of many is a lucky one, and
        always where KID rose by one deviation of the noise a reading.
        """
        return _are_past_best(self.entries)

    @property
    def past_best_since(self) -> int | None:
        """Training images seen at the first reading since which the run is past its best."""
        since = None
        for count in range(len(self.entries), 0, -1):
            if not _are_past_best(self.entries[:count]):
                break
            since = self.entries[count - 1]["images"]
        return since

    def warn(self) -> str:
        """The sentence for the reading at which a run turns out to be past its best."""
        best, released = self.best, self.released
        whose = ", whose generator"
        if released is not best:
            whose = f"; the generator of image {released['images']:,}"
        return (
            f"Past its best: the last {PATIENCE} readings are all worse than that of image "
            f"{best['images']:,} ({_shown(best)}){whose} is the one that is released. "
            "More training of this kind is unlikely to help."
        )

    def describe(self, images) -> str:
        """What was released, in one sentence; empty where nothing was measured.

        Args:
            images: int, training images seen in all.
        """
        best, released, count = self.best, self.released, len(self.entries)
        if best is None:
            return ""
        sentence = (
            f"Released: the generator of image {released['images']:,} of {images:,}, "
            f"{_shown(released)}"
        )
        among = f"the {_SUPERLATIVES.get(best['better'], 'best')} of {count} readings"
        if count == 1:
            sentence += ", the only reading"
        elif released is best:
            sentence += f", {among}"
        else:
            sentence += (
                f"; {among}, {best['value']:.3g} at image {best['images']:,}, is within their noise"
            )
        since = self.past_best_since
        if since is not None:
            sentence += f"; past its best since image {since:,}"
        elif count > 1 and best is self.entries[-1]:
            sentence += "; still improving at the end, so more training may help"
        return f"{sentence}."


def of_released(entries) -> list:
    """The evaluations of the generator that is released now, oldest first.

    They are the reading that was taken of it while training, and what was measured of
    ``generator.keras`` afterwards. What was measured of one that another has replaced is left out.

    Args:
        entries: list of dicts, a run's ``metrics.json``.
    """
    released = Readings.of(entries).released
    if released is None:
        return [entry for entry in entries if entry["generator"] == run_layout.GENERATOR]
    return [
        entry
        for entry in entries
        if entry["images"] == released["images"]
        and (is_reading(entry) or entry["generator"] == run_layout.GENERATOR)
    ]


def is_reading(entry) -> bool:
    """Whether an evaluation was taken while training, of a generator that may have been released.

    Args:
        entry: dict as in ``metrics.json``.
    """
    # What a reading is of, until its generator is released.
    last = run_layout.LAST_GENERATOR
    return bool(entry.get("during_training")) and entry.get("generator", last) == last


def _is_as_good(entries):
    """Whether the last one can't be told from the best one."""
    badness = np.array([_badness(entry) for entry in entries])
    steps = np.abs(np.diff(badness))
    level = steps[badness[1:] >= np.minimum.accumulate(badness)[:-1]]
    best = int(np.argmin(badness))
    wobble = 0.0
    if len(level) >= FEWEST_STEPS:
        wobble = min(USUAL_STEPS * np.median(steps), USUAL_LEVEL_STEPS * np.median(level))
    return bool(badness[-1] <= badness[best] + _margin(wobble, entries[best]))


def _are_past_best(entries):
    badness = [_badness(entry) for entry in entries]
    if len(badness) <= PATIENCE:
        return False
    best = int(np.argmin(badness))
    margin = _margin(USUAL_STEPS * np.median(np.abs(np.diff(badness))), entries[best])
    # The best itself is never worse than itself, so it must lie before them.
    return min(badness[-PATIENCE:]) > badness[best] + margin


def _margin(wobble, best):
    """How much worse than the best a reading may be by chance."""
    return max(float(wobble), best.get("standard_error") or 0.0)


def _badness(entry):
    return _BADNESS[entry["better"]](entry["value"])


def _shown(entry):
    name = entry["metric"].replace("_", " ")
    name = name.upper() if name in ("kid", "fid") else name
    return f"{name} {entry['value']:.3g}"
