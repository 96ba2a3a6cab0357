"""What is measured of a model while it trains: cheap numbers that tell failures apart."""

import itertools

import numpy as np
import tensorflow as tf

from tfgan_lab.diagnosis.class_signals import ClassSignals
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.metrics.distances import mean_distance
from tfgan_lab.metrics.diversity import kernel_entropy_ratio, neighbour_ratio
from tfgan_lab.metrics.embedding import RandomEmbedding
from tfgan_lab.metrics.groups import Groups
from tfgan_lab.metrics.manifold import coverage_and_density
from tfgan_lab.metrics.memorisation import copying_ratio
from tfgan_lab.models.discriminator_passes import LabelledDiscriminator
from tfgan_lab.randomness import Purpose, key

NEIGHBOURS = 5  # that coverage and density look at; of fewer images they say nothing
MOST_GROUPS, PER_GROUP = 16, 8  # groups of alike real images, and images a group, at least
LEAST_STEP = 2.5  # of augmentation, squared, in variances of the reals' mean; less can't leak
PATH = 5  # steps between readings over which a path may be straight


class Signals:
    """Reads a model's state on fixed latents and fixed real images.

    Distances are taken in ``RandomEmbedding``, in units of the reals' own spread (the mean
    distance of two of them) where they are no ratios already. The signals of one reading:

    - ``neighbour_ratio``, ``kernel_entropy_ratio``, ``coverage``, ``density``: see
      ``tfgan_lab.metrics``.
    - ``missing_modes_share``: of the real images, those in groups that fakes leave out; see
      ``tfgan_lab.metrics.Groups``.
    - ``distance``: of the fakes' mean from the reals' mean.
    - ``motion``: mean distance of a latent's image from what it was at the last reading.
    - ``straightness``: how far those images got over the last readings, over the way they went.
    - ``average_gap``: mean distance of the moving average's images from the trained generator's.
    - ``copying_ratio``: see ``tfgan_lab.metrics``.
    - ``saturation``: share of pixels at either end of the range among fakes, less that of reals.
    - ``leak``: how far fakes have gone from reals towards augmented reals, 0 to 1; where an
      augmentation moves features enough to be seen.
    - ``real_right``, ``fake_right``, ``held_out_right``: shares that the discriminator judges
      right, half-way between its mean logits of reals and fakes being the border.
    - ``ranked_right``: share of pairs of a real and a fake of which it gives the real the higher
      logit; 0.5 is guessing.
    - ``overfitting``: (D(train) - D(held out)) / (D(train) - D(fake)), means of logits.
    - ``logit_gap``: D(train) - D(fake), means, over the logits' standard deviation.
    - ``distinct_share``: different images among the training images, over their number.
    - ``label_effect``, ``label_alignment``: with classes, see ``ClassSignals``.
    - ``finite``: 1.0, or 0.0 where any of the fakes' values or logits isn't finite.

    Args:
        training: float array of shape (n, height, width, channels) in [-1, 1], real images the
            model trains on.
        held_out: such images it doesn't train on, or ``None``.
        augment: function of a float array of images that returns them as training shows them,
            or ``None``.
        num_fakes: int, fixed latents; 64 to 256.
        seed: int, key of the latents.
        labels: int array of shape (n,), the training images', for a model with classes; the fixed
            latents get those of the fixed real images.
        held_out_labels: as many as there are held-out images, for such a model.

    Attributes:
        failures: table of the failures that these signals tell.
        path: list of float arrays, the embedded fakes of the last readings, oldest first: what
            ``motion`` and ``straightness`` are measured along.
    """

    failures = FAILURES

    def __init__(
        self,
        training,
        held_out=None,
        augment=None,
        num_fakes=128,
        seed=0,
        labels=None,
        held_out_labels=None,
    ):
        self.num_fakes = min(num_fakes, len(training))
        self.seed = seed
        self.training, self.held_out = np.asarray(training, np.float32), held_out
        self.embed = RandomEmbedding(self.training)
        self._training_points = self.embed(self.training)
        chosen = np.linspace(0, len(training) - 1, self.num_fakes).round().astype(int)
        self._reals, self._real_points = self.training[chosen], self._training_points[chosen]
        self._held_out_points = None if held_out is None else self.embed(held_out)
        num_groups = min(MOST_GROUPS, self.num_fakes // PER_GROUP)
        self._groups = Groups(self._training_points, num_groups) if num_groups >= 2 else None
        self._spread = mean_distance(self._real_points)
        self._saturation = _saturation(self.training)
        self._distinct_share = len(np.unique(self._training_points.round(1), axis=0)) / len(
            training
        )
        self._towards = None if augment is None else self._direction(augment)
        self.path = []
        self._labels = None if labels is None else np.asarray(labels, np.int32)[chosen]
        self._held_out_labels = held_out_labels
        self._of_classes = None
        if labels is not None:
            self._of_classes = ClassSignals(
                self.embed, self._training_points, np.asarray(labels), self.num_fakes
            )

    def read(self, model) -> dict:
        """Measures.

        Args:
            model: an ``AdversarialModel`` with ``generate``, ``discriminator`` and ``latents``.

        Returns:
            Dict of name to float; what can't be told (yet, or without held-out images) is
            missing.
        """
        latents = model.latents.sample(self.num_fakes, key(self.seed, 0, Purpose.SAMPLES))
        fakes = model.generate(*self._with_labels(latents))
        if not np.isfinite(fakes).all():
            self.path = []
            return {"finite": 0.0}
        points = self.embed(fakes)
        signals = {
            "neighbour_ratio": neighbour_ratio(points, self._real_points),
            "kernel_entropy_ratio": kernel_entropy_ratio(points, self._real_points),
            "distance": self._between(points.mean(axis=0), self._real_points.mean(axis=0)),
            "saturation": _saturation(fakes) - self._saturation,
            "distinct_share": self._distinct_share,
        }
        if len(points) > NEIGHBOURS:
            signals["coverage"], signals["density"] = coverage_and_density(
                points, self._real_points, NEIGHBOURS
            )
        if self._groups is not None:
            signals["missing_modes_share"] = self._groups.missing_modes_share(points)
        self.path = [*self.path[-PATH:], points]
        steps = [self._between(*pair) for pair in itertools.pairwise(self.path)]
        if steps:
            signals["motion"] = steps[-1]
        if len(steps) == PATH and sum(steps) > 0:
            signals["straightness"] = self._between(points, self.path[0]) / sum(steps)
        if model.ema_generator is not None:
            inputs = self._with_labels(latents)
            live = model.generator(inputs[0] if len(inputs) == 1 else inputs, training=False)
            live = np.clip(np.asarray(live), -1, 1)
            signals["average_gap"] = self._between(points, self.embed(live))
        signals["copying_ratio"] = copying_ratio(
            points, self._training_points, self._held_out_points
        )
        if self._towards is not None:
            start, direction = self._towards
            signals["leak"] = float((_moments(points).mean(axis=0) - start) @ direction)
        if self._of_classes is not None:
            signals |= self._of_classes.read(model.generate, latents)
        return signals | self._answers(model.discriminator, fakes)

    def missing_modes(self, count=8) -> list:
        """Training images of the kinds that the last reading's fakes left out.

        Args:
            count: int, most images of a kind.

        Returns:
            List of float arrays of shape (up to count, height, width, channels), one for each kind,
            the most typical images first.
        """
        if self._groups is None or not self.path:
            return []
        missing = np.flatnonzero(self._groups.missing(self.path[-1]))
        return [self.training[self._groups.typical(group, count)] for group in missing]

    def _with_labels(self, latents):
        if self._labels is None:
            return [latents]
        return [latents, tf.constant(self._labels)]

    def _answers(self, discriminator, fakes):
        real, fake = (
            _logits(discriminator, images, self._labels) for images in (self._reals, fakes)
        )
        if not np.isfinite([real.mean(), fake.mean()]).all():
            return {"finite": 0.0}
        gap, border = real.mean() - fake.mean(), (real.mean() + fake.mean()) / 2
        answers = {
            "finite": 1.0,
            "real_right": float((real > border).mean()),
            "fake_right": float((fake < border).mean()),
            "ranked_right": _ranked_right(real, fake),
            "logit_gap": float(gap / max(np.std(np.concatenate([real, fake])), 1e-12)),
        }
        # A discriminator with classes can't judge images of unknown ones.
        if self.held_out is not None and (
            self._labels is None or self._held_out_labels is not None
        ):
            held_out = _logits(discriminator, self.held_out, self._held_out_labels)
            answers["held_out_right"] = float((held_out > border).mean())
            if gap > 0:
                answers["overfitting"] = float((real.mean() - held_out.mean()) / gap)
        return answers

    def _between(self, points, others):
        """Mean distance of points from their counterparts, in units of the reals' spread."""
        return float(np.linalg.norm(points - others, axis=-1).mean() / self._spread)

    def _direction(self, augment):
        """From the reals' moments to those of augmented reals, so scaled that these are at 1."""
        plain = _moments(self._real_points)
        augmented = _moments(self.embed(augment(self._reals)))
        step = augmented.mean(axis=0) - plain.mean(axis=0)
        noise = plain.var(axis=0).sum() / len(plain)
        if step @ step < LEAST_STEP * noise:
            return None  # So small a step could be chance, and so could fakes' way along it.
        return plain.mean(axis=0), step / (step @ step)


def _moments(points):
    return np.concatenate([points, points**2], axis=1)


def _saturation(images):
    return float((np.abs(images) > 0.995).mean())


def _ranked_right(real, fake):
    """Share of all pairs; an equal pair is half right."""
    fake = np.sort(fake)
    below = np.searchsorted(fake, real, "left") + np.searchsorted(fake, real, "right")
    return float(below.mean() / (2 * len(fake)))


def _logits(discriminator, images, labels=None):
    parts = []
    for start in range(0, len(images), 64):
        judge, part = discriminator, slice(start, start + 64)
        if labels is not None:
            judge = LabelledDiscriminator(discriminator, tf.constant(labels[part], tf.int32))
        parts.append(judge(tf.constant(images[part]), training=False))
    # An image has one logit; where it has many, one a place, their mean counts.
    return np.concatenate(
        [np.asarray(part, np.float64).reshape(len(part), -1).mean(axis=1) for part in parts]
    )
