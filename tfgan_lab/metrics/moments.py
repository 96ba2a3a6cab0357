"""Mean and covariance of vectors that come in batches and are not kept."""

import numpy as np

from tfgan_lab.metrics.checks import checked_features


class Moments:
    """Adds up mean and covariance, batch by batch, in memory of the size of the covariance.

    Sums of squares would cancel where the mean is large beside the deviation; here batches are
    centred first and then joined.

    Reference:
        Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, Chan, Golub and
        LeVeque, 1979, equation 2.1.

    Attributes:
        count: int, vectors seen.
        mean: float64 array of shape (size,), or 0 before the first batch.

    Example:
        >>> moments = Moments()
        >>> moments.update([[1.0], [2.0]]).update([[6.0]]).count
        3
        >>> moments.mean.tolist(), moments.covariance().tolist()
        ([3.0], [[7.0]])
    """

    def __init__(self):
        self.count, self.mean, self._scatter = 0, 0.0, 0.0

    def update(self, features) -> "Moments":
        """Takes in a batch.

        Args:
            features: float array of shape (n, size), n >= 1.

        Returns:
            The object itself.

        Raises:
            ValueError: another size than before, or values that are not finite.
        """
        features = checked_features(features)
        if self.count and features.shape[1] != len(self.mean):
            raise ValueError(
                f"Expected features of size {len(self.mean)}. Received: {features.shape[1]}"
            )
        mean = features.mean(axis=0)
        centred = features - mean
        step = mean - self.mean
        total = self.count + len(features)
        self._scatter += centred.T @ centred
        self._scatter += np.outer(step, step) * (self.count * len(features) / total)
        self.mean = self.mean + step * (len(features) / total)
        self.count = total
        return self

    def covariance(self) -> np.ndarray:
        """Covariance with n - 1 in the denominator.

        Returns:
            float64 array of shape (size, size).

        Raises:
            ValueError: fewer than two vectors.
        """
        if self.count < 2:
            raise ValueError(
                f"Expected at least 2 images to know a covariance. Received: {self.count}"
            )
        return self._scatter / (self.count - 1)
