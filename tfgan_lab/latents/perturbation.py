"""Latents changed on purpose: some values scaled, or all of them drawn towards the mean."""

import numpy as np

from tfgan_lab.latents.distributions import LatentDistribution


def scale_values(latents, every=5, factor=5.0) -> np.ndarray:
    """Multiplies every n-th value of latents, from the first on, as report R0 does to a found one.

    Args:
        latents: float array of shape (..., latent_size).
        every: int from 1.
        factor: float.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: ``every`` below 1.

    Example:
        >>> scale_values([1.0, 1, 1, 1, 1, 1], every=5, factor=5.0).tolist()
        [5.0, 1.0, 1.0, 1.0, 1.0, 5.0]
    """
    if every < 1:
        raise ValueError(f"Expected every from 1. Received: every={every}")
    latents = np.array(latents, np.float32)
    latents[..., ::every] *= factor
    return latents


def truncate(latents, strength, distribution: LatentDistribution) -> np.ndarray:
    """Draws latents towards the mean of their distribution: more usual images, less variety.

    To draw from a normal distribution that is cut off instead, use ``TruncatedNormal``.

    Reference:
        A Style-Based Generator Architecture for Generative Adversarial Networks, arXiv
        1812.04948, appendix B, psi, there on the latents behind a mapping network.

    Args:
        latents: float array of shape (..., latent_size).
        strength: float from 0, psi in the reference; 1 leaves latents as they are, 0 makes all of
            them the mean.
        distribution: theirs.

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: a negative or infinite strength.

    Example:
        >>> from tfgan_lab.latents import Normal
        >>> truncate([3.0, -1.0], 0.5, Normal(2, mean=1.0)).tolist()
        [2.0, 0.0]
    """
    if not 0 <= strength < np.inf:
        raise ValueError(f"Expected a truncation from 0. Received: {strength}")
    latents = np.asarray(latents, np.float32)
    # Written so that a strength of 1 changes not even a last bit.
    return latents + np.float32(strength - 1) * (latents - np.float32(distribution.moments[0]))
