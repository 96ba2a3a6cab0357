"""Padding by reflection, which Keras has as a function but not as a layer."""

import keras


@keras.saving.register_keras_serializable(package="tfgan_lab")
class ReflectionPadding2D(keras.layers.Layer):
    """Mirrors images at their edges, without repeating the edge itself.

    Zeros around an image are an edge that is in no image; translated images show it.

    Args:
        padding: int from 1, pixels added at each side; less than height and width.

    Input shape (batch, height, width, channels), output shape
    (batch, height + 2 * padding, width + 2 * padding, channels).

    Example:
        >>> row = keras.ops.reshape([1.0, 2.0, 3.0, 1.0, 2.0, 3.0], (1, 2, 3, 1))
        >>> keras.ops.convert_to_numpy(ReflectionPadding2D(1)(row))[0, 1, :, 0].tolist()
        [2.0, 1.0, 2.0, 3.0, 2.0]
    """

    def __init__(self, padding=1, **kwargs):
        super().__init__(**kwargs)
        if padding < 1:
            raise ValueError(f"Expected padding from 1. Received: padding={padding}")
        self.padding = padding

    def build(self, input_shape):
        """Checks that there is enough to mirror."""
        sides = [side for side in input_shape[1:3] if side is not None]
        if min(sides, default=self.padding + 1) <= self.padding:
            raise ValueError(
                f"Expected height and width above the padding of {self.padding}. "
                f"Received: shape {tuple(input_shape)}"
            )
        super().build(input_shape)

    def call(self, inputs):
        """See the class."""
        width = (self.padding, self.padding)
        return keras.ops.pad(inputs, [(0, 0), width, width, (0, 0)], mode="reflect")

    def get_config(self):
        """Returns the constructor's arguments."""
        return super().get_config() | {"padding": self.padding}
