"""How much generated images differ among each other, beside how much real ones do."""

import numpy as np

from tfgan_lab.metrics.checks import checked_pair
from tfgan_lab.metrics.distances import distances, mean_distance, nearest_other


def diversity_ratio(fakes, reals) -> float:
    """Mean distance of two generated images, over that of two real ones.

    Near 1 where fakes differ as reals do. It looks at fakes alone and at reals alone, so images
    unlike any real one may have it right; sets may be of different sizes.

    Args:
        fakes: float array of shape (n, d), n >= 2.
        reals: float array of shape (m, d), m >= 2.

    Returns:
        Float from 0; NaN where all reals are the same.

    Example:
        >>> line = np.arange(8.0)[:, None]
        >>> diversity_ratio(line / 2, line)
        0.5
    """
    fakes, reals = checked_pair(fakes, reals, least=2)
    scale = mean_distance(reals)
    return mean_distance(fakes) / scale if scale > 0 else np.nan


def neighbour_ratio(fakes, reals) -> float:
    """How far generated images are from their nearest neighbours, over the same for real ones.

    Median distance to the nearest other of the set. Near 1 where fakes differ as reals do, 0 where
    every latent gives the same image. Needs sets of equal size: neighbours get nearer with more.

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (n, d).

    Example:
        >>> line = np.arange(8.0)[:, None]
        >>> neighbour_ratio(line / 2, line)
        0.5
    """
    _check_equal(fakes, reals)
    scale = np.median(nearest_other(reals))
    return float(np.median(nearest_other(fakes)) / scale) if scale > 0 else np.nan


def kernel_entropy_ratio(fakes, reals) -> float:
    """How many kinds of images there are among the fakes, over the same for the reals.

    Order-2 Renyi kernel entropy: 1 / mean of K^2 over all pairs, with K a Gaussian kernel as wide
    as the median distance of two reals. Where the neighbour ratio sees copies, this sees clusters.

    Reference:
        An Information-Theoretic Evaluation of Generative Models in Learning Multi-modal
        Distributions, NeurIPS 2023 (RKE).

    Args:
        fakes: as of ``neighbour_ratio``.
        reals: see there.
    """
    _check_equal(fakes, reals)
    between_reals = distances(reals, reals)
    width = np.median(between_reals[~np.eye(len(reals), dtype=bool)]) / 2
    if not width > 0:
        return np.nan
    counts = [
        1 / np.mean(np.exp(-(between**2) / width**2))
        for between in (distances(fakes, fakes), between_reals)
    ]
    return float(counts[0] / counts[1])


def _check_equal(fakes, reals):
    if len(fakes) != len(reals):
        raise ValueError(
            f"Expected as many fakes as reals. Received: {len(fakes)} and {len(reals)}"
        )
