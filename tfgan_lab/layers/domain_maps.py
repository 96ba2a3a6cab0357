"""How a convolutional network is told something about a whole image."""

import keras


@keras.saving.register_keras_serializable(package="tfgan_lab")
class DomainMaps(keras.layers.Layer):
    """Adds one constant channel to images for every value of a vector.

    Reference:
        StarGAN: Unified Generative Adversarial Networks for Multi-Domain Image-to-Image
        Translation, arXiv 1711.09020, section 3.1.

    Called on a list of two: images of shape (batch, height, width, channels) and vectors of
    shape (batch, size). Output shape (batch, height, width, channels + size).

    Example:
        >>> images, vectors = keras.ops.zeros((1, 4, 4, 3)), keras.ops.ones((1, 2))
        >>> DomainMaps()([images, vectors])[0, 3, 3].numpy().tolist()
        [0.0, 0.0, 0.0, 1.0, 1.0]
    """

    def call(self, inputs):
        """See the class."""
        images, vectors = inputs
        # Not tiled to a shape: height and width of a symbolic image may not be known.
        nothing = keras.ops.zeros_like(images[..., :1])
        maps = nothing + keras.ops.cast(vectors, images.dtype)[:, None, None, :]
        return keras.ops.concatenate([images, maps], axis=-1)
