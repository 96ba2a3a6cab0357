import numpy as np
import pytest

from tfgan_lab.latents import Gamma, Normal, scale_values, truncate


def test_every_fifth_value_times_five():
    latents = np.arange(12, dtype=np.float32)
    kept = latents.copy()
    expected = [0, 1, 2, 3, 4, 25, 6, 7, 8, 9, 50, 11]
    assert scale_values(latents).tolist() == expected
    np.testing.assert_array_equal(latents, kept)
    assert scale_values(np.ones((2, 5))).tolist() == [[5, 1, 1, 1, 1]] * 2


def test_truncation_shrinks_about_the_mean():
    for distribution in (Normal(64, mean=-2.0, stddev=3.0), Gamma(64)):
        latents = distribution.sample(4, (0, 1))
        np.testing.assert_array_equal(truncate(latents, 1.0, distribution), latents)
        half = truncate(latents, 0.5, distribution)
        norms = distribution.norms(latents)
        assert distribution.norms(half) == pytest.approx(norms / 2, rel=1e-5)
        np.testing.assert_allclose(
            truncate(latents, 0, distribution), distribution.moments[0], rtol=1e-5
        )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: scale_values([1.0], every=0), "Expected every from 1.*every=0"),
        (lambda: truncate([1.0], -0.1, Normal(1)), "Expected a truncation from 0. Received: -0.1"),
        (lambda: truncate([1.0], np.nan, Normal(1)), "Expected a truncation from 0.*nan"),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
