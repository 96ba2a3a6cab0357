import keras
import numpy as np
import pytest

from tfgan_lab.latents import Normal, Uniform


@pytest.mark.parametrize(
    ("distribution", "mean", "stddev"),
    [
        (Normal(8), 0, 1),
        (Normal(8, mean=1.0, stddev=0.1), 1, 0.1),
        (Uniform(8), 0, 2 / 12**0.5),
        (Uniform(8, 1.0, 4.0), 2.5, 3 / 12**0.5),
    ],
)
def test_moments(distribution, mean, stddev):
    values = distribution.sample(5000, seed=(1, 2)).numpy()
    assert values.shape == (5000, 8) and values.dtype == np.float32
    assert values.mean() == pytest.approx(mean, abs=5 * stddev / 200)
    assert values.std() == pytest.approx(stddev, rel=0.02)


def test_keyed():
    normal = Normal(4)
    np.testing.assert_array_equal(normal.sample(3, (1, 2)), normal.sample(3, (1, 2)))
    assert (normal.sample(3, (1, 2)).numpy() != normal.sample(3, (1, 3)).numpy()).all()


def test_uniform_stays_within_its_bounds():
    values = Uniform(16, -1, 1).sample(4000, (0, 0)).numpy()
    assert -1 <= values.min() < -0.999 and 0.999 < values.max() < 1


@pytest.mark.parametrize("distribution", [Normal(3, 1.0, 2.0), Uniform(3, 0.0, 2.0)])
def test_round_trip_through_keras_config(distribution):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(distribution))
    assert again.get_config() == distribution.get_config()
    np.testing.assert_array_equal(again.sample(2, (0, 1)), distribution.sample(2, (0, 1)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normal(0), "Expected a latent size of at least 1. Received: size=0"),
        (lambda: Normal(2, stddev=0), "Expected stddev above 0. Received: stddev=0"),
        (lambda: Uniform(2, 1, 1), "Expected high above low. Received: low=1, high=1"),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
