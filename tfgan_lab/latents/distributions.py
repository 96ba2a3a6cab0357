"""Distributions of the latents: stateless, so the same key always gives the same latents."""

import abc
import math

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.configurable import Configurable
from tfgan_lab.randomness import Purpose, key

ROUNDING = 1e-3  # of a norm, within which a latent counts as one of the sphere
NUM_COMPARED = 10_000  # Latents that one latent is compared with, to say how plausible it is.


class LatentDistribution(Configurable, abc.ABC):
    """Draws latents of a fixed size, and says how far from such draws another latent lies.

    A subclass needs ``sample`` alone. ``moments`` are then estimated from draws and ``bounds`` are
    taken for infinite; where they are known, it says so itself.

    Args:
        size: int, number of values of one latent vector.
    """

    def __init__(self, size):
        if size < 1:
            raise ValueError(f"Expected a latent size of at least 1. Received: size={size}")
        self.size = size

    @abc.abstractmethod
    def sample(self, num_latents, seed) -> tf.Tensor:
        """Returns float32 latents of shape (num_latents, size).

        Args:
            num_latents: int or scalar tensor.
            seed: int64 tensor of shape (2,), as made by ``tfgan_lab.randomness.key``.
        """

    @property
    def moments(self) -> tuple:
        """Mean and standard deviation of one value."""
        values = self._compared()
        return float(values.mean()), float(values.std())

    @property
    def bounds(self) -> tuple:
        """Least and greatest value that a draw may hold."""
        return -math.inf, math.inf

    def norms(self, latents) -> np.ndarray:
        """Root mean square of standardised latents: near 1 for draws, above 1 farther out.

        Standardised are those whose draws have mean 0 and variance 1.

        Args:
            latents: float array of shape (n, size).

        Returns:
            float64 array of shape (n,).

        Example:
            >>> Normal(2, mean=1.0, stddev=2.0).norms([[3.0, 3.0], [1.0, 1.0]]).tolist()
            [1.0, 0.0]
        """
        mean, stddev = self.moments
        standardised = (np.asarray(latents, np.float32) - np.float32(mean)) / np.float32(stddev)
        return np.sqrt(np.mean(standardised.astype(np.float64) ** 2, axis=-1))

    def plausibility(self, latents) -> np.ndarray:
        """Share of draws that lie at least as far from the mean as a latent does.

        A draw's is uniform between 0 and 1, by definition; 0 means farther out than all of 10,000
        draws, so that the generator was never trained there. High values are no fault: near the
        mean lies what the generator does best.

        Args:
            latents: float array of shape (n, size).

        Returns:
            float64 array of shape (n,) in [0, 1].
        """
        compared = np.sort(self.norms(self._compared()))
        nearer = np.searchsorted(compared, self.norms(latents), side="left")
        return 1 - nearer / len(compared)

    def clip(self, latents) -> tf.Tensor:
        """Moves every value that no draw can hold to the nearest that one can."""
        low, high = self.bounds
        if math.isinf(low) and math.isinf(high):
            return latents
        return tf.clip_by_value(latents, low, high)

    def _compared(self):
        return self.sample(NUM_COMPARED, key(0, 0, Purpose.COMPARISON)).numpy()


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Normal(LatentDistribution):
    """Independent normal values.

    Args:
        size: int, number of values of one latent vector.
        mean: float.
        stddev: float above 0 (the standard deviation, not the variance).

    Example:
        >>> Normal(128).sample(4, seed=(0, 1)).shape
        TensorShape([4, 128])
    """

    def __init__(self, size, mean=0.0, stddev=1.0):
        super().__init__(size)
        if not stddev > 0:
            raise ValueError(f"Expected stddev above 0. Received: stddev={stddev}")
        self.mean = mean
        self.stddev = stddev

    def sample(self, num_latents, seed):
        """See the base class."""
        shape = (num_latents, self.size)
        return tf.random.stateless_normal(shape, seed, self.mean, self.stddev)

    @property
    def moments(self):
        """See the base class."""
        return self.mean, self.stddev


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Uniform(LatentDistribution):
    """Independent uniform values in [low, high).

    Args:
        size: int, number of values of one latent vector.
        low: float.
        high: float above ``low``.
    """

    def __init__(self, size, low=-1.0, high=1.0):
        super().__init__(size)
        if not high > low:
            raise ValueError(f"Expected high above low. Received: low={low}, high={high}")
        self.low = low
        self.high = high

    def sample(self, num_latents, seed):
        """See the base class."""
        shape = (num_latents, self.size)
        return tf.random.stateless_uniform(shape, seed, self.low, self.high)

    @property
    def moments(self):
        """See the base class."""
        return (self.low + self.high) / 2, (self.high - self.low) / 12**0.5

    @property
    def bounds(self):
        """See the base class."""
        return self.low, self.high


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Gamma(LatentDistribution):
    """Independent gamma values: never negative, and skewed.

    Args:
        size: int, number of values of one latent vector.
        shape: float above 0, often called alpha or k. The mean is shape * scale.
        scale: float above 0, often called theta; the inverse of the rate.

    Example:
        >>> Gamma(128, shape=2.0, scale=1.0).moments
        (2.0, 1.4142135623730951)
    """

    def __init__(self, size, shape=2.0, scale=1.0):
        super().__init__(size)
        if not (shape > 0 and scale > 0):
            raise ValueError(
                f"Expected shape and scale above 0. Received: shape={shape}, scale={scale}"
            )
        self.shape = shape
        self.scale = scale

    def sample(self, num_latents, seed):
        """See the base class."""
        return tf.random.stateless_gamma((num_latents, self.size), seed, self.shape, 1 / self.scale)

    @property
    def moments(self):
        """See the base class."""
        return self.shape * self.scale, self.shape**0.5 * self.scale

    @property
    def bounds(self):
        """See the base class."""
        return 0.0, math.inf


@keras.saving.register_keras_serializable(package="tfgan_lab")
class TruncatedNormal(LatentDistribution):
    """Independent normal values, redrawn until they lie near the mean.

    A generator trained on normal latents gives less varied and more usual images from these: the
    truncation trick.

    Reference:
        Large Scale GAN Training for High Fidelity Natural Image Synthesis, arXiv 1809.11096,
        section 3.1.

    Args:
        size: int, number of values of one latent vector.
        mean: float.
        stddev: float above 0, of the normal distribution before it is cut off.
        threshold: float above 0, greatest distance from the mean in units of ``stddev``.
    """

    def __init__(self, size, mean=0.0, stddev=1.0, threshold=2.0):
        super().__init__(size)
        if not (stddev > 0 and threshold > 0):
            raise ValueError(
                "Expected stddev and threshold above 0. "
                f"Received: stddev={stddev}, threshold={threshold}"
            )
        self.mean = mean
        self.stddev = stddev
        self.threshold = threshold

    def sample(self, num_latents, seed):
        """See the base class."""
        # By the inverse of the distribution function: redrawing would take a loop, and a key
        # for each turn of it.
        lowest = _normal_below(-self.threshold)
        shares = tf.random.stateless_uniform(
            (num_latents, self.size), seed, lowest, 1 - lowest, tf.float64
        )
        values = self.mean + self.stddev * tf.cast(tf.math.ndtri(shares), tf.float32)
        return self.clip(values)  # Rounding to float32 may step over the bounds.

    @property
    def moments(self):
        """See the base class."""
        inside = 1 - 2 * _normal_below(-self.threshold)
        density = math.exp(-(self.threshold**2) / 2) / math.sqrt(2 * math.pi)
        return self.mean, self.stddev * math.sqrt(1 - 2 * self.threshold * density / inside)

    @property
    def bounds(self):
        """See the base class."""
        reach = self.threshold * self.stddev
        return self.mean - reach, self.mean + reach


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Sphere(LatentDistribution):
    """Directions alone: normal values scaled to a root mean square of 1.

    All latents lie equally far from the mean, so a generator never sees weak or strong ones.

    Reference:
        Progressive Growing of GANs for Improved Quality, Stability, and Variation, arXiv
        1710.10196, appendix A.1.

    Args:
        size: int, number of values of one latent vector; the sphere's radius is its square root.

    Example:
        >>> Sphere(16).norms(Sphere(16).sample(2, seed=(0, 1))).round(5).tolist()
        [1.0, 1.0]
    """

    def sample(self, num_latents, seed):
        """See the base class."""
        values = tf.random.stateless_normal((num_latents, self.size), seed)
        return tf.math.l2_normalize(values, axis=-1) * self.size**0.5

    @property
    def moments(self):
        """See the base class."""
        return 0.0, 1.0

    def plausibility(self, latents):
        """1 for latents on the sphere or within it, 0 outside: no draw lies there."""
        return (self.norms(latents) < 1 + ROUNDING).astype(np.float64)


def _normal_below(value):
    """The standard normal distribution function."""
    return math.erfc(-value / math.sqrt(2)) / 2
