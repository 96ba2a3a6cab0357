import numpy as np
import pytest

from tfgan_lab.metrics import (
    kernel_distance,
    polynomial_kernel,
    subset_kernel_distance,
)

RNG = np.random.default_rng(0)


def test_kernel_by_hand():
    # (1*3 + 2*4) / 2 + 1 = 6.5, cubed.
    np.testing.assert_allclose(polynomial_kernel([[1, 2]], [[3, 4], [0, 0]]), [[6.5**3, 1]])


def test_by_hand():
    # Kernels 1 + xy cubed. Fakes 0, 1: the one pair 1. Reals 1, 2: 27. Across: 1, 1, 8, 27.
    distance = kernel_distance([[0.0], [1.0]], [[1.0], [2.0]])
    assert distance.value == pytest.approx(1 + 27 - 2 * (1 + 1 + 8 + 27) / 4, rel=1e-14)
    assert distance.standard_error is None and distance.num_blocks == 1


def test_unequal_sets_by_a_double_loop():
    fakes, reals = RNG.normal(size=(5, 3)), RNG.normal(size=(8, 3)) + 1

    def mean(points, others, same):
        values = [
            (points[i] @ others[j] / 3 + 1) ** 3
            for i in range(len(points))
            for j in range(len(others))
            if not (same and i == j)
        ]
        return sum(values) / len(values)

    expected = mean(fakes, fakes, True) + mean(reals, reals, True) - 2 * mean(fakes, reals, False)
    assert kernel_distance(fakes, reals).value == pytest.approx(expected, rel=1e-12)
    assert subset_kernel_distance(fakes, fakes + 0, 3).block_size == 5


def test_unbiased_and_as_sure_as_it_says():
    errors, values = [], []
    for _ in range(60):
        fakes, reals = RNG.normal(size=(2, 100, 4))
        distance = kernel_distance(fakes + 0.3, reals)
        values.append(distance.value)
        errors.append(distance.standard_error)
    many = kernel_distance(RNG.normal(size=(3000, 4)) + 0.3, RNG.normal(size=(3000, 4)), 3000)
    spread = np.std(values)
    assert np.mean(values) == pytest.approx(many.value, abs=4 * spread / np.sqrt(60))
    assert np.mean(errors) == pytest.approx(spread, rel=0.35)


def test_equal_distributions_scatter_about_0():
    values = [kernel_distance(*RNG.normal(size=(2, 50, 4))).value for _ in range(100)]
    assert abs(np.mean(values)) < 4 * np.std(values) / 10
    assert min(values) < 0 < max(values)


def test_blocks_are_means_of_parts():
    fakes, reals = RNG.normal(size=(10, 3)), RNG.normal(size=(20, 3))
    distance = kernel_distance(fakes, reals, max_block_size=10)
    parts = [
        kernel_distance(fakes[:5], reals[:10]).value,
        kernel_distance(fakes[5:], reals[10:]).value,
    ]
    assert distance.num_blocks == 2 and distance.block_size == 10
    assert distance.value == pytest.approx(np.mean(parts), rel=1e-13)
    assert distance.standard_error == pytest.approx(abs(parts[0] - parts[1]) / 2, rel=1e-12)


def test_subsets():
    fakes, reals = RNG.normal(size=(2, 80, 3))
    some = subset_kernel_distance(fakes + 0.5, reals, num_subsets=200, subset_size=40, seed=3)
    assert (some.num_blocks, some.block_size) == (200, 40)
    whole = kernel_distance(fakes + 0.5, reals)
    assert some.value == pytest.approx(whole.value, abs=4 * some.standard_error / np.sqrt(200))
    assert some == subset_kernel_distance(fakes + 0.5, reals, 200, 40, seed=3)
    # No larger than a subset: every one of them is the whole set.
    all_the_same = subset_kernel_distance(fakes, reals, num_subsets=5)
    assert all_the_same.block_size == 80
    assert all_the_same.value == pytest.approx(kernel_distance(fakes, reals).value, rel=1e-11)
    assert all_the_same.standard_error == pytest.approx(0, abs=1e-12)


def test_constant_images():
    assert kernel_distance(np.ones((4, 2)), np.ones((3, 2))).value == 0
    assert kernel_distance(np.zeros((4, 2)), np.ones((3, 2))).value == 1 + 8 - 2
