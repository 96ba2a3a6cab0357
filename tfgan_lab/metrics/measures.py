"""The table of metrics that an evaluation may take, and the statistics they are taken of."""

import typing

import numpy as np

from tfgan_lab.metrics.diversity import diversity_ratio
from tfgan_lab.metrics.frechet import frechet_distance
from tfgan_lab.metrics.inception_score import InceptionScore
from tfgan_lab.metrics.kernel import kernel_distance, subset_kernel_distance
from tfgan_lab.metrics.manifold import coverage_and_density, precision_and_recall
from tfgan_lab.metrics.memorisation import copying_ratio, copying_statistic
from tfgan_lab.metrics.moments import Moments
from tfgan_lab.metrics.sliced_wasserstein import sliced_wasserstein

MOST_KEPT = 5000  # images of each side whose features are kept, for measures of all pairs
BLOCK = 1000


class FeatureStatistics:
    """What is known of one side, real or fake, after some batches; no more than it takes.

    Args:
        names: measures that are wanted of it.

    Attributes:
        count: int, images seen.
        points: float64 array, features of the first ``MOST_KEPT``.
        moments: ``Moments`` of all, or ``None`` where no measure wants them.
        score: ``InceptionScore`` of all.
    """

    def __init__(self, names):
        self.count = 0
        self.moments = Moments() if "fid" in names else None
        self.score = InceptionScore()
        self._kept, self._scored = [], "inception_score" in names

    @property
    def points(self):
        """Features of the first images."""
        return np.concatenate(self._kept)

    def add(self, features, probabilities=None) -> "FeatureStatistics":
        """Takes in a batch of features, and of probabilities where there are classes."""
        room = MOST_KEPT - min(self.count, MOST_KEPT)
        if room:
            self._kept.append(features[:room])
        self.count += len(features)
        if self.moments is not None:
            self.moments.update(features)
        if self._scored and probabilities is not None:
            self.score.update(probabilities)
        return self


class Measure(typing.NamedTuple):
    """A measure.

    Attributes:
        compute: function of (fakes, reals), both ``FeatureStatistics``, and of held-out features or
            ``None``, to (value, standard error or ``None``).
        better: ``"low"``, ``"high"``, ``"near 1"`` or ``"near 0"``.
        estimator: str, how it is taken, as far as conventions differ.
        on_all: bool, whether all images count; else the first ``MOST_KEPT`` of each side.
    """

    compute: typing.Callable
    better: str
    estimator: str
    on_all: bool = False


def _kernel(fakes, reals, held_out):
    distance = kernel_distance(fakes.points, reals.points, BLOCK)
    return distance.value, distance.standard_error


def _subsets(fakes, reals, held_out):
    distance = subset_kernel_distance(fakes.points, reals.points)
    return distance.value, distance.standard_error


def _of_points(formula, index=None, needs_held_out=False):
    def compute(fakes, reals, held_out):
        others = (held_out,) if needs_held_out else ()
        value = formula(fakes.points, reals.points, *others)
        return (value if index is None else value[index]), None

    return compute


_UNSEEN = "; unseen images are the held-out ones or, without, each real beside all others"

METRICS = {
    "kid": Measure(_kernel, "low", f"cubic kernel, unbiased, mean over blocks of up to {BLOCK}"),
    "kid_subsets": Measure(
        _subsets, "low", "cubic kernel, unbiased, 100 subsets of up to 1000; error is deviation"
    ),
    "fid": Measure(
        lambda fakes, reals, _: (frechet_distance(fakes.moments, reals.moments), None),
        "low",
        "covariances with n - 1",
        on_all=True,
    ),
    "inception_score": Measure(
        lambda fakes, *_: (fakes.score.result(), None), "high", "no splits", on_all=True
    ),
    "precision": Measure(_of_points(precision_and_recall, 0), "high", "3 neighbours"),
    "recall": Measure(_of_points(precision_and_recall, 1), "high", "3 neighbours"),
    "density": Measure(_of_points(coverage_and_density, 1), "near 1", "5 neighbours"),
    "coverage": Measure(_of_points(coverage_and_density, 0), "high", "5 neighbours"),
    "diversity": Measure(_of_points(diversity_ratio), "near 1", "mean distance, fake over real"),
    "sliced_wasserstein": Measure(_of_points(sliced_wasserstein), "low", "512 directions"),
    "copying_ratio": Measure(
        _of_points(copying_ratio, needs_held_out=True),
        "near 1",
        f"median distances to the nearest real, of fakes over unseen{_UNSEEN}",
    ),
    "copying_statistic": Measure(
        _of_points(copying_statistic, needs_held_out=True),
        "near 0",
        f"Mann-Whitney, standardised; copies below -3{_UNSEEN}",
    ),
}
