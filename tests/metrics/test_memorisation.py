import numpy as np
import pytest

from tfgan_lab.metrics import copying_ratio, copying_statistic


def test_copying_ratio_by_hand():
    training = np.array([[0.0], [10.0], [20.0]])
    held_out = np.array([[2.0], [13.0], [26.0]])  # 2, 3, 6 away
    assert copying_ratio(np.array([[0.0], [10.3], [20.6]]), training, held_out) == (
        pytest.approx(0.1)
    )
    assert copying_ratio(held_out, training, held_out) == 1


def test_training_images_stand_in_for_unseen_ones():
    training = np.array([[0.0], [1.0], [4.0], [9.0]])  # nearest others: 1, 1, 3, 5
    assert copying_ratio([[0.5]], training) == pytest.approx(0.5 / 2)
    assert np.isnan(copying_ratio([[0.5]], np.zeros((4, 1))))


def test_copying_statistic_by_hand():
    # Distances of fakes 1, 2, 3, of unseen images 4, 5, 6: none of nine pairs is above.
    training, fakes, held_out = [[0.0], [100.0]], [[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]
    deviation = np.sqrt(3 * 3 * 7 / 12)
    assert copying_statistic(fakes, training, held_out) == pytest.approx(-4.5 / deviation)
    assert copying_statistic(held_out, training, fakes) == pytest.approx(4.5 / deviation)
    assert copying_statistic(fakes, training, fakes) == 0
    # Ties: 1, 1 against 1, 2. Half pairs count half: 2 * 0.5 + 0 of four; three of a rank.
    value = copying_statistic([[1.0], [1.0]], training, [[1.0], [2.0]])
    assert value == pytest.approx((1 - 2) / np.sqrt(4 / 12 * (5 - 24 / 12)))
    assert copying_statistic([[0.0]] * 3, training, [[0.0]] * 3) == 0


def test_new_images_and_copies_are_told_apart():
    rng = np.random.default_rng(0)
    training, held_out, new = rng.normal(size=(3, 200, 6))
    assert abs(copying_statistic(new, training, held_out)) < 3
    copies = training + 0.1 * rng.normal(size=(200, 6))
    assert copying_statistic(copies, training, held_out) < -10
    assert copying_statistic(copies, training) < -10
    assert copying_ratio(copies, training) < 0.3 < 0.8 < copying_ratio(new, training) < 1.2
