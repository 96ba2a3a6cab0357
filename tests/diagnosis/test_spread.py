import numpy as np
import pytest

from tfgan_lab.diagnosis import spread

RNG = np.random.default_rng(0)


def test_distances_by_hand():
    points = [[0, 0], [3, 4]]
    np.testing.assert_allclose(spread.distances(points, [[0, 0], [6, 8]]), [[0, 10], [5, 5]])


def test_neighbour_ratio_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [6.0], [10.0]])  # nearest others: 1, 1, 2, 3, 4
    fakes = np.array([[0.0], [1.0], [1.0], [5.0], [9.0]])  # nearest others: 1, 0, 0, 4, 4
    assert spread.neighbour_ratio(fakes, reals) == pytest.approx(1 / 2)
    assert spread.neighbour_ratio(np.zeros((5, 1)), reals) == 0
    assert np.isnan(spread.neighbour_ratio(reals, np.zeros((5, 1))))


def test_kernel_entropy_ratio_by_hand():
    # Four reals at equal distances; kernel exp(-4) between them, squared mean (4 + 12 e^-4) / 16.
    reals = np.eye(4)
    real_count = 16 / (4 + 12 * np.exp(-4))
    pair = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]])
    pair_count = 16 / (8 + 8 * np.exp(-4))
    ratio = spread.kernel_entropy_ratio(pair, reals)
    assert ratio == pytest.approx(pair_count / real_count, rel=1e-12)
    assert spread.kernel_entropy_ratio(np.ones((4, 4)), reals) == pytest.approx(1 / real_count)
    assert spread.kernel_entropy_ratio(reals + 7, reals) == pytest.approx(1)


def test_coverage_and_density_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [7.0]])  # second neighbours at 3, 2, 3, 6
    fakes = np.array([[0.5], [20.0], [20.0]])
    # 0.5 is within 3 of 0, within 2 of 1, within 3 of 3, not within 6 of 7.
    coverage, density = spread.coverage_and_density(fakes, reals, neighbours=2)
    assert coverage == pytest.approx(3 / 4)
    assert density == pytest.approx((3 + 0 + 0) / (2 * 3))


def test_coverage_and_density_of_more_of_the_same():
    reals, more = RNG.normal(size=(2, 400, 4))
    coverage, density = spread.coverage_and_density(more, reals)
    assert coverage == pytest.approx(1 - 2**-5, abs=0.04)
    assert density == pytest.approx(1, abs=0.1)


def test_copying_ratio_by_hand():
    training = np.array([[0.0], [10.0], [20.0]])
    held_out = np.array([[2.0], [13.0], [26.0]])  # 2, 3, 6 away
    assert spread.copying_ratio(np.array([[0.0], [10.3], [20.6]]), training, held_out) == (
        pytest.approx(0.1)
    )
    assert spread.copying_ratio(held_out, training, held_out) == 1


@pytest.mark.parametrize("measure", [spread.neighbour_ratio, spread.kernel_entropy_ratio])
def test_sets_of_equal_size_are_asked_for(measure):
    with pytest.raises(ValueError, match="Expected as many fakes as reals. Received: 3 and 4"):
        measure(np.zeros((3, 2)), np.zeros((4, 2)))


def test_enough_reals_are_asked_for():
    with pytest.raises(ValueError, match="Expected more than 5 reals. Received: 5"):
        spread.coverage_and_density(np.zeros((3, 2)), np.zeros((5, 2)))
