"""The block that the residual generator and discriminator share."""

import keras
from keras import layers


def residual_block(x, width, num_blocks, negative_slope, convolution=layers.Conv2D):
    """Adds two convolutions to their input; symbolic.

    Args:
        x: symbolic tensor of shape (batch, height, width, channels).
        width: int, its number of channels.
        num_blocks: int, blocks in the whole network; He's initial scale of the first convolution
            is divided by its square root.
        negative_slope: float, of the LeakyReLUs.
        convolution: class of the convolutions. The last begins at zero, if it can: under
            spectral norm nothing can be divided by a zero kernel's greatest singular value.

    Returns:
        Symbolic tensor of the same shape.
    """
    first = keras.initializers.VarianceScaling(2.0 / num_blocks, "fan_in", "truncated_normal")
    last = "zeros" if convolution is layers.Conv2D else "he_normal"
    # Without bias before the sum: TensorFlow's graph optimiser would try to fuse bias, sum and
    # LeakyReLU, fail for what else needs the sum, say so, and drop its other fusions too.
    branch = layers.LeakyReLU(negative_slope)(x)
    branch = convolution(width, 3, padding="same", kernel_initializer=first)(branch)
    branch = layers.LeakyReLU(negative_slope)(branch)
    branch = convolution(width, 3, padding="same", use_bias=False, kernel_initializer=last)(branch)
    return layers.Add()([x, branch])
