"""Whether generated images are copies of training images."""

import numpy as np

from tfgan_lab.metrics.checks import checked_features
from tfgan_lab.metrics.distances import distances, nearest_other


def copying_ratio(fakes, training, held_out=None) -> float:
    """How near fakes come to training images, over how near unseen real images come.

    Ratio of median distances to the nearest training image. Near 1 for new images, near 0 for
    copies; above 1 where images are unlike the real ones anyway.

    Reference:
        A Non-Parametric Test to Detect Data-Copying in Generative Models, arXiv 2004.05675.

    Args:
        fakes: float array of shape (n, d).
        training: float array of shape (m, d).
        held_out: float array of shape (k, d). ``None`` to let every training image stand in for
            an unseen one, beside all others: near enough unless there are duplicates.

    Returns:
        Float from 0; NaN where half of the unseen images are themselves in the training set.

    Example:
        >>> copying_ratio([[1.0], [7.0]], training=[[0.0], [8.0]], held_out=[[2.0], [6.0]])
        0.5
    """
    of_fakes, of_unseen = _nearest_training(fakes, training, held_out)
    new = np.median(of_unseen)
    return float(np.median(of_fakes) / new) if new > 0 else np.nan


def copying_statistic(fakes, training, held_out=None) -> float:
    """How sure it is that fakes lie nearer to the training images than unseen images do.

    Standardised Mann-Whitney statistic of the two sets of distances to the nearest training
    image. About standard normal where fakes are as new as unseen images; below -3 tells of
    copies, above 3 of fakes that are farther off than real images.

    Reference:
        As ``copying_ratio``, section 3.1; here over the whole space, in one cell.

    Args:
        fakes: as of ``copying_ratio``.
        training: see there.
        held_out: see there.

    Example:
        >>> copying_statistic([[0.0]] * 20, [[0.0], [8.0]], held_out=[[2.0]] * 20) < -3
        True
    """
    of_fakes, of_unseen = _nearest_training(fakes, training, held_out)
    num_fakes, num_unseen = len(of_fakes), len(of_unseen)
    both = np.concatenate([of_fakes, of_unseen])
    _, places, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]  # Ties share their mean rank.
    above = ranks[:num_fakes].sum() - num_fakes * (num_fakes + 1) / 2
    total = num_fakes + num_unseen
    ties = np.sum(counts**3 - counts) / (total * (total - 1))
    deviation = np.sqrt(num_fakes * num_unseen / 12 * (total + 1 - ties))
    if deviation == 0:
        return 0.0
    return float((above - num_fakes * num_unseen / 2) / deviation)


def _nearest_training(fakes, training, held_out):
    fakes, training = checked_features(fakes, 1, "fakes"), checked_features(training, 2, "training")
    if held_out is None:
        of_unseen = nearest_other(training)
    else:
        of_unseen = distances(checked_features(held_out, 1, "held_out"), training).min(axis=1)
    return distances(fakes, training).min(axis=1), of_unseen
