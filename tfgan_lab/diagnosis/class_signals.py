"""Whether a generator with classes does what the label says, measured without a classifier."""

import numpy as np

from tfgan_lab.metrics.distances import mean_distance

MOST_CLASSES = 16
FEWEST_REALS = 4  # of a class, for its mean to be taken in two halves
LEAST_AGREEMENT = 0.25  # cosine between both halves' class means; less could be chance


class ClassSignals:
    """Reads what a generator makes of the same latents under different labels.

    - ``label_effect``: how far the images of one latent under two labels lie apart, over how far
      those of two latents under one label do. 0 for a generator that doesn't look at the label.
    - ``label_alignment``: how far a label moves the mean of features in the way in which the mean
      of the real images of that class lies, 1 being as far. A generator that takes the label for
      noise has an effect and no alignment.

    Args:
        embed: function from images to points, such as a ``RandomEmbedding``.
        points: float array of shape (n, d), the training images'.
        labels: int array of shape (n,), theirs.
        num_fakes: int, about so many images are made for a reading.
    """

    def __init__(self, embed, points, labels, num_fakes=128):
        counts = np.bincount(labels)
        classes = np.flatnonzero(counts >= FEWEST_REALS)
        spread = np.linspace(0, len(classes) - 1, min(len(classes), MOST_CLASSES)).round()
        self.classes = classes[spread.astype(int)]
        self.num_latents = max(4, num_fakes // max(1, len(self.classes)))
        self._embed = embed
        self._ways = None if len(self.classes) < 2 else self._way_of_each_class(points, labels)

    def read(self, generate, latents) -> dict:
        """Measures.

        Args:
            generate: function from latents and labels to images in [-1, 1].
            latents: float array of shape (n, latent_size), n from ``num_latents``; the first ones
                are used.

        Returns:
            Dict of name to float; what can't be told is missing.
        """
        if len(self.classes) < 2:
            return {}
        latents = np.asarray(latents)[: self.num_latents]
        labels = np.tile(self.classes, len(latents)).astype(np.int32)
        images = generate(np.repeat(latents, len(self.classes), axis=0), labels)
        if not np.isfinite(images).all():
            return {}
        points = self._embed(images).reshape(len(latents), len(self.classes), -1)
        signals = {}
        between_latents = np.mean([mean_distance(column) for column in points.swapaxes(0, 1)])
        if between_latents > 0:
            between_labels = np.mean([mean_distance(row) for row in points])
            signals["label_effect"] = float(between_labels / between_latents)
        if self._ways is not None:
            ways, squared_length = self._ways
            moved = _centred(_moments(points).mean(axis=0))
            signals["label_alignment"] = float((moved * ways).sum() / squared_length)
        return signals

    def _way_of_each_class(self, points, labels):
        """From the middle of the classes to each, and their squared lengths' sum without noise."""
        halves = []
        for offset in range(2):
            of_class = [points[labels == label][offset::2] for label in self.classes]
            means = np.stack([_moments(each).mean(axis=0) for each in of_class])
            halves.append(_centred(means))
        # Their noise is independent, so the product of both halves has none of it on average.
        squared_length = (halves[0] * halves[1]).sum()
        agreement = squared_length / max(np.prod([np.linalg.norm(half) for half in halves]), 1e-30)
        if agreement < LEAST_AGREEMENT:
            return None
        return (halves[0] + halves[1]) / 2, squared_length


def _centred(means):
    return means - means.mean(axis=0)


def _moments(points):
    return np.concatenate([points, points**2], axis=-1)
