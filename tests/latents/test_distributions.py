import math

import keras
import numpy as np
import pytest

from tfgan_lab.latents import (
    R1_DISTRIBUTIONS,
    Gamma,
    LatentDistribution,
    Normal,
    Sphere,
    TruncatedNormal,
    Uniform,
    distribution,
)

ALL = [
    Normal(8),
    Normal(8, mean=1.0, stddev=0.1),
    Uniform(8),
    Uniform(8, 1.0, 4.0),
    Gamma(8),
    Gamma(8, shape=0.5, scale=3.0),
    TruncatedNormal(8),
    TruncatedNormal(8, mean=-1.0, stddev=2.0, threshold=0.5),
]


class Coin(LatentDistribution):
    """Only what a subclass must have."""

    def sample(self, num_latents, seed):
        return 2.0 + 6.0 * keras.ops.cast(
            Uniform(self.size).sample(num_latents, seed) > 0, "float32"
        )


SPHERE = Sphere(8)
R1 = [Uniform(4, -1, 1), Normal(4, 0, 1), Gamma(4, 2, 1), Normal(4, -1, 1), Normal(4, 1, 1),
      Normal(4, 0, 0.1), Normal(4, 0, 10)]  # fmt: skip


@pytest.mark.parametrize(
    ("drawn_from", "mean", "stddev"),
    [
        (ALL[0], 0, 1),
        (ALL[1], 1, 0.1),
        (ALL[2], 0, 2 / 12**0.5),
        (ALL[3], 2.5, 3 / 12**0.5),
        (ALL[4], 2, 2**0.5),
        (ALL[5], 1.5, 4.5**0.5),
        (ALL[6], 0, 0.879626),  # Published of the normal cut off at two deviations.
        (ALL[7], -1, 2 * 0.2838823),  # Nearly uniform in [-2, 0], whose is 0.288675.
        (SPHERE, 0, 1),  # The squares of one draw add up to 8.
    ],
)
def test_moments_are_those_of_the_draws(drawn_from, mean, stddev):
    values = drawn_from.sample(5000, seed=(1, 2)).numpy()
    assert values.shape == (5000, 8) and values.dtype == np.float32
    assert values.mean() == pytest.approx(mean, abs=5 * stddev / 200)
    assert values.std() == pytest.approx(stddev, rel=0.03)
    assert drawn_from.moments == pytest.approx((mean, stddev), rel=1e-5)
    low, high = drawn_from.bounds
    assert low <= values.min() and values.max() <= high
    np.testing.assert_array_equal(drawn_from.clip(values), values)


def test_keyed():
    for each in [*ALL, SPHERE]:
        np.testing.assert_array_equal(each.sample(3, (1, 2)), each.sample(3, (1, 2)))
        assert (each.sample(3, (1, 2)).numpy() != each.sample(3, (1, 3)).numpy()).all()


def test_bounded_draws_fill_their_bounds():
    for each in [Uniform(16, -1, 1), TruncatedNormal(16, threshold=1.0)]:
        values = each.sample(4000, (0, 0)).numpy()
        assert -1 <= values.min() < -0.999 and 0.999 < values.max() <= 1


def test_truncated_normal_is_the_normal_between_its_bounds():
    values = TruncatedNormal(4, threshold=1.0).sample(20_000, (3, 4)).numpy()
    # (Phi(0.5) - Phi(-0.5)) / (Phi(1) - Phi(-1)) = 0.382925 / 0.682689
    assert (np.abs(values) < 0.5).mean() == pytest.approx(0.560906, abs=0.006)


def test_sphere_draws_directions_alone():
    values = Sphere(16).sample(5000, (1, 2)).numpy()
    np.testing.assert_allclose(np.linalg.norm(values, axis=1), 4, rtol=1e-5)
    # No direction more often than another: the mean of x^2 is 1 in each, of x y 0.
    np.testing.assert_allclose(values.T @ values / 5000, np.eye(16), atol=0.1)
    plain = Normal(16).sample(5000, (1, 2)).numpy()
    cosines = (values * plain).sum(axis=1) / 4 / np.linalg.norm(plain, axis=1)
    np.testing.assert_allclose(cosines, 1, rtol=1e-5)


def test_sphere_of_one_value_is_a_coin():
    assert set(Sphere(1).sample(50, (0, 0)).numpy().round(5).ravel()) == {-1.0, 1.0}


def test_plausibility_of_the_sphere():
    values = SPHERE.sample(200, (5, 6)).numpy()
    assert SPHERE.norms(values) == pytest.approx(1, rel=1e-5)
    scaled = np.concatenate([values[:1] * scale for scale in (0, 0.5, 0.999, 1, 1.01, 10)])
    assert SPHERE.plausibility(values).tolist() == [1.0] * 200
    assert SPHERE.plausibility(scaled).tolist() == [1, 1, 1, 1, 0, 0]
    assert SPHERE.bounds == (-math.inf, math.inf) and SPHERE.clip(values) is values


def test_gamma_with_shape_1_is_the_exponential_distribution():
    values = Gamma(4, shape=1.0, scale=2.0).sample(20_000, (3, 4)).numpy()
    assert (values > 2).mean() == pytest.approx(math.exp(-1), abs=0.006)


@pytest.mark.parametrize("each", ALL)
def test_plausibility_of_draws_is_uniform(each):
    shares = each.plausibility(each.sample(2000, (5, 6)))
    assert np.mean(shares) == pytest.approx(0.5, abs=0.03)
    assert np.quantile(shares, [0.1, 0.9]) == pytest.approx([0.1, 0.9], abs=0.03)


def test_plausibility_falls_with_distance_from_the_mean():
    normal = Normal(16, mean=3.0, stddev=2.0)
    offsets = np.array([0, 1, 1.25, 10])[:, None] * np.ones((1, 16))
    latents = 3 + 2 * offsets
    assert normal.norms(latents) == pytest.approx([0, 1, 1.25, 10])
    # The sum of 16 squares is chi-squared: P(> 16) = 0.4530, P(> 25) = 0.0698.
    assert normal.plausibility(latents) == pytest.approx([1, 0.453, 0.0698, 0], abs=0.012)


def test_clip_moves_what_lies_outside():
    values = np.float32([-3, 0.5, 9])
    assert Uniform(3, 0.0, 1.0).clip(values).numpy().tolist() == [0, 0.5, 1]
    assert Gamma(3).clip(values).numpy().tolist() == [0, 0.5, 9]
    assert Normal(3).clip(values) is values


def test_a_distribution_needs_sample_alone():
    coin = Coin(4)
    assert coin.moments == pytest.approx((5, 3), rel=0.01)
    assert coin.bounds == (-math.inf, math.inf)
    assert coin.norms([[8.0, 2, 8, 2]]) == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize("each", [*ALL, SPHERE])
def test_round_trip_through_keras_config(each):
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(each))
    assert again.get_config() == each.get_config()
    np.testing.assert_array_equal(again.sample(2, (0, 1)), each.sample(2, (0, 1)))


@pytest.mark.parametrize(
    ("name", "same"),
    [
        *zip(R1_DISTRIBUTIONS, R1, strict=True),
        ("normal", Normal(4)),
        (" uniform ( -2 , 3.5 ) ", Uniform(4, -2, 3.5)),
        ("gamma(9)", Gamma(4, 9)),
        ("truncated_normal(0, 1, 0.7)", TruncatedNormal(4, threshold=0.7)),
        ("sphere", Sphere(4)),
    ],
)
def test_by_name(name, same):
    found = distribution(name, 4)
    assert type(found) is type(same) and found.get_config() == same.get_config()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normal(0), "Expected a latent size of at least 1. Received: size=0"),
        (lambda: Normal(2, stddev=0), "Expected stddev above 0. Received: stddev=0"),
        (lambda: Uniform(2, 1, 1), "Expected high above low. Received: low=1, high=1"),
        (lambda: Gamma(2, shape=-1), "Expected shape and scale above 0. Received: shape=-1"),
        (lambda: Gamma(2, scale=math.nan), "Expected shape and scale above 0.*scale=nan"),
        (lambda: TruncatedNormal(2, threshold=0), "stddev and threshold above 0.*threshold=0"),
        (lambda: distribution("cauchy", 2), "Expected latents out of normal, .*'cauchy'"),
        (lambda: distribution("normal(0, x)", 2), r"Expected numbers in the brackets.*\(0, x\)"),
        (lambda: distribution("normal(1, 2, 3)", 2), "at most 2 numbers with normal: mean, stddev"),
        (lambda: distribution("sphere(1)", 2), r"Expected no numbers with sphere\. Received: 'sph"),
        (lambda: distribution("uniform(1, 0)", 2), "Expected high above low"),
        (lambda: distribution("normal(0, __import__('os'))", 2), "Expected numbers in the brack"),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
