import numpy as np
import pytest

from tfgan_lab.metrics import diversity_ratio, kernel_entropy_ratio, neighbour_ratio


def test_neighbour_ratio_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [6.0], [10.0]])  # nearest others: 1, 1, 2, 3, 4
    fakes = np.array([[0.0], [1.0], [1.0], [5.0], [9.0]])  # nearest others: 1, 0, 0, 4, 4
    assert neighbour_ratio(fakes, reals) == pytest.approx(1 / 2)
    assert neighbour_ratio(np.zeros((5, 1)), reals) == 0
    assert np.isnan(neighbour_ratio(reals, np.zeros((5, 1))))


def test_kernel_entropy_ratio_by_hand():
    # Four reals at equal distances; kernel exp(-4) between them, squared mean (4 + 12 e^-4) / 16.
    reals = np.eye(4)
    real_count = 16 / (4 + 12 * np.exp(-4))
    pair = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]])
    pair_count = 16 / (8 + 8 * np.exp(-4))
    ratio = kernel_entropy_ratio(pair, reals)
    assert ratio == pytest.approx(pair_count / real_count, rel=1e-12)
    assert kernel_entropy_ratio(np.ones((4, 4)), reals) == pytest.approx(1 / real_count)
    assert kernel_entropy_ratio(reals + 7, reals) == pytest.approx(1)


def test_diversity_ratio_by_hand():
    reals = np.array([[0.0], [2.0], [4.0]])  # distances 2, 2, 4
    assert diversity_ratio([[0.0], [1.0]], reals) == pytest.approx(1 / (8 / 3))
    assert diversity_ratio(np.zeros((5, 1)), reals) == 0
    assert np.isnan(diversity_ratio(reals, np.zeros((5, 1))))
