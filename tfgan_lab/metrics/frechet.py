"""Frechet distance between two Gaussians, known as FID with Inception's features."""

import numpy as np

from tfgan_lab.metrics.moments import Moments


def frechet_distance(fakes, reals) -> float:
    """Squared Frechet (2-Wasserstein) distance of the normal distributions fitted to two sets.

    ``|m_1 - m_2|^2 + tr(C_1) + tr(C_2) - 2 tr((C_1 C_2)^(1/2))``. The last trace is that of the
    symmetric root of F' C_2 F with F F' = C_1, so that no root of a matrix without symmetry is
    taken, and directions in which C_1 is zero are left out: fewer images than features are safe.

    It is biased upwards by an amount that depends on the numbers of images and on the
    generator, so compare only distances with the same numbers; below some thousand images use
    ``kernel_distance``.

    Reference:
        GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium,
        arXiv 1706.08500, equation 6.

    Args:
        fakes: float array of shape (n, d), or ``Moments`` of them; n >= 2.
        reals: float array of shape (m, d), or ``Moments``; m >= 2.

    Returns:
        Float from 0.

    Raises:
        ValueError: too few images, values that are not finite, or different numbers of features.

    Example:
        >>> frechet_distance([[0.0], [2.0]], [[5.0], [7.0]])
        25.0
    """
    fakes, reals = _moments(fakes), _moments(reals)
    if len(fakes.mean) != len(reals.mean):
        raise ValueError(
            "Expected fakes and reals of the same number of features. "
            f"Received: {len(fakes.mean)} and {len(reals.mean)}"
        )
    # The range of few images is small, and in it all else is computed.
    few, many = sorted([fakes, reals], key=lambda moments: moments.count)
    small, large = few.covariance(), many.covariance()
    between_means = np.sum((fakes.mean - reals.mean) ** 2)
    distance = between_means + np.trace(small) + np.trace(large) - 2 * _trace_of_root(small, large)
    # Rounding may leave equal distributions a hair below 0.
    return max(0.0, float(distance))


def _moments(features):
    return features if isinstance(features, Moments) else Moments().update(features)


def _trace_of_root(covariance, other):
    """tr((C_1 C_2)^(1/2)) for positive semi-definite matrices."""
    variances, directions = np.linalg.eigh(covariance)
    noise = len(variances) * np.finfo(np.float64).eps * variances[-1]
    kept = variances > noise
    factor = directions[:, kept] * np.sqrt(variances[kept])
    squares = np.linalg.eigvalsh(factor.T @ other @ factor)
    return np.sqrt(np.maximum(squares, 0.0)).sum()
