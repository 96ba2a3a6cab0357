"""Kinds of images, found by themselves, and which of them a generator leaves out."""

import math

import numpy as np

from tfgan_lab.metrics.checks import checked_features
from tfgan_lab.metrics.distances import distances

TRIALS = 3  # runs of k-means; the best one is kept
MOST_ROUNDS = 100
LOST = 1 / 4  # A group is missing with less than this of the coverage that all images have.
NEAR = 3  # generated images expected among as many of a real one's neighbours as count as near
LEAST_EXPECTED = 4  # generated images of a group, below which its absence could be chance


class Groups:
    """Groups of alike real images, by k-means, to see which of them are never generated.

    A generator that has lost a kind of images scores well wherever images are only compared
    with those near them, and a tenth of coverage is soon overlooked. By groups the loss is plain:
    of one group's images none has a generated one near it, while most others have. To count
    generated images by the nearest centre would not do: blurred ones, between all kinds, are
    nearest to some, and hide that these are lost.

    Reference:
        On GANs and GMMs, arXiv 1805.12462, section 3, for groups (there, their shares are
        compared); Reliable Fidelity and Diversity Metrics for Generative Models, arXiv
        2002.09797, equation 8, for coverage.

    Args:
        reals: float array of shape (n, d), such as embedded training images.
        num_groups: int from 2; at most n.
        seed: int, of where the centres begin.

    Attributes:
        centres: float64 array of shape (num_groups, d); fewer where there are fewer different
            images.
        members: int array of shape (n,), the group of each real image.
        shares: float64 array of shape (num_groups,), of the real images.

    Raises:
        ValueError: fewer than two groups, or more than there are images.

    Example:
        >>> reals = [[0.0], [1.0], [10.0], [11.0]]
        >>> Groups(reals, num_groups=2).missing_modes_share([[0.5]] * 12)
        0.5
    """

    def __init__(self, reals, num_groups=16, seed=0):
        reals = checked_features(reals, 2, "reals")
        if not 2 <= num_groups <= len(reals):
            raise ValueError(
                f"Expected num_groups from 2 to the number of reals. Received: {num_groups} "
                f"groups of {len(reals)}"
            )
        rng = np.random.default_rng(seed)
        trials = [_centres(reals, num_groups, rng) for _ in range(TRIALS)]
        away = [distances(reals, centres) for centres in trials]
        best = int(np.argmin([(each.min(axis=1) ** 2).sum() for each in away]))
        self.centres, self.members = trials[best], away[best].argmin(axis=1)
        self._away = away[best].min(axis=1)
        self.shares = np.bincount(self.members, minlength=len(self.centres)) / len(reals)
        self._reals = reals
        self._between = np.sort(distances(reals, reals), axis=1)  # each one's own 0 first

    def missing(self, fakes) -> np.ndarray:
        """Which groups generated images leave out.

        Args:
            fakes: float array of shape (m, d). Groups of which fewer than four of m images
                would be expected are never called missing.

        Returns:
            bool array of shape (num_groups,).
        """
        fakes = checked_features(fakes)
        neighbours = min(math.ceil(NEAR * len(self._reals) / len(fakes)), len(self._reals) - 1)
        nearest = distances(self._reals, fakes).min(axis=1)
        covered = nearest <= self._between[:, neighbours]
        sizes = np.bincount(self.members, minlength=len(self.centres))
        of_groups = np.bincount(self.members, covered, len(sizes)) / np.maximum(sizes, 1)
        large_enough = self.shares * len(fakes) >= LEAST_EXPECTED
        return large_enough & (of_groups < LOST * covered.mean())

    def missing_modes_share(self, fakes) -> float:
        """The share of the real images that are in missing groups.

        Args:
            fakes: see ``missing``.

        Returns:
            Float in [0, 1].
        """
        return float(self.shares[self.missing(fakes)].sum())

    def typical(self, group, count) -> np.ndarray:
        """The members of a group that are nearest to its centre.

        Args:
            group: int from 0.
            count: int, how many; all of a smaller group.

        Returns:
            int array of shape (up to count,) of indices into the real images, nearest first.
        """
        members = np.flatnonzero(self.members == group)
        return members[np.argsort(self._away[members])[:count]]


def _centres(points, count, rng):
    """Lloyd's iteration, from centres drawn far from each other (k-means++, SODA 2007)."""
    centres = points[rng.integers(len(points))][None]
    while len(centres) < count:
        squares = (distances(points, centres) ** 2).min(axis=1)
        if not squares.any():  # Fewer different points than centres.
            return centres
        chosen = rng.choice(len(points), p=squares / squares.sum())
        centres = np.concatenate([centres, points[chosen][None]])
    for _ in range(MOST_ROUNDS):
        nearest = distances(points, centres).argmin(axis=1)
        means = [
            points[nearest == group].mean(axis=0) if (nearest == group).any() else centre
            for group, centre in enumerate(centres)
        ]
        if np.allclose(means, centres):
            break
        centres = np.array(means)
    return centres
