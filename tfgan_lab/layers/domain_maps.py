"""How a convolutional network is told something about a whole picture."""

import keras


@keras.saving.register_keras_serializable(package="tfgan_lab")
class DomainMaps(keras.layers.Layer):
    """Adds one constant channel to pictures for every value of a vector.

    Reference:
        StarGAN: Unified Generative Adversarial Networks for Multi-Domain Image-to-Image
        Translation, arXiv 1711.09020, section 3.1.

    Called on a list of two: pictures of shape (batch, height, width, channels) and vectors of
    shape (batch, size). Output shape (batch, height, width, channels + size).

    Example:
        >>> pictures, vectors = keras.ops.zeros((1, 4, 4, 3)), keras.ops.ones((1, 2))
        >>> DomainMaps()([pictures, vectors])[0, 3, 3].numpy().tolist()
        [0.0, 0.0, 0.0, 1.0, 1.0]
    """

    def call(self, inputs):
        """See the class."""
        pictures, vectors = inputs
        # Not tiled to a shape: height and width of a symbolic picture may not be known.
        nothing = keras.ops.zeros_like(pictures[..., :1])
        maps = nothing + keras.ops.cast(vectors, pictures.dtype)[:, None, None, :]
        return keras.ops.concatenate([pictures, maps], axis=-1)

    def compute_output_shape(self, input_shape):
        """Returns the pictures' shape with the vectors' size more channels."""
        pictures, vectors = input_shape
        return (*pictures[:-1], pictures[-1] + vectors[-1])
