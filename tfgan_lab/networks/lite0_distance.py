"""Distances between images as EfficientNet-Lite0 sees them, for searches by gradient."""

import tensorflow as tf

from tfgan_lab.latents.perceptual import LayerFeatures
from tfgan_lab.networks.efficientnet_lite import TAPS, efficientnet_lite0

LEAST_SIDE = 128  # Below, its deepest maps have few places and know little of the image.
STRIDES = (4, 8, 16, 32)


def lite0_layer_features(image_size, channels=3, weights="installed") -> LayerFeatures:
    """What EfficientNet-Lite0 sees of images at four scales: a perceptual distance.

    It was taught ImageNet and knows parts and objects, where the discriminator of a run knows what
    tells real images from generated ones.

    Reference:
        The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, arXiv 1801.03924,
        equation 1, with all weights equal; the paper's networks are others.

    Args:
        image_size: height and width of the images. Smaller ones than 128 pixels are shown to the
            network enlarged to that, bilinearly.
        channels: int, 1 for grey and 3 for RGB.
        weights: of ``efficientnet_lite0``.

    Returns:
        ``LayerFeatures`` of images of shape (n, image_size, image_size, channels) in [-1, 1]: a
        list of the features at 1/4, 1/8, 1/16 and 1/32 of the side.

    Raises:
        ImportError: the weights are not installed.
        ValueError: other numbers of channels, or weights that are others.

    Example:
        >>> features = lite0_layer_features(image_size=32, weights=None)
        >>> [tuple(part.shape) for part in features(tf.zeros((2, 32, 32, 3)))]
        [(2, 32, 32, 24), (2, 16, 16, 40), (2, 8, 8, 112), (2, 4, 4, 320)]
    """
    if channels not in (1, 3):
        raise ValueError(f"Expected channels 1 or 3. Received: channels={channels}")
    side = max(image_size, LEAST_SIDE)

    def prepare(images):
        if side != image_size:
            images = tf.image.resize(images, (side, side), "bilinear")
        return tf.repeat(images, 3, axis=-1) if channels == 1 else images

    network = efficientnet_lite0(side, weights)
    return LayerFeatures(network, [TAPS[stride] for stride in STRIDES], prepare)
