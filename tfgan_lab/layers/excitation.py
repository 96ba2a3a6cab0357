"""Skip-layer excitation: coarse features decide which channels of fine ones matter."""

import keras
from keras import layers


@keras.saving.register_keras_serializable(package="tfgan_lab")
class SkipLayerExcitation(layers.Layer):
    """Multiplies every channel of a fine feature map by a gate computed from a coarse one.

    The gate is: average to 4x4, a convolution 4x4 to one pixel, LeakyReLU, a convolution 1x1,
    sigmoid. It connects layers far apart for the price of a few multiplications.

    Reference:
        Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis,
        arXiv 2101.04775, section 3.1, equation 1.

    Args:
        negative_slope: float, of the LeakyReLU.

    Called on a list of two: coarse features of shape (batch, h, w, c), h and w multiples of 4, and
    fine ones of shape (batch, height, width, channels), whose shape is returned.
    """

    def __init__(self, negative_slope=0.2, **kwargs):
        super().__init__(**kwargs)
        self.negative_slope = negative_slope

    def build(self, input_shape):
        """Makes the gate's layers for the shapes of both inputs."""
        (_, height, width, channels), fine = input_shape
        if height % 4 or width % 4:
            raise ValueError(
                "Expected coarse features whose height and width are multiples of 4. "
                f"Received: shape {tuple(input_shape[0])}"
            )
        self.gate = keras.Sequential(
            [
                keras.Input((height, width, channels)),
                layers.AveragePooling2D((height // 4, width // 4)),
                layers.Conv2D(fine[-1], 4),
                layers.LeakyReLU(self.negative_slope),
                layers.Conv2D(fine[-1], 1, activation="sigmoid"),
            ],
            name="gate",
        )
        super().build(input_shape)

    def call(self, inputs):
        """See the class."""
        coarse, fine = inputs
        return fine * self.gate(coarse)

    def compute_output_shape(self, input_shape):
        """Returns the fine features' shape."""
        return input_shape[1]

    def get_config(self):
        """Returns the constructor's arguments."""
        return super().get_config() | {"negative_slope": self.negative_slope}
