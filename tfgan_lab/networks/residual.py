"""What the residual generator and discriminator share."""

import keras
from keras import layers


def residual_widths(image_size, widths=None) -> tuple:
    """Channels at 4x4, 8x8 and so on up to the picture's size.

    Args:
        image_size: int, a power of two from 8 to 1024.
        widths: ints to be checked, or ``None`` for 128, 128, then halved down to 32.

    Raises:
        ValueError: another size, or another number of widths.

    Example:
        >>> residual_widths(64)
        (128, 128, 64, 32, 32)
    """
    num_sizes = image_size.bit_length() - 2
    if not 8 <= image_size <= 1024 or image_size & (image_size - 1):
        raise ValueError(
            f"Expected image_size as a power of two from 8 to 1024. Received: {image_size}"
        )
    if widths is None:
        return tuple(max(32, min(128, 256 >> index)) for index in range(num_sizes))
    if len(widths) != num_sizes:
        raise ValueError(
            f"Expected {num_sizes} widths for image_size={image_size}, one for each size from 4x4 "
            f"up. Received: widths={tuple(widths)}"
        )
    return tuple(widths)


def residual_block(x, width, num_blocks, negative_slope):
    """Adds two convolutions to their input; symbolic.

    Args:
        x: symbolic tensor of shape (batch, height, width, channels).
        width: int, its number of channels.
        num_blocks: int, blocks in the whole network; He's initial scale of the first convolution
            is divided by its square root.
        negative_slope: float, of the LeakyReLUs.

    Returns:
        Symbolic tensor of the same shape.
    """
    scaled = keras.initializers.VarianceScaling(2.0 / num_blocks, "fan_in", "truncated_normal")
    branch = layers.LeakyReLU(negative_slope)(x)
    branch = layers.Conv2D(width, 3, padding="same", kernel_initializer=scaled)(branch)
    branch = layers.LeakyReLU(negative_slope)(branch)
    branch = layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")(branch)
    return layers.Add()([x, branch])
