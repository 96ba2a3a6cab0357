"""An evaluation: measures of a generator against real images, each with its protocol."""

import dataclasses
import time

import numpy as np

from tfgan_lab.metrics.measures import BLOCK, METRICS, MOST_KEPT, FeatureStatistics

SHORTEST_SET = 8  # images of each side, for neighbours to be counted in halves of it


def labels_like(labels, count, index) -> np.ndarray:
    """Labels for one block of generated images, in the mix of the real ones.

    All blocks together have every class as often as the real set, as nearly as can be.

    Args:
        labels: int array of shape (n,), the real images'.
        count: int, images of the block.
        index: int, number of the block; the others have ``BLOCK`` images.

    Returns:
        int32 array of shape (count,).

    Example:
        >>> np.bincount(labels_like([0, 0, 0, 1], 8, 0)).tolist()
        [6, 2]
    """
    shuffled = np.random.default_rng(0).permutation(labels)
    places = (index * BLOCK + np.arange(count)) % len(shuffled)
    return shuffled[places].astype(np.int32)


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """A measure's value, and everything without which it means nothing.

    Args:
        metric: str, a name out of ``METRICS``.
        value: float.
        standard_error: float, or ``None`` where it isn't known.
        real_baseline: float, the same measure of real against real images, one half of the set
            against the other: what a perfect generator could hope for, and how much is noise.
            ``None`` for too few images.
        better: ``"low"``, ``"high"``, ``"near 1"`` or ``"near 0"``.
        protocol: dict of ``features``, ``resizer`` and ``estimator``.
        counts: dict of numbers of images: ``real``, ``fake``, and ``real_baseline``, a list of
            both halves' numbers.
        warnings: tuple of sentences on what the value can't say.
    """

    metric: str
    value: float
    standard_error: float | None
    real_baseline: float | None
    better: str
    protocol: dict
    counts: dict
    warnings: tuple = ()

    def to_dict(self) -> dict:
        """As JSON has it: what is not a number becomes ``None``."""
        values = dataclasses.asdict(self) | {"warnings": list(self.warnings)}
        for name in ("value", "standard_error", "real_baseline"):
            number = values[name]
            values[name] = None if number is None or not np.isfinite(number) else float(number)
        return values

    def tag(self, generator="") -> str:
        """Name of the value in TensorBoard: the same while training and afterwards.

        Args:
            generator: str, which generator it is of, where that is not the obvious one.
        """
        of_generator = f"{generator}, " if generator else ""
        return f"metrics/{self.metric} ({of_generator}{self.protocol['features']})"

    def __str__(self):
        error = "" if self.standard_error is None else f" ± {self.standard_error:.2g}"
        baseline = self.real_baseline
        shown = "" if baseline is None else f"; real against real: {baseline:.4g}"
        return (
            f"{self.metric} {self.value:.4g}{error} ({self.protocol['features']}, "
            f"{self.counts['real']} real, {self.counts['fake']} fake{shown})"
        )


class Evaluator:
    """Evaluates generators against one set of real images, whose features are taken once.

    Images pass in blocks and are not kept; of features, the first 5000 of each side are.

    Args:
        reals: array of shape (n, height, width, channels), uint8 or float in [-1, 1].
        features: a ``Features``.
        metrics: names out of ``METRICS``.
        num_fakes: int; as many as there are reals unless given.
        held_out: array of real images that were not trained on, for the copying measures, or
            ``None``.
        time_limit: float in seconds for one evaluation, or ``None``.

    Raises:
        ValueError: an unknown metric, one that needs class probabilities where there are none, or
            fewer than two images.

    Example:
        >>> from tfgan_lab.data import plates
        >>> from tfgan_lab.metrics import RandomEmbedding
        >>> reals = plates(40, image_size=16).images
        >>> evaluator = Evaluator(reals, RandomEmbedding(reals), ["coverage"])
        >>> (evaluation,) = evaluator.evaluate(lambda count, index: reals[:count])
        >>> evaluation.value, evaluation.counts["real"]
        (1.0, 40)
    """

    def __init__(
        self, reals, features, metrics=("kid",), *, num_fakes=None, held_out=None, time_limit=None
    ):
        unknown = [name for name in metrics if name not in METRICS]
        if unknown or not metrics:
            raise ValueError(
                f"Expected metrics out of {', '.join(METRICS)}. Received: "
                f"{', '.join(unknown) or 'none'}"
            )
        num_fakes = len(reals) if num_fakes is None else num_fakes
        if len(reals) < 2 or num_fakes < 2:
            raise ValueError(
                f"Expected at least 2 real and 2 generated images. Received: {len(reals)} and "
                f"{num_fakes}"
            )
        self.features, self.metrics = features, tuple(metrics)
        self.num_fakes, self.time_limit = num_fakes, time_limit
        self._reals = FeatureStatistics(self.metrics)
        halves = [FeatureStatistics(self.metrics) for _ in range(2)]
        of_classes = [name for name in metrics if METRICS[name].takes == "probabilities"]
        # Shuffled, because folders are sorted: halves and what is kept must be fair samples.
        order = np.random.default_rng(0).permutation(len(reals))
        for start in range(0, len(order), BLOCK):
            vectors, probabilities = features.extract(reals[order[start : start + BLOCK]])
            if of_classes and probabilities is None:
                raise ValueError(
                    f"Expected features that know classes for {of_classes[0]}. "
                    f"Received: {features.name}"
                )
            self._reals.add(vectors, probabilities)
            for offset, half in enumerate(halves):
                rows = slice(offset, None, 2)
                half.add(vectors[rows], None if probabilities is None else probabilities[rows])
        self._held_out = None if held_out is None else features(held_out)
        self.real_baselines = {name: self._real_baseline(name, *halves) for name in self.metrics}
        self._halves = [half.count for half in halves]

    def evaluate(self, sample, progress=None) -> list:
        """Takes the measures of a generator.

        Args:
            sample: function of (count, index) that returns ``count`` images, float in [-1, 1];
                ``index`` is the number of the block and decides on the latents.
            progress: function of (done, total), or ``None``.

        Returns:
            List of ``Evaluation``, in the order of ``metrics``.

        Raises:
            TimeoutError: it took longer than the time limit.
            ValueError: the images are not finite.
        """
        began = time.monotonic()
        fakes = FeatureStatistics(self.metrics)
        for index, start in enumerate(range(0, self.num_fakes, BLOCK)):
            images = sample(min(BLOCK, self.num_fakes - start), index)
            if not np.isfinite(images).all():
                raise ValueError("Expected finite images. Received: NaN or infinity among them")
            fakes.add(*self.features.extract(images))
            if progress is not None:
                progress(fakes.count, self.num_fakes)
            self._check_time(began)
        evaluations = []
        for name in self.metrics:
            evaluations.append(self._evaluation(name, fakes))
            self._check_time(began)
        return evaluations

    def _evaluation(self, name, fakes):
        measure = METRICS[name]
        value, error = measure.compute(fakes, self._reals, self._held_out)
        used = {"real": self._reals.count, "fake": fakes.count}
        if measure.takes == "points":
            used = {side: min(count, MOST_KEPT) for side, count in used.items()}
        return Evaluation(
            name,
            value,
            error,
            self.real_baselines[name],
            measure.better,
            {
                "features": self.features.name,
                "resizer": self.features.resizer,
                "estimator": measure.estimator,
            },
            used | {"real_baseline": self._halves},
            tuple(filter(None, self._warnings(measure, min(used["real"], used["fake"])))),
        )

    def _warnings(self, measure, fewest):
        if self.features.relative_only:
            yield "The features are of a random network: compare only values of the same data."
        yield measure.caveat(fewest)
        if fewest < 10 * SHORTEST_SET:
            yield f"{fewest} images are very few: differences may be chance."

    def _real_baseline(self, name, one, other):
        if min(one.count, other.count) < SHORTEST_SET:
            return None
        measure = METRICS[name]
        sides = (self._reals,) * 2 if measure.takes == "probabilities" else (one, other)
        return measure.compute(*sides, None)[0]

    def _check_time(self, began):
        if self.time_limit is not None and time.monotonic() - began > self.time_limit:
            raise TimeoutError(
                f"Expected the evaluation to end within {self.time_limit:g} seconds. Received: "
                f"none after {time.monotonic() - began:.0f}; take fewer generated images"
            )
