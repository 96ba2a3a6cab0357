"""Real images beside generated ones, and the training images that these come nearest to."""

import typing

import numpy as np

from tfgan_lab.latents import LatentGenerator
from tfgan_lab.metrics import RandomEmbedding, distances, nearest_other
from tfgan_lab.metrics.evaluator import labels_like
from tfgan_lab.randomness import Purpose, key

NUM_SHOWN = 24
NUM_SEARCHED = 200  # generated images among which the most suspicious are looked for
NUM_NEAREST = 8
_MOST_REAL = 5000  # training images that copies are looked for among


class Nearest(typing.NamedTuple):
    """The generated images that come nearest to training images.

    Attributes:
        fakes: float array of shape (n, height, width, channels) in [-1, 1], the nearest first.
        reals: array of the same shape, the training image nearest to each.
        ratios: float64 array of shape (n,), distance of each by the median distance of a training
            image to the nearest other one: near 0 for a copy, near 1 for an image as new as
            training images are to each other.
        typical: float, the same of the median generated image.
        num_fakes: int, how many were looked at.
        num_reals: int, among how many training images.
    """

    fakes: np.ndarray
    reals: np.ndarray
    ratios: np.ndarray
    typical: float
    num_fakes: int
    num_reals: int


def take_samples(generator: LatentGenerator, images, mirrored=False, seed=0) -> tuple:
    """Draws images of a generator and looks for copies among them.

    Args:
        generator: ``LatentGenerator``.
        images: ``ImageSet`` that it was trained on.
        mirrored: bool, whether training saw mirrored images: then a mirrored copy is one.
        seed: int, key of the draws.

    Returns:
        float array of shape (n, height, width, channels) in [-1, 1] of training images, one of
        draws of the seed, and ``Nearest``, out of more draws.
    """
    drawn = generator.latents.sample(NUM_SEARCHED, key(seed, 0, Purpose.SAMPLES, 1))
    labels = None
    if generator.conditional:
        labels = labels_like(images.labels, NUM_SEARCHED, 0)  # The data's own mix of classes.
    fakes = generator.generate(drawn, labels)
    reals = images.sample(_MOST_REAL)
    return images.sample(NUM_SHOWN), fakes[:NUM_SHOWN], nearest_training(fakes, reals, mirrored)


def nearest_training(fakes, reals, mirrored=False, count=NUM_NEAREST) -> Nearest:
    """Finds the generated images that are most like a training image.

    By distance in ``RandomEmbedding``, whose features nobody trained on these images.

    Args:
        fakes: float array of shape (n, height, width, channels) in [-1, 1].
        reals: float array of shape (m, height, width, channels) in [-1, 1], m from 2.
        mirrored: bool, whether mirrored training images count, too.
        count: int from 1, at most so many are returned.

    Returns:
        ``Nearest``.

    Example:
        >>> reals = np.random.default_rng(0).uniform(-1, 1, (6, 16, 16, 3)).astype("float32")
        >>> nearest_training(reals[2:3], reals).ratios.tolist()
        [0.0]
    """
    embedding = RandomEmbedding(reals)
    points = embedding(reals)
    others = nearest_other(points)
    unit = float(np.median(others[others > 0])) if (others > 0).any() else np.nan
    candidates = reals
    if mirrored:
        candidates = np.concatenate([reals, reals[:, :, ::-1]])
        points = np.concatenate([points, embedding(candidates[len(reals) :])])
    between = distances(embedding(fakes), points)
    least = between.min(axis=1)
    chosen = np.argsort(least, kind="stable")[:count]
    return Nearest(
        fakes=fakes[chosen],
        reals=candidates[between[chosen].argmin(axis=1)],
        ratios=least[chosen] / unit,
        typical=float(np.median(least) / unit),
        num_fakes=len(fakes),
        num_reals=len(reals),
    )
