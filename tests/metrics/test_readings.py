import numpy as np
import pytest

from tfgan_lab import run_layout
from tfgan_lab.metrics.readings import Readings, of_released


def readings(*values, error=None, better="low"):
    return Readings.of(
        [
            {
                "metric": "kid",
                "value": value,
                "better": better,
                "standard_error": error,
                "images": 1000 * number,
                "epoch": number,
                "generator": run_layout.LAST_GENERATOR,
                "during_training": True,
            }
            for number, value in enumerate(values, start=1)
        ]
    )


PEAKED = (9, 4, 1, 2, 3, 4.5, 4.8, 5, 5.5, 6)


@pytest.mark.parametrize(
    ("values", "since"),
    [
        # Steps 5 3 1 1 1.5 .3 .2 .5 .5: median 1 up to the ninth reading, so all of the last five
        # must be above 1 + 3: first 4.5 to 6, at the tenth, where the median is still 1.
        (PEAKED, 10_000),
        ((9, 4, 3, 2, 1.5, 1.2, 1.1, 1.0, 0.9), None),  # It improves to the end.
        ((5, 4, 5, 4.5, 5.2, 4.8, 5.5, 4.4, 5.1), None),  # Flat and noisy: a usual step is 0.7.
        (PEAKED[:5], None),  # Too few readings.
        ((*PEAKED, 0.5), None),  # A better one than ever.
    ],
)
def test_past_its_best(values, since):
    held = readings(*values)
    assert held.past_best_since == since
    assert held.are_past_best == (since is not None)


def test_within_the_standard_error_nothing_is_worse():
    flat_after_a_dip = (1.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5)  # A usual step is 0.
    assert readings(*flat_after_a_dip, error=0.4).past_best_since == 6000
    assert readings(*flat_after_a_dip, error=0.6).past_best_since is None


def test_what_is_best_depends_on_the_measure():
    assert readings(0.1, 0.9, 0.5, better="high").best["value"] == 0.9
    assert readings(9.0, 0.2, 1.1, better="near 1").best["value"] == 1.1
    assert readings(2.0, 1.0, 1.0).best["images"] == 2000  # Only what is smaller takes over.


# Steps that led to no new best: 29 1 1 from the sixth reading on.
COLLAPSED = (9, 4, 1, 30, 31, 30, 31, 30)
NOISY = (5, 4, 5, 4.5, 5.2, 4.8, 5.5, 4.4, 5.1)
# At the reading of 4 the steps are 4 2 .5 .3 .4 .2 .6, median .5, and those that led to no new best
# .5 .3 .4 .2 .6, median .4: it is within 3 + 3 * .5, and within 3 + 4 * .4. At the reading of 6 the
# medians are .55 and .45, and at the end both are 1, so the last five are all above 3 + 3.
FALLING_OFF = (9, 5, 3, 3.5, 3.2, 3.6, 3.4, 4, 6, 7, 8, 9, 10, 11)


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ((9, 4, 3, 2, 1.5, 1.2), 6),  # It improves to the end.
        (NOISY, 9),  # A usual step is 0.7, and the best is 4.
        # Up to 4.5 all steps have a median of 1.5, those to no new best one of 1: it is within
        # 1 + 4. Up to 4.8 the medians are 1.25 and 1, so it is not within 1 + 3.75.
        (PEAKED, 6),
        (COLLAPSED, 3),
        (FALLING_OFF, 8),
        ((2.0, 1.0, 1.0), 3),
        ((1.0, 1.1), 1),  # Of so few readings nothing is known.
        ((1.0, 1.1, 1.0, 1.1), 4),
        # Half of all steps are above 20, but they are improvement, and no noise.
        ((100, 50, 20, 1, 30, 30, 31, 29), 4),
        # The same with steps that wobble: 29 3 4, median 4, so at most 1 + 4 * 4.
        ((100, 50, 20, 1, 30, 33, 29), 4),
        # A collapse at which most of all steps are large; of the last ten, too.
        ((100, 80, 60, 40, 20, 1, 30), 6),
    ],
)
def test_the_last_that_is_as_good_as_the_best_is_released(values, number):
    assert readings(*values).released["images"] == 1000 * number
    # Whatever comes next, what was released is decided by what came before.
    for count in range(1, len(values)):
        now, then = (readings(*values[:end]).released for end in (count + 1, count))
        assert now in (then, readings(*values).entries[count])


def test_within_the_standard_error_it_is_as_good_from_the_start():
    assert readings(1.0, 1.4, error=0.5).released["images"] == 2000
    assert readings(1.0, 1.6, error=0.5).released["images"] == 1000
    assert readings(0.9, 0.1, 0.5, better="high").released["images"] == 1000
    assert Readings(()).released is None


def test_a_reading_that_is_past_the_best_is_not_released():
    random, seen = np.random.default_rng(0), 0
    for _ in range(40):
        values = np.exp(-np.arange(30) / 3) + np.maximum(0, np.arange(30) - 12) * 0.02
        held = readings(*(values + random.normal(0, 0.02, 30)))
        for count in range(1, 31):
            part = Readings(held.entries[:count])
            seen += part.are_past_best
            assert not part.are_past_best or part.released is not part.entries[-1]
    assert seen > 40


def test_what_was_released_in_words():
    assert Readings(()).describe(5) == ""
    assert readings(0.0314).describe(1500) == (
        "Released: the generator of image 1,000 of 1,500, KID 0.0314, the only reading."
    )
    assert readings(2, 1).describe(2000) == (
        "Released: the generator of image 2,000 of 2,000, KID 1, the lowest of 2 readings; still "
        "improving at the end, so more training may help."
    )
    assert readings(*COLLAPSED).describe(60_000) == (
        "Released: the generator of image 3,000 of 60,000, KID 1, the lowest of 8 readings; past "
        "its best since image 8,000."
    )
    assert "that of image 3,000 (KID 1), whose" in readings(*COLLAPSED).warn()
    assert readings(*FALLING_OFF).describe(14_000) == (
        "Released: the generator of image 8,000 of 14,000, KID 4; the lowest of 14 readings, 3 at "
        "image 3,000, is within their noise; past its best since image 14,000."
    )
    warning = readings(*FALLING_OFF).warn()
    assert "that of image 3,000 (KID 3); the generator of image 8,000 is" in warning
    assert "KID 0.9, the highest of 2" in readings(0.1, 0.9, better="high").describe(2000)


def test_evaluations_of_the_released_generator():
    taken = list(readings(3, 1, 2).entries)
    released, last = run_layout.GENERATOR, run_layout.LAST_GENERATOR
    after = [
        taken[0] | {"during_training": False, "generator": generator, "images": images}
        for generator, images in ((released, 1000), (released, 2000), (last, 2000))
    ]
    assert of_released(taken + after) == [taken[1], after[1]]
    assert of_released(after) == after[:2]  # Nothing was measured while it trained.
    # Version 0.1.0 released the last one.
    earlier = taken[0] | {"generator": released}
    assert Readings.of([earlier]).released is None and of_released([earlier]) == [earlier]
