"""What part of the real images' space is filled, and what lies outside, by nearest neighbours."""

from tfgan_lab.metrics.checks import checked_pair
from tfgan_lab.metrics.distances import distances, nearest_other


def precision_and_recall(fakes, reals, neighbours=3) -> tuple:
    """Share of fakes within the reals' manifold, and of reals within the fakes'.

    A set's manifold is the union of balls about its members, each reaching to the
    ``neighbours``-th nearest other one. A single outlier makes a large ball; density and coverage
    suffer less from that.

    Reference:
        Improved Precision and Recall Metric for Assessing Generative Models, arXiv 1904.06991,
        section 3.

    Args:
        fakes: float array of shape (n, d), n > neighbours.
        reals: float array of shape (m, d), m > neighbours.
        neighbours: int from 1; 3 in the paper.

    Returns:
        (precision, recall), floats in [0, 1].

    Raises:
        ValueError: too few images, or values that are not finite.

    Example:
        >>> line = [[float(place)] for place in range(10)]
        >>> precision_and_recall(line[:5], line)
        (1.0, 0.8)
    """
    fakes, reals = checked_pair(fakes, reals)
    between = distances(reals, fakes)
    within_reals = between <= nearest_other(reals, neighbours)[:, None]
    within_fakes = between <= nearest_other(fakes, neighbours)
    return float(within_reals.any(axis=0).mean()), float(within_fakes.any(axis=1).mean())


def coverage_and_density(fakes, reals, neighbours=5) -> tuple:
    """Share of reals that have a fake about them, and how many reals' balls a fake lies in.

    A real image's ball reaches to its ``neighbours``-th nearest other real. Collapse leaves most
    reals uncovered while density stays near 1; images unlike any real have neither.

    Reference:
        Reliable Fidelity and Diversity Metrics for Generative Models, arXiv 2002.09797, section 3.

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (m, d), m > neighbours.
        neighbours: int from 1; 5 in the paper.

    Returns:
        (coverage in [0, 1], density from 0), floats; for fakes that are further reals the second
        is near 1, the first near 1 - 2 ** -neighbours where n = m.

    Example:
        >>> line = [[float(place)] for place in range(10)]
        >>> coverage_and_density(line, line)[0]
        1.0
    """
    fakes, reals = checked_pair(fakes, reals)
    inside = distances(reals, fakes) <= nearest_other(reals, neighbours)[:, None]
    return float(inside.any(axis=1).mean()), float(inside.sum(axis=0).mean() / neighbours)
