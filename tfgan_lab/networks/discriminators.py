"""Discriminators: from images in [-1, 1] to one logit each, positive for real."""

import keras
from keras import layers

from tfgan_lab.layers.dropout import Dropout
from tfgan_lab.layers.minibatch import MinibatchStdDev
from tfgan_lab.layers.resampling import BlurDownsample
from tfgan_lab.layers.spectral_norm import SpectralConv2D, SpectralDense
from tfgan_lab.networks.residual import residual_block
from tfgan_lab.networks.sizes import check_halvings, check_pixel_range, residual_widths


def convolutional_discriminator(
    *,
    image_size=64,
    channels=3,
    widths=(64, 128, 128),
    kernel_size=4,
    negative_slope=0.2,
    dropout=0.2,
    pixel_range=(0, 1),
) -> keras.Sequential:
    """Discriminator of strided convolutions with batch norm (report R0's).

    For every width a convolution of stride 2, batch norm and LeakyReLU; then dropout and one
    dense logit. Batch norm makes an image's logit depend on its batch: training and inference
    mode, and joint or separate batches of real and fake images, are different discriminators.

    Args:
        image_size: int, height and width of the images; divisible by 2 ** len(widths).
        channels: int, 1 for grey and 3 for RGB.
        widths: channels of each block.
        kernel_size: int, of the convolutions.
        negative_slope: float, of the LeakyReLUs.
        dropout: float in [0, 1), share of the last features that is dropped in training.
        pixel_range: (0, 1) shows the images to the first layer scaled to [0, 1], as the report
            does; (-1, 1) as they are.

    Returns:
        ``keras.Sequential`` from (batch, image_size, image_size, channels) to float32 logits of
        shape (batch, 1).

    Raises:
        ValueError: the size does not fit the number of widths.

    Example:
        >>> convolutional_discriminator(image_size=16, widths=(8, 8)).output_shape
        (None, 1)
    """
    check_halvings(image_size, len(widths))
    check_pixel_range(pixel_range)
    stack = [keras.Input((image_size, image_size, channels))]
    if tuple(pixel_range) == (0, 1):
        stack.append(layers.Rescaling(0.5, offset=0.5, dtype="float32"))
    for width in widths:
        stack += [
            layers.Conv2D(width, kernel_size, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope),
        ]
    stack += [layers.Flatten(), Dropout(dropout), layers.Dense(1, dtype="float32")]
    return keras.Sequential(stack, name="convolutional_discriminator")


def residual_discriminator(
    *,
    image_size=64,
    channels=3,
    widths=None,
    blocks_per_size=1,
    negative_slope=0.2,
    minibatch_stddev=False,
    spectral_norm=False,
) -> keras.Model:
    """Discriminator of residual blocks without normalisation, after R3GAN.

    ``residual_generator`` backwards: a convolution from pixels; for every size residual blocks,
    and between two sizes halving after a blur; then one dense logit over the last square. Every
    image is judged by itself, unless ``minibatch_stddev``.

    Args:
        image_size: as of ``residual_generator``.
        channels: see there.
        widths: see there; from the smallest square up here too.
        blocks_per_size: see there.
        negative_slope: see there.
        minibatch_stddev: whether the last square gets a channel that tells how much the images
            of the batch differ.
        spectral_norm: whether every layer's slope is bounded by 1 through its kernel's greatest
            singular value. Branches then don't begin at zero, which has none.

    Returns:
        ``keras.Model`` as of ``convolutional_discriminator``.

    Raises:
        ValueError: another size, or widths of another number.

    Example:
        >>> residual_discriminator(image_size=16, widths=(8, 8, 4)).output_shape
        (None, 1)
    """
    widths = residual_widths(image_size, widths)[::-1]
    num_blocks = len(widths) * blocks_per_size
    convolution = SpectralConv2D if spectral_norm else layers.Conv2D
    dense = SpectralDense if spectral_norm else layers.Dense
    inputs = keras.Input((image_size, image_size, channels))
    x = convolution(widths[0], 3, padding="same", use_bias=False)(inputs)
    for index, width in enumerate(widths):
        if index:
            x = BlurDownsample()(x)
            if width != widths[index - 1]:
                x = convolution(width, 1, use_bias=False)(x)
        for _ in range(blocks_per_size):
            x = residual_block(x, width, num_blocks, negative_slope, convolution)
    x = layers.LeakyReLU(negative_slope)(x)
    if minibatch_stddev:
        x = MinibatchStdDev()(x)
    x = layers.Flatten()(x)
    logits = dense(1, dtype="float32")(x)
    return keras.Model(inputs, logits, name="residual_discriminator")
