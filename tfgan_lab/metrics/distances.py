"""Distances between images that were turned into vectors."""

import numpy as np


def distances(points, others) -> np.ndarray:
    """Euclidean distances of every point to every other.

    Args:
        points: float array of shape (n, d).
        others: float array of shape (m, d).

    Returns:
        float64 array of shape (n, m).

    Example:
        >>> distances([[0, 0]], [[3, 4], [0, 1]]).tolist()
        [[5.0, 1.0]]
    """
    points, others = np.asarray(points, np.float64), np.asarray(others, np.float64)
    norms = (points**2).sum(1)[:, None] + (others**2).sum(1)[None]
    squares = norms - 2 * points @ others.T
    # Equal points must be at 0, or duplicates would seem a little apart.
    squares[squares < 16 * np.finfo(np.float64).eps * norms] = 0.0
    return np.sqrt(squares)


def mean_distance(points) -> float:
    """Mean distance of two different points of a set.

    Args:
        points: float array of shape (n, d), n >= 2.

    Example:
        >>> mean_distance([[0.0], [1.0], [2.0]])
        1.3333333333333333
    """
    between = distances(points, points)
    np.fill_diagonal(between, 0.0)
    return float(between.sum() / (len(between) * (len(between) - 1)))


def nearest_other(points, neighbour=1) -> np.ndarray:
    """Distance of every point to its nearest other one, or second nearest and so on.

    Args:
        points: float array of shape (n, d), n > neighbour.
        neighbour: int from 1.

    Returns:
        float64 array of shape (n,).

    Raises:
        ValueError: too few points to have such a neighbour.

    Example:
        >>> nearest_other([[0.0], [1.0], [3.0]]).tolist()
        [1.0, 1.0, 2.0]
    """
    if not 1 <= neighbour < len(points):
        raise ValueError(
            f"Expected a neighbour from 1 and more images than that. Received: neighbour "
            f"{neighbour} of {len(points)} images"
        )
    between = distances(points, points)
    np.fill_diagonal(between, np.inf)
    return np.partition(between, neighbour - 1, axis=1)[:, neighbour - 1]
