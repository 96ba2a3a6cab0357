"""What a series of readings means, in plain words."""

import dataclasses

from tfgan_lab.diagnosis.failures import FAILURES, UNLIKE

MIN_READINGS = 3  # Before, a training is too young to be judged.


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What is the matter with a training.

    Args:
        name: ``"too_early"``, ``"healthy"``, or a failure's name.
        sentence: what it means.
        remedy: what to do; empty where there is nothing to be done.
        since_images: int, training images seen when it began.
        evidence: tuple of dicts with ``signal``, ``value``, ``sign`` and ``threshold``.
        others: names of further failures that hold.
    """

    name: str
    sentence: str
    remedy: str = ""
    since_images: int = 0
    evidence: tuple = ()
    others: tuple = ()

    @property
    def is_failure(self) -> bool:
        """Whether something is wrong."""
        return self.name != "too_early" and not self.is_healthy

    @property
    def is_healthy(self) -> bool:
        """Whether it is old enough to be judged, and nothing is wrong."""
        return self.name == "healthy"

    def to_dict(self) -> dict:
        """Returns what ``verdict.json`` holds."""
        return dataclasses.asdict(self)

    def __str__(self):
        """A few lines to be printed."""
        if self.is_healthy:
            return f"Verdict: healthy. {self.sentence}"
        if not self.is_failure:
            return f"Verdict: {self.sentence[0].lower()}{self.sentence[1:]}"
        proofs = "; ".join(
            f"{each['signal']} is {each['value']:.3g} ({each['sign']} {each['threshold']:g})"
            for each in self.evidence
        )
        title = self.name.replace("_", " ")
        return (
            f"Verdict: {title} since {self.since_images:,} training images. "
            f"{self.sentence}\n  What shows it: {proofs}.\n  What to do: {self.remedy}"
        )


def history(readings, failures=FAILURES) -> list:
    """What was said during a training, whenever it changed.

    Args:
        readings: as for ``judge``.
        failures: likewise.

    Returns:
        List of (training images seen, ``Verdict``).
    """
    said = []
    for end in range(1, len(readings) + 1):
        verdict = judge(readings[:end], failures)
        if not said or said[-1][1].name != verdict.name:
            said.append((int(readings[end - 1]["images"]), verdict))
    return said


_TOO_EARLY = Verdict("too_early", "Too early to say how the training goes.")


def judge(readings, failures=FAILURES, min_readings=MIN_READINGS) -> Verdict:
    """Says what is wrong, if anything.

    A failure is said when all its conditions held in as many last readings in a row, and along as
    many training images, as it asks for. Of several, the one that stands first in the table is
    the verdict. Without one it is too early to say anything after the first readings, and as long
    as generated images do not resemble the training images.

    Args:
        readings: list of dicts, oldest first, with ``images`` and the signals of each reading.
        failures: sequence of ``Failure``, worst first.
        min_readings: int, fewer without a failure are too early to call a training healthy.

    Returns:
        ``Verdict``.

    Example:
        >>> judge([{"images": 100, "finite": 0.0}]).name
        'non_finite'
    """
    found = []
    for failure in failures:
        streak = _streak(readings, failure)
        if streak < failure.readings:
            continue
        since = readings[-streak]["images"]
        if readings[-1]["images"] - since >= failure.span_images:
            found.append((failure, since))
    if not found:
        if len(readings) < min_readings or UNLIKE.holds(readings[-1]):
            return _TOO_EARLY
        return Verdict("healthy", "No problems found.")
    failure, since = found[0]
    evidence = tuple(
        condition._asdict() | {"value": readings[-1][condition.signal]}
        for condition in failure.conditions
    )
    others = tuple(other.name for other, _ in found[1:])
    return Verdict(failure.name, failure.sentence, failure.remedy, int(since), evidence, others)


def _streak(readings, failure):
    """In how many last readings in a row all conditions held."""
    for count, reading in enumerate(reversed(readings)):
        if not all(condition.holds(reading) for condition in failure.conditions):
            return count
    return len(readings)
