"""Whether generated pictures are copies of training pictures."""

import numpy as np

from tfgan_lab.metrics.distances import distances


def copying_ratio(fakes, training, held_out=None) -> float:
    """How near fakes come to training pictures, over how near unseen real pictures come.

    Ratio of median distances to the nearest training picture. Near 1 for new pictures, near 0 for
    copies; above 1 where pictures are unlike the real ones anyway.

    Reference:
        A Non-Parametric Test to Detect Data-Copying in Generative Models, arXiv 2004.05675.

    Args:
        fakes: float array of shape (n, d).
        training: float array of shape (m, d).
        held_out: float array of shape (k, d). Without, every training picture's distance to the
            nearest other one stands for that of an unseen picture.
    """
    unseen = distances(training if held_out is None else held_out, training)
    if held_out is None:
        np.fill_diagonal(unseen, np.inf)
    new = np.median(unseen.min(axis=1))
    return float(np.median(distances(fakes, training).min(axis=1)) / new) if new > 0 else np.nan
