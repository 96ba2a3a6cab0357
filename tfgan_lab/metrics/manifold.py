"""What part of the real pictures' space is filled, and what lies outside, by nearest neighbours."""

import numpy as np

from tfgan_lab.metrics.distances import distances


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
