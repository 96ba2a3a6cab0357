import pytest

from tfgan_lab.metrics.readings import LAST, RELEASED, Readings, of_released


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
                "generator": LAST,
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


def test_what_was_released_in_words():
    assert Readings(()).describe(5) == ""
    assert readings(0.0314).describe(1500) == (
        "Released: the generator of image 1,000 of 1,500, KID 0.0314, the only reading."
    )
    assert readings(2, 1).describe(2000) == (
        "Released: the generator of image 2,000 of 2,000, KID 1, the best of 2 readings; still "
        "improving at the end, so more training may help."
    )
    assert readings(*PEAKED).describe(60_000) == (
        "Released: the generator of image 3,000 of 60,000, KID 1, the best of 10 readings; past "
        "its best since image 10,000."
    )
    assert "that of image 3,000 (KID 1), whose" in readings(*PEAKED).warn()


def test_evaluations_of_the_released_generator():
    taken = list(readings(3, 1, 2).entries)
    after = [
        taken[0] | {"during_training": False, "generator": generator, "images": images}
        for generator, images in ((RELEASED, 1000), (RELEASED, 2000), (LAST, 2000))
    ]
    assert of_released(taken + after) == [taken[1], after[1]]
    assert of_released(after) == after[:2]  # Nothing was measured while it trained.
    # Version 0.1.0 released the last one.
    earlier = taken[0] | {"generator": RELEASED}
    assert Readings.of([earlier]).best is None and of_released([earlier]) == [earlier]
