import numpy as np

from tfgan_lab.metrics import Moments

RNG = np.random.default_rng(0)


def test_batches_of_any_size_give_the_whole_sets_moments():
    features = RNG.normal(size=(100, 5)) @ RNG.normal(size=(5, 5)) + 3
    moments = Moments()
    for part in np.split(features, [1, 7, 50]):
        moments.update(part)
    assert moments.count == 100
    np.testing.assert_allclose(moments.mean, features.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(moments.covariance(), np.cov(features, rowvar=False), rtol=1e-12)


def test_a_mean_far_larger_than_the_deviation_is_safe():
    features = RNG.normal(size=(1000, 2))
    moments = Moments()
    for part in np.split(features + 1e8, 10):
        moments.update(part)
    np.testing.assert_allclose(moments.covariance(), np.cov(features.T), rtol=1e-6, atol=1e-7)
