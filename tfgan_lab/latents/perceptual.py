"""Distances as a network sees them: features of its layers."""

import keras
import tensorflow as tf


class LayerFeatures:
    """Features of several layers of a network, each place's scaled to length 1.

    Two images that differ by a shift of a pixel differ much in pixels and little here. Any
    network that takes the images will do: the discriminator of the run knows them best; a
    classifier has seen more of the world.

    Reference:
        The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, arXiv 1801.03924,
        equation 1, with all weights equal.

    Args:
        network: built Keras model (a single graph) from images in [-1, 1].
        layers: names of layers; unless given, all convolutions. Those of a single channel are left
            out, such as logits of places: scaled to length 1 they would be signs.
        prepare: differentiable function from the images to what the network takes, where that
            is of another size, for instance.

    Raises:
        ValueError: no such layer, or none at all.

    Example:
        >>> import tfgan_lab as tgl
        >>> discriminator = tgl.networks.convolutional_discriminator(image_size=8, widths=(4, 8))
        >>> features = LayerFeatures(discriminator)
        >>> [tuple(part.shape) for part in features(tf.zeros((2, 8, 8, 3)))]
        [(2, 4, 4, 4), (2, 2, 2, 8)]
    """

    def __init__(self, network, layers=None, prepare=None):
        known = {layer.name: layer for layer in network.layers}
        if layers is None:
            layers = [name for name, layer in known.items() if _is_convolution(layer)]
        unknown = [name for name in layers if name not in known]
        if unknown or not layers:
            raise ValueError(
                f"Expected layers out of {', '.join(known)}. Received: "
                f"{', '.join(unknown) or 'none, and the network has no convolutions'}"
            )
        self._prepare = prepare or (lambda images: images)
        self._network = keras.Model(network.inputs[0], [known[name].output for name in layers])

    def __call__(self, images) -> list:
        """Returns a list of float32 tensors, one for each layer, of first axis n.

        Args:
            images: float32 tensor of shape (n, height, width, channels) in [-1, 1].
        """
        outputs = self._network(self._prepare(images), training=False)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        # By the square root of the channels, so that a mean over all values is of order 1.
        return [
            tf.math.l2_normalize(tf.cast(part, tf.float32), axis=-1, epsilon=1e-8)
            * float(part.shape[-1]) ** 0.5
            for part in outputs
        ]


def _is_convolution(layer):
    shape = getattr(getattr(layer, "kernel", None), "shape", ())
    return len(shape) == 4 and layer.output.shape[-1] > 1
