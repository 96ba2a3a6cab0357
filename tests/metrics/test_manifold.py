import numpy as np
import pytest

from tfgan_lab.metrics import coverage_and_density, precision_and_recall

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


def test_precision_and_recall_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [7.0]])  # nearest others at 1, 1, 2, 4
    fakes = np.array([[1.5], [12.0], [30.0]])  # nearest others at 10.5, 10.5, 18
    # 1.5 is within 1 of 1; 12 and 30 are not within 4 of 7. All but 0 and 1 are within 10.5 of 12,
    # and these of 1.5.
    assert precision_and_recall(fakes, reals, neighbours=1) == pytest.approx((1 / 3, 1))
    assert precision_and_recall(fakes[1:], reals, neighbours=1)[1] == pytest.approx(1)
    assert precision_and_recall(fakes + 100, reals, neighbours=1) == (0, 0)


def test_identical_and_constant_sets():
    points = RNG.normal(size=(20, 50)) + 100
    assert precision_and_recall(points, points) == (1, 1)
    assert coverage_and_density(points, points)[0] == 1
    same = np.repeat(points[:1], 8, axis=0)
    assert precision_and_recall(same, same) == (1, 1)
    assert coverage_and_density(same, same) == (1, pytest.approx(8 / 5))
    assert precision_and_recall(same + 1, same) == (0, 0)
