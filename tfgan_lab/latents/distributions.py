"""Distributions of the latents: stateless, so the same key always gives the same latents."""

import abc

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable


class LatentDistribution(Configurable, abc.ABC):
    """Draws latents of a fixed size.

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
