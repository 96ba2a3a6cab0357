"""The table of metrics that an evaluation may take, and the statistics they are taken of."""

import typing

import numpy as np

from tfgan_lab.metrics.diversity import diversity_ratio
from tfgan_lab.metrics.frechet import frechet_distance
from tfgan_lab.metrics.inception_score import InceptionScore
from tfgan_lab.metrics.kernel import KernelDistance, kernel_distance, subset_kernel_distance
from tfgan_lab.metrics.manifold import coverage_and_density, precision_and_recall
from tfgan_lab.metrics.memorisation import copying_ratio, copying_statistic
from tfgan_lab.metrics.moments import Moments
from tfgan_lab.metrics.sliced_wasserstein import sliced_wasserstein

MOST_KEPT = 5000  # images of each side whose features are kept, for measures of all pairs
BLOCK = 1000
FEW = 2048  # images; with fewer, the Frechet distance is mostly bias


class FeatureStatistics:
    """What is known of one side, real or fake, after some batches; no more than it takes.

    Args:
        names: measures that are wanted of it.

    Attributes:
        count: int, images seen.
        points: float64 array, features of the first ``MOST_KEPT``.
        moments: ``Moments`` of all, or ``None`` where no measure wants them.
        score: ``InceptionScore`` of all, likewise.
    """

    def __init__(self, names):
        taken = {METRICS[name].takes for name in names}
        self.count = 0
        self.moments = Moments() if "moments" in taken else None
        self.score = InceptionScore() if "probabilities" in taken else None
        self._kept = []

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
        if self.score is not None:
            self.score.update(probabilities)
        return self


class Measure(typing.NamedTuple):
    """A measure: all that evaluations, sweeps and pages know of it.

    Attributes:
        compute: function of (fakes, reals), both ``FeatureStatistics``, and of held-out features or
            ``None``, to (value, standard error or ``None``).
        better: ``"low"``, ``"high"``, ``"near 1"`` or ``"near 0"``.
        estimator: str, how it is taken, as far as conventions differ.
        takes: ``"points"``, of the first ``MOST_KEPT`` images of each side; ``"moments"`` of all;
            or ``"probabilities"`` of all fakes, and then the real baseline is the reals' own value.
        caveat: function of the number of images on the smaller side to a sentence on what the value
            can't say, or to nothing.
        by_default: bool, whether it is taken where no measures are named.
    """

    compute: typing.Callable
    better: str
    estimator: str
    takes: str = "points"
    caveat: typing.Callable = lambda fewest: ""
    by_default: bool = True


def _of_points(formula, index=None, needs_held_out=False):
    def compute(fakes, reals, held_out):
        others = (held_out,) if needs_held_out else ()
        value = formula(fakes.points, reals.points, *others)
        if isinstance(value, KernelDistance):
            return value.value, value.standard_error
        return (value if index is None else value[index]), None

    return compute


def _fid_caveat(fewest):
    if fewest >= FEW:
        return ""
    return (
        f"FID of {fewest} images is biased upwards: compare only values of the same numbers of "
        "images, and look at KID."
    )


def _score_caveat(fewest):
    return (
        "Inception Score never looks at real images; the real baseline is the score of the real "
        "images themselves."
    )


_UNSEEN = "; unseen images are the held-out ones or, without, each real beside all others"

# A new one is a row here, its formula in a file of its own.
METRICS = {
    "kid": Measure(
        _of_points(lambda fakes, reals: kernel_distance(fakes, reals, BLOCK)),
        "low",
        f"cubic kernel, unbiased, mean over blocks of up to {BLOCK}",
    ),
    "kid_subsets": Measure(
        _of_points(subset_kernel_distance),
        "low",
        "cubic kernel, unbiased, 100 subsets of up to 1000; error is deviation",
        by_default=False,
    ),
    "fid": Measure(
        lambda fakes, reals, _: (frechet_distance(fakes.moments, reals.moments), None),
        "low",
        "covariances with n - 1",
        "moments",
        _fid_caveat,
    ),
    "inception_score": Measure(
        lambda fakes, *_: (fakes.score.result(), None),
        "high",
        "no splits",
        "probabilities",
        _score_caveat,
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
