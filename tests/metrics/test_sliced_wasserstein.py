import numpy as np
import pytest

from tfgan_lab.metrics import sliced_wasserstein

RNG = np.random.default_rng(0)


def test_one_dimension_by_hand():
    # Sorted 0, 2 against 1, 1, 4: quantiles differ by 1, then 1 (to 2/3), then 2, in thirds:
    # |0-1| on [0, 1/2], |2-1| on [1/2, 2/3], |2-4| on [2/3, 1].
    expected = 1 / 2 + 1 / 6 + 2 / 3
    assert sliced_wasserstein([[2.0], [0.0]], [[1.0], [4.0], [1.0]]) == pytest.approx(expected)


def test_a_shift_in_many_dimensions():
    # Mean of |cos| between a shift and random directions in the plane is 2 / pi.
    points = RNG.normal(size=(50, 2))
    distance = sliced_wasserstein(points + [5, 0], points, num_directions=20_000)
    assert distance == pytest.approx(5 * 2 / np.pi, rel=0.01)


def test_metric_properties():
    a, b = RNG.normal(size=(30, 4)), RNG.normal(size=(45, 4)) * 2
    assert sliced_wasserstein(a, a[::-1]) == 0
    assert sliced_wasserstein(a, b) == pytest.approx(sliced_wasserstein(b, a), rel=1e-12)
    assert sliced_wasserstein(np.repeat(a, 3, axis=0), b) == pytest.approx(
        sliced_wasserstein(a, b), rel=1e-12
    )
    assert sliced_wasserstein(a[:1], a[:1]) == 0
