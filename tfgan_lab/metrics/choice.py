"""Features by name, as the command line gives them."""

import pathlib

from tfgan_lab.metrics.classifier import classifier_features
from tfgan_lab.metrics.embedding import RandomEmbedding
from tfgan_lab.metrics.features import (
    Features,
    inception_features,
    keras_inception_features,
    lite0_features,
    model_features,
)

KINDS = ("random", "inception", "keras_inception", "lite0", "labels")
MOST_REFERENCE = 5000  # images that the random embedding is scaled by


def choose_features(kind, images, labels=None, weights=None) -> Features:
    """Makes features.

    Args:
        kind: ``"random"`` (needs nothing, the default everywhere), ``"inception"`` (published
            FIDs'), ``"keras_inception"``, ``"lite0"`` (EfficientNet-Lite0, whose weights are
            installed), ``"labels"`` (a classifier trained on them), or the path of a Keras model.
        images: the real images, array of shape (n, height, width, 1 or 3).
        labels: int array of shape (n,), or ``None``.
        weights: path of a file of weights for the two Inceptions; downloaded unless given.

    Returns:
        ``Features``.

    Raises:
        ImportError: features whose weights are not installed.
        ValueError: an unknown kind, no labels where they are needed, or weights for features that
            take none.
    """
    if weights and kind not in ("inception", "keras_inception"):
        raise ValueError(
            "Expected weights only with features inception or keras_inception. "
            f"Received: features={kind!r}"
        )
    if kind == "random":
        step = -(-len(images) // MOST_REFERENCE)
        return RandomEmbedding(images[::step])
    if kind == "inception":
        return inception_features(weights or None)
    if kind == "keras_inception":
        return keras_inception_features(weights or "imagenet")
    if kind == "lite0":
        return lite0_features()
    if kind == "labels":
        if labels is None:
            raise ValueError("Expected images with labels for features labels. Received: none")
        return classifier_features(images, labels)
    check_features(kind)
    return model_features(kind)


def check_features(kind) -> None:
    """Checks the name of features, before there are images.

    Args:
        kind: as of ``choose_features``.

    Raises:
        ValueError: an unknown one.
    """
    if kind not in KINDS and pathlib.Path(kind).suffix != ".keras":
        raise ValueError(
            f"Expected features out of {', '.join(KINDS)}, or a .keras file. Received: {kind!r}"
        )
