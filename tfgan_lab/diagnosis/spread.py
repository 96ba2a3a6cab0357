"""How pictures lie among each other and among others, from embedded pictures alone."""

import numpy as np


def distances(points, others) -> np.ndarray:
    """Euclidean distances of every point to every other.

    Args:
        points: float array of shape (n, d).
        others: float array of shape (m, d).

    Returns:
        float64 array of shape (n, m).
    """
    points, others = np.asarray(points, np.float64), np.asarray(others, np.float64)
    squares = (points**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * points @ others.T
    return np.sqrt(np.maximum(squares, 0.0))


def neighbour_ratio(fakes, reals) -> float:
    """How far generated pictures are from their nearest neighbours, over the same for real ones.

    Median distance to the nearest other of the set. Near 1 where fakes differ as reals do, 0 where
    every latent gives the same picture. Needs sets of equal size: neighbours get nearer with more.

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (n, d).

    Example:
        >>> line = np.arange(8.0)[:, None]
        >>> neighbour_ratio(line / 2, line)
        0.5
    """
    _check_equal(fakes, reals)
    scale = np.median(_nearest_other(reals))
    return float(np.median(_nearest_other(fakes)) / scale) if scale > 0 else np.nan


def kernel_entropy_ratio(fakes, reals) -> float:
    """How many kinds of pictures there are among the fakes, over the same for the reals.

    Order-2 Renyi kernel entropy: 1 / mean of K^2 over all pairs, with K a Gaussian kernel as wide
    as the median distance of two reals. Where the neighbour ratio sees copies, this sees clusters.

    Reference:
        An Information-Theoretic Evaluation of Generative Models in Learning Multi-modal
        Distributions, NeurIPS 2023 (RKE).

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (n, d).
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


def coverage_and_density(fakes, reals, neighbours=5) -> tuple:
    """Share of reals that have a fake about them, and how many reals' balls a fake lies in.

    A real picture's ball reaches to its ``neighbours``-th nearest other real. Collapse leaves most
    reals uncovered while density stays near 1; pictures unlike any real have neither.

    Reference:
        Reliable Fidelity and Diversity Metrics for Generative Models, arXiv 2002.09797, section 3.

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (m, d), m > neighbours.
        neighbours: int from 1.

    Returns:
        (coverage in [0, 1], density from 0), floats; for fakes that are further reals the second
        is near 1, the first near 1 - 2 ** -neighbours where n = m.
    """
    if len(reals) <= neighbours:
        raise ValueError(f"Expected more than {neighbours} reals. Received: {len(reals)}")
    radii = np.sort(distances(reals, reals), axis=1)[:, neighbours]
    inside = distances(reals, fakes) <= radii[:, None]
    return float(inside.any(axis=1).mean()), float(inside.sum(axis=0).mean() / neighbours)


def copying_ratio(fakes, training, held_out) -> float:
    """How near fakes come to training pictures, over how near unseen real pictures come.

    Ratio of median distances to the nearest training picture. Near 1 for new pictures, near 0 for
    copies; above 1 where pictures are unlike the real ones anyway.

    Reference:
        A Non-Parametric Test to Detect Data-Copying in Generative Models, arXiv 2004.05675.

    Args:
        fakes: float array of shape (n, d).
        training: float array of shape (m, d).
        held_out: float array of shape (k, d).
    """
    new = np.median(distances(held_out, training).min(axis=1))
    return float(np.median(distances(fakes, training).min(axis=1)) / new) if new > 0 else np.nan


def _nearest_other(points):
    between = distances(points, points)
    np.fill_diagonal(between, np.inf)
    return between.min(axis=1)


def _check_equal(fakes, reals):
    if len(fakes) != len(reals):
        raise ValueError(
            f"Expected as many fakes as reals. Received: {len(fakes)} and {len(reals)}"
        )
