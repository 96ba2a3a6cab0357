import numpy as np
import pytest

from tfgan_lab.metrics import coverage_and_density

RNG = np.random.default_rng(0)


def test_coverage_and_density_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [7.0]])  # second neighbours at 3, 2, 3, 6
    fakes = np.array([[0.5], [20.0], [20.0]])
    # 0.5 is within 3 of 0, within 2 of 1, within 3 of 3, not within 6 of 7.
    coverage, density = coverage_and_density(fakes, reals, neighbours=2)
    assert coverage == pytest.approx(3 / 4)
    assert density == pytest.approx((3 + 0 + 0) / (2 * 3))


def test_coverage_and_density_of_more_of_the_same():
    reals, more = RNG.normal(size=(2, 400, 4))
    coverage, density = coverage_and_density(more, reals)
    assert coverage == pytest.approx(1 - 2**-5, abs=0.04)
    assert density == pytest.approx(1, abs=0.1)


def test_enough_reals_are_asked_for():
    with pytest.raises(ValueError, match="Expected more than 5 reals. Received: 5"):
        coverage_and_density(np.zeros((3, 2)), np.zeros((5, 2)))
