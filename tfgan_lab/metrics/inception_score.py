"""Inception Score: how sure a classifier is of each image, and how many classes it sees."""

import numpy as np

from tfgan_lab.metrics.checks import checked_features


class InceptionScore:
    """exp of the mean KL divergence between an image's class probabilities and their mean.

    From 1 (all images look alike to the classifier) to the number of classes. It never looks at
    real images, so it says nothing of how near they are, and little where the images are
    of no class the classifier knows. One score over all images, no splits: papers' mean over ten
    splits is lower for the same images.

    Reference:
        Improved Techniques for Training GANs, arXiv 1606.03498, section 4.

    Attributes:
        count: int, images seen.

    Example:
        >>> score = InceptionScore().update([[1.0, 0.0]]).update([[0.0, 1.0]])
        >>> round(score.result(), 12)
        2.0
    """

    def __init__(self):
        self.count = 0
        self._sum, self._negative_entropy = 0.0, 0.0

    def update(self, probabilities) -> "InceptionScore":
        """Takes in a batch.

        Args:
            probabilities: float array of shape (n, classes), rows adding up to 1.

        Raises:
            ValueError: no probabilities.
        """
        probabilities = checked_features(probabilities, name="probabilities")
        if probabilities.min() < 0 or np.abs(probabilities.sum(axis=1) - 1).max() > 1e-4:
            raise ValueError(
                "Expected probabilities that add up to 1 for every image. Received: values from "
                f"{probabilities.min():.4g}, a sum of {probabilities.sum(axis=1)[0]:.4g}"
            )
        # Single precision leaves sums off 1 by some 1e-7.
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        self._sum = self._sum + probabilities.sum(axis=0)
        self._negative_entropy += _sum_p_log_p(probabilities)
        self.count += len(probabilities)
        return self

    def result(self) -> float:
        """The score of all images so far.

        Raises:
            ValueError: there are none.
        """
        if not self.count:
            raise ValueError("Expected at least one image. Received: none")
        divergence = self._negative_entropy / self.count - _sum_p_log_p(self._sum / self.count)
        return float(np.exp(max(0.0, divergence)))


def inception_score(probabilities, num_splits=1) -> tuple:
    """Inception Score of probabilities at hand, also in splits, as papers print it.

    Args:
        probabilities: float array of shape (n, classes), rows adding up to 1.
        num_splits: int from 1, consecutive parts that get a score each; the field's number is 10.

    Returns:
        (mean, standard deviation) over the splits, floats.

    Raises:
        ValueError: no probabilities, or fewer images than splits.

    Example:
        >>> inception_score([[0.5, 0.5], [0.5, 0.5]])
        (1.0, 0.0)
    """
    probabilities = checked_features(probabilities, name="probabilities")
    count = len(probabilities)
    if not 1 <= num_splits <= count:
        raise ValueError(f"Expected num_splits from 1 to {count}. Received: {num_splits}")
    borders = [split * count // num_splits for split in range(num_splits + 1)]
    scores = [
        InceptionScore().update(probabilities[start:end]).result()
        for start, end in zip(borders, borders[1:], strict=False)
    ]
    return float(np.mean(scores)), float(np.std(scores))


def _sum_p_log_p(probabilities):
    positive = probabilities[probabilities > 0]  # p log p goes to 0 with p
    return float(np.sum(positive * np.log(positive)))
