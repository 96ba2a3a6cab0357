"""Generators: from latents of shape (batch, latent_size) to images in [-1, 1]."""

import keras
from keras import layers

from tfgan_lab.layers.transposed import TransposedConv2D
from tfgan_lab.networks.residual import residual_block
from tfgan_lab.networks.sizes import (
    check_halvings,
    check_pixel_range,
    residual_sides,
    residual_widths,
)


def transposed_generator(
    *,
    image_size=64,
    channels=3,
    latent_size=128,
    widths=(128, 128, 256, 512),
    kernel_size=4,
    negative_slope=0.2,
    pixel_range=(0, 1),
) -> keras.Sequential:
    """Generator of transposed convolutions without normalisation (report R0's generator A).

    Dense to a small square of ``widths[0]`` channels; then for every further width a transposed
    convolution of stride 2 and a LeakyReLU; then a 5x5 convolution to the image.

    Args:
        image_size: int, height and width of the images; divisible by 2 ** (len(widths) - 1).
        channels: int, 1 for grey and 3 for RGB.
        latent_size: int, number of values of one latent vector.
        widths: channels of the first square, then of each block that doubles the size.
        kernel_size: int, of the transposed convolutions.
        negative_slope: float, of the LeakyReLUs.
        pixel_range: (0, 1) ends in a sigmoid, as the report does, and is converted to [-1, 1] at
            the door; (-1, 1) ends in tanh.

    Returns:
        ``keras.Sequential`` from (batch, latent_size) to float32 of shape
        (batch, image_size, image_size, channels).

    Raises:
        ValueError: the size does not fit the number of widths.

    Example:
        >>> transposed_generator(image_size=16, widths=(8, 8)).output_shape
        (None, 16, 16, 3)
    """
    stack = _first_square(image_size, latent_size, widths)
    for width in widths[1:]:
        stack += [
            TransposedConv2D(width, kernel_size, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope),
        ]
    stack += _to_image(channels, pixel_range)
    return keras.Sequential(stack, name="transposed_generator")


def upsampling_generator(
    *,
    image_size=64,
    channels=3,
    latent_size=128,
    widths=(128, 64, 128, 256),
    kernel_size=3,
    negative_slope=0.2,
    pixel_range=(0, 1),
) -> keras.Sequential:
    """Generator of upsampling and convolutions with batch norm (report R0's generator B).

    As ``transposed_generator``, but each block is: repeat every pixel twice in both directions,
    then twice a convolution, batch norm and LeakyReLU. No checkerboards, twice the layers.

    Args:
        image_size: as of ``transposed_generator``, as is what is returned and raised.
        channels: see there.
        latent_size: see there.
        widths: see there.
        kernel_size: int, of the convolutions within the blocks.
        negative_slope: see there.
        pixel_range: see there.

    Example:
        >>> upsampling_generator(image_size=16, widths=(8, 8)).output_shape
        (None, 16, 16, 3)
    """
    stack = _first_square(image_size, latent_size, widths)
    for width in widths[1:]:
        stack.append(layers.UpSampling2D(2))
        for _ in range(2):
            stack += [
                layers.Conv2D(width, kernel_size, padding="same"),
                layers.BatchNormalization(),
                layers.LeakyReLU(negative_slope),
            ]
    stack += _to_image(channels, pixel_range)
    return keras.Sequential(stack, name="upsampling_generator")


def _first_square(image_size, latent_size, widths):
    num_doublings = len(widths) - 1
    check_halvings(image_size, num_doublings)
    side = image_size // 2**num_doublings
    return [
        keras.Input((latent_size,)),
        layers.Dense(side * side * widths[0]),
        layers.Reshape((side, side, widths[0])),
    ]


def _to_image(channels, pixel_range):
    check_pixel_range(pixel_range)
    unit = tuple(pixel_range) == (0, 1)
    # Pixels are float32 under every precision: bfloat16 has 8 bits for 256 levels.
    return [
        layers.Conv2D(channels, 5, padding="same"),
        layers.Activation("sigmoid" if unit else "tanh", dtype="float32"),
        *([layers.Rescaling(2.0, offset=-1.0, dtype="float32")] if unit else []),
    ]


def residual_generator(
    *,
    image_size=64,
    channels=3,
    latent_size=64,
    widths=None,
    blocks_per_size=1,
    negative_slope=0.2,
) -> keras.Model:
    """Generator of residual blocks without normalisation, after R3GAN.

    Dense to a small square; then for every size residual blocks, and between two sizes bilinear
    doubling. A block adds to its input two convolutions, each after a LeakyReLU; the last of them
    starts at zero, so the network starts shallow, and the first is scaled down with the number of
    blocks, so the sum does not grow. All layers are Keras' own.

    Reference:
        The GAN is dead; long live the GAN! A Modern GAN Baseline, arXiv 2501.05441, section 3;
        Fixup Initialization, arXiv 1901.09321, section 3.2.

    Args:
        image_size: int from 8 to 1024; 4, 5, 6 or 7 times a power of two.
        channels: as of ``transposed_generator``.
        latent_size: see there.
        widths: channels at each size from the square up, as of ``networks.sizes.residual_widths``.
        blocks_per_size: int from 1.
        negative_slope: float, of the LeakyReLUs.

    Returns:
        ``keras.Model`` as of ``transposed_generator``, in [-1, 1] but for a little that is clipped
        before showing, as ``GAN.generate`` does.

    Raises:
        ValueError: another size, or widths of another number.

    Example:
        >>> residual_generator(image_size=16, widths=(8, 8, 4)).output_shape
        (None, 16, 16, 3)
    """
    widths = residual_widths(image_size, widths)
    num_blocks = len(widths) * blocks_per_size
    inputs = keras.Input((latent_size,))
    side = residual_sides(image_size)[0]
    x = layers.Dense(side * side * widths[0])(inputs)
    x = layers.Reshape((side, side, widths[0]))(x)
    for index, width in enumerate(widths):
        if index:
            if width != widths[index - 1]:
                # Before doubling: the same function for a quarter of the work.
                x = layers.Conv2D(width, 1, use_bias=False)(x)
            x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        for _ in range(blocks_per_size):
            x = residual_block(x, width, num_blocks, negative_slope)
    x = layers.LeakyReLU(negative_slope)(x)
    # No tanh: driven far into it within its first steps, the generator would have no gradient left.
    x = layers.Conv2D(channels, 3, padding="same", dtype="float32")(x)
    return keras.Model(inputs, x, name="residual_generator")
