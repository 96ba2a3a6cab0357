import numpy as np
import pytest

from tfgan_lab.metrics import Moments, frechet_distance

RNG = np.random.default_rng(0)


def gaussian(mean, factor):
    """Moments of a set with just this mean and the covariance factor @ factor.T."""
    mean, factor = np.asarray(mean, float), np.asarray(factor, float)
    steps = np.concatenate([factor.T, -factor.T]) * np.sqrt((2 * len(factor.T) - 1) / 2)
    return Moments().update(mean + steps)


def test_one_dimension_by_hand():
    # Variances 2 and 8: (4 - 1)^2 + 2 + 8 - 2 sqrt(16) = 11.
    fakes, reals = [[0.0], [2.0]], [[2.0], [6.0]]
    assert frechet_distance(fakes, reals) == pytest.approx(9 + 2 + 8 - 2 * 4, rel=1e-13)


def test_covariances_that_commute_not_by_hand():
    # C_1 = diag(4, 1) and C_2 = [[2, 1], [1, 2]]: C_1 C_2 = [[8, 4], [1, 2]] has trace 10 and
    # determinant 12, so the trace of its root is sqrt(10 + 2 sqrt(12)).
    reals = gaussian([0, 0], np.diag([2.0, 1.0]))
    fakes = gaussian([3, 4], np.linalg.cholesky([[2.0, 1.0], [1.0, 2.0]]))
    expected = 25 + 5 + 4 - 2 * np.sqrt(10 + 2 * np.sqrt(12))
    assert frechet_distance(fakes, reals) == pytest.approx(expected, rel=1e-12)
    assert frechet_distance(reals, fakes) == pytest.approx(expected, rel=1e-12)


def test_shifting_and_scaling():
    features = RNG.normal(size=(200, 20)) @ RNG.normal(size=(20, 20))
    total = np.trace(np.cov(features, rowvar=False))
    assert frechet_distance(features + 1, features) == pytest.approx(20, rel=1e-9)
    mean = np.sum(features.mean(axis=0) ** 2)
    assert frechet_distance(3 * features, features) == pytest.approx(4 * (mean + total), rel=1e-9)


def test_fewer_images_than_features():
    """Two singular covariances whose ranges meet in nothing: no root of the product is left."""
    fakes, reals = np.zeros((2, 30, 100))
    fakes[:, :20], reals[:, 50:70] = RNG.normal(size=(2, 30, 20))
    means = np.sum((fakes.mean(axis=0) - reals.mean(axis=0)) ** 2)
    traces = np.var(fakes, axis=0, ddof=1).sum() + np.var(reals, axis=0, ddof=1).sum()
    assert frechet_distance(fakes, reals) == pytest.approx(means + traces, rel=1e-9)
    assert frechet_distance(fakes, fakes) == pytest.approx(0, abs=1e-9 * traces)
    few = frechet_distance(reals[:5], reals)
    assert few == pytest.approx(frechet_distance(reals, reals[:5]), rel=1e-9) and few > 0


def test_constant_images_have_a_distance_of_means():
    assert frechet_distance(np.ones((5, 4)), np.zeros((3, 4))) == 4
    reals = RNG.normal(size=(50, 4))
    total = np.sum(reals.mean(axis=0) ** 2) + np.trace(np.cov(reals, rowvar=False))
    assert frechet_distance(np.zeros((5, 4)), reals) == pytest.approx(total, rel=1e-12)


def test_streamed_moments_give_the_same():
    fakes, reals = RNG.normal(size=(2, 60, 7))
    moments = Moments()
    for part in np.split(fakes, 4):
        moments.update(part)
    assert frechet_distance(moments, reals) == pytest.approx(
        frechet_distance(fakes, reals), rel=1e-11
    )
