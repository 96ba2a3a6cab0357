"""Distances between pictures that were turned into vectors."""

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
    squares = (points**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * points @ others.T
    return np.sqrt(np.maximum(squares, 0.0))
