"""A feature space that needs no download: a convolutional network whose weights stay random."""

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.metrics.features import Features, as_floats

SIDE = 32  # Images are seen at this size: what a generator gets wrong is mostly larger.
_WIDTHS = ((5, 32), (3, 64), (3, 128))  # kernel and channels, each of stride 2


class RandomEmbedding(Features):
    """Turns images into vectors in which distances mean something, scaled by the real ones.

    Random convolutions keep colours, edges, textures and roughly where they are. Nobody trained
    them, so nobody fitted them to the training images: unlike the discriminator's, their
    features are no nearer for images that were trained on.

    Reference:
        An empirical study on evaluation metrics of generative adversarial networks,
        arXiv 1806.07755, for how well features without training do.

    Args:
        reference: array of shape (n, height, width, channels), float in [-1, 1] or uint8, n >= 2;
            every feature is shifted and scaled so that it has mean 0 and variance 1 over them, or
            less where it hardly differs between them.

    Example:
        >>> images = np.random.default_rng(0).uniform(-1, 1, (6, 16, 16, 3)).astype("float32")
        >>> RandomEmbedding(images)(images).shape
        (6, 512)
    """

    name = "random-convolutions"
    resizer = f"area to {SIDE}x{SIDE}"
    relative_only = True

    def __init__(self, reference):
        if len(reference) < 2:
            raise ValueError(f"Expected at least 2 images. Received: {len(reference)}")
        self._network = _random_network()
        features = self._features(reference)
        self._mean = features.mean(axis=0)
        # A feature that hardly differs between real images must not outweigh all others.
        self._deviation = np.maximum(features.std(axis=0), 0.2 * features.std() + 1e-12)

    def extract(self, images):
        """Embeds images: (float64 array of shape (n, 512), no probabilities)."""
        return (self._features(images) - self._mean) / self._deviation, None

    def _features(self, images):
        parts = [
            self._network(_seen(images[start : start + 256]))
            for start in range(0, len(images), 256)
        ]
        return np.concatenate([part.numpy() for part in parts]).astype(np.float64)


def _seen(images):
    images = as_floats(images)
    if images.shape[-1] == 1:
        images = tf.repeat(images, 3, axis=-1)
    return tf.image.resize(tf.cast(images, tf.float32), (SIDE, SIDE), "area")


def _random_network():
    rng = np.random.default_rng(0)
    settings = {"strides": 2, "padding": "same", "activation": "relu", "dtype": "float32"}
    convolutions = [keras.layers.Conv2D(width, kernel, **settings) for kernel, width in _WIDTHS]
    ends = [
        keras.layers.AveragePooling2D(2, dtype="float32"),
        keras.layers.Flatten(dtype="float32"),
    ]
    stack = [keras.Input((SIDE, SIDE, 3)), *convolutions, *ends]
    network = keras.Sequential(stack, name="random_embedding")
    for layer in convolutions:
        shape = layer.kernel.shape
        kernel = rng.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1]))
        # Biases of both signs, so that dark and bright areas excite different channels.
        layer.set_weights([kernel, 0.5 * rng.normal(size=shape[-1])])
    return network
