"""Sliced Wasserstein distance: how far apart two sets are along random directions."""

import numpy as np

from tfgan_lab.metrics.checks import checked_pair


def sliced_wasserstein(fakes, reals, num_directions=512, seed=0) -> float:
    """Mean 1-Wasserstein distance of the two sets' projections on random directions.

    It sees the whole distribution along each direction, not moments of it. Sets need not be of
    one size. Biased upwards for small sets, as the real baseline shows.

    Reference:
        Sliced and Radon Wasserstein Barycenters of Measures, Bonneel et al., 2015; Progressive
        Growing of GANs, arXiv 1710.10196, section 5, takes it of patches of a pyramid.

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (m, d).
        num_directions: int from 1.
        seed: int, key of the directions.

    Returns:
        Float from 0, in units of the features.

    Raises:
        ValueError: no images, or values that are not finite.

    Example:
        >>> sliced_wasserstein([[0.0], [1.0]], [[3.0], [2.0]])
        2.0
    """
    fakes, reals = checked_pair(fakes, reals)
    if num_directions < 1:
        raise ValueError(f"Expected num_directions from 1. Received: {num_directions}")
    directions = np.random.default_rng(seed).normal(size=(fakes.shape[1], num_directions))
    directions /= np.linalg.norm(directions, axis=0)
    fakes, reals = (np.sort(points @ directions, axis=0) for points in (fakes, reals))
    return float(_between_sorted(fakes, reals).mean())


def _between_sorted(fakes, reals):
    """Integral over q of |quantile_f(q) - quantile_r(q)|, for every column."""
    levels = np.union1d(
        np.arange(1, len(fakes) + 1) / len(fakes), np.arange(1, len(reals) + 1) / len(reals)
    )
    widths = np.diff(levels, prepend=0.0)
    middles = levels - widths / 2
    fake_rows, real_rows = (
        np.minimum((middles * len(points)).astype(int), len(points) - 1)
        for points in (fakes, reals)
    )
    return widths @ np.abs(fakes[fake_rows] - reals[real_rows])
