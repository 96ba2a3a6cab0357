import dataclasses
import json
import re

import pytest

from tfgan_lab.diagnosis.failures import FAILURES, Condition, Failure, Multiply
from tfgan_lab.diagnosis.verdict import judge
from tfgan_lab.runs.settings.run_config import RunConfig

GOOD = {
    "finite": 1.0,
    "neighbour_ratio": 0.9,
    "kernel_entropy_ratio": 0.9,
    "coverage": 0.9,
    "density": 0.9,
    "missing_modes_share": 0.0,
    "motion": 0.2,
    "straightness": 0.5,
    "copying_ratio": 1.0,
    "distinct_share": 1.0,
    "generator_gradient_norm": 1.0,
    "leak": 0.0,
    "real_right": 0.8,
    "fake_right": 0.8,
    "ranked_right": 0.9,
    "overfitting": 0.1,
}


def series(*changes):
    return [{"images": 10_000 * number} | GOOD | change for number, change in enumerate(changes, 1)]


def beyond(failure):
    """A reading in which a failure's conditions hold, and nothing else is said of it."""
    return {
        condition.signal: condition.threshold + (0.01 if condition.sign == ">" else -0.01)
        for condition in failure.conditions
    }


def test_too_early_then_healthy():
    assert judge([]).name == judge(series({}, {})).name == "too_early"
    verdict = judge(series({}, {}, {}))
    assert verdict.name == "healthy" and not verdict.is_failure
    assert str(verdict) == "Verdict: healthy. No problems found."


def test_images_unlike_real_ones_are_not_called_healthy():
    def judged(coverage):
        readings = series(*[{"coverage": coverage, "density": 0.3}] * 9)
        return judge([reading | {"images": reading["images"] // 50} for reading in readings]).name

    assert judged(0.16) == "healthy"
    assert judged(0.14) == "too_early"  # 1,600 images after the first reading
    assert judge(series(*[{"coverage": 0.14, "density": 0.3}] * 9)).name == "not_learning"


def test_readings_close_together_wait_for_the_span():
    failure = Failure("slow", (Condition("leak", ">", 0.5),), 2, "", "", {}, span_images=600)
    readings = [{"images": 200 * number, "leak": 1.0} for number in range(1, 5)]
    assert judge(readings[:3], (failure,)).name == "healthy"
    assert judge(readings, (failure,)).name == "slow"


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_every_failure_is_named_as_soon_as_it_lasted(failure):
    bad = beyond(failure)
    assert judge(series({}, {}, {}, *[bad] * (failure.readings - 1))).name != failure.name
    verdict = judge(series({}, {}, *[bad] * (failure.readings + 1)))
    assert verdict.name == failure.name and verdict.since_images == 30_000
    assert [each["signal"] for each in verdict.evidence] == list(bad)
    json.dumps(verdict.to_dict())


def test_a_good_reading_ends_a_failure():
    bad = beyond(FAILURES[1])
    assert judge(series(bad, bad, bad, {})).name == "healthy"


def test_what_cannot_be_told_is_no_failure():
    readings = [{"images": 100, "finite": 1.0, "neighbour_ratio": float("nan")}] * 5
    assert judge(readings).name == "healthy"


def test_the_worst_is_said_first():
    first, second = (
        Failure(name, (Condition("density", "<", 0.5),), 1, "Bad.", "Mend it.", {})
        for name in ("worse", "bad")
    )
    verdict = judge(series({"density": 0.25}), (first, second))
    assert (verdict.name, verdict.others) == ("worse", ("bad",))
    assert str(verdict) == (
        "Verdict: worse since 10,000 training images. Bad.\n"
        "  What shows it: density is 0.25 (< 0.5).\n  What to do: Mend it."
    )


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_remedies_name_flags_that_there_are(failure):
    settings = {field.name for field in dataclasses.fields(RunConfig)}
    flags = re.findall(r"--(\w+?)(?=[=\s,.;]|$)", failure.remedy.replace("_...", ""))
    assert flags and all(
        any(name == flag or name.startswith(flag) for name in settings) for flag in flags
    )
    assert failure.changes.keys() <= settings
    for name, change in failure.changes.items():
        assert isinstance(change, Multiply) or change is not None, name
