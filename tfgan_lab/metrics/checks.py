"""What every formula asks of the features it is given."""

import numpy as np


def checked_features(features, least=1, name="features") -> np.ndarray:
    """Returns features in float64, or says what is wrong with them.

    Args:
        features: array of shape (n, d).
        least: int, how many there must be.
        name: what to call them in an error.

    Returns:
        float64 array of shape (n, d).

    Raises:
        ValueError: another shape, too few, or values that are not finite.

    Example:
        >>> checked_features([[1, 2]]).dtype
        dtype('float64')
    """
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or not features.shape[1]:
        raise ValueError(f"Expected {name} of shape (n, d). Received: {features.shape}")
    if len(features) < least:
        raise ValueError(f"Expected at least {least} {name}. Received: {len(features)}")
    if not np.isfinite(features).all():
        bad = int((~np.isfinite(features)).any(axis=1).sum())
        raise ValueError(
            f"Expected finite {name}. Received: NaN or infinity for {bad} of {len(features)}"
        )
    return features


def checked_pair(fakes, reals, least=1) -> tuple:
    """Returns two sets of features in float64, or says what is wrong with them.

    Args:
        fakes: array of shape (n, d).
        reals: array of shape (m, d).
        least: int, how many there must be of each.

    Returns:
        (fakes, reals), float64 arrays.

    Raises:
        ValueError: see ``checked_features``; or vectors of different lengths.
    """
    fakes = checked_features(fakes, least, "fakes")
    reals = checked_features(reals, least, "reals")
    if fakes.shape[1] != reals.shape[1]:
        raise ValueError(
            "Expected fakes and reals of the same number of features. "
            f"Received: {fakes.shape[1]} and {reals.shape[1]}"
        )
    return fakes, reals
