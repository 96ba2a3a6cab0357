"""DCGAN's pair of networks: strided convolutions, batch norm in one or both of them."""

import keras
from keras import layers

from tfgan_lab.layers.dropout import Dropout
from tfgan_lab.layers.transposed import TransposedConv2D
from tfgan_lab.networks.sizes import check_halvings


def dcgan_generator(
    *,
    image_size=64,
    channels=3,
    latent_size=100,
    widths=(512, 256, 128, 64),
    kernel_size=4,
    first_stride=2,
    negative_slope=0.0,
) -> keras.Sequential:
    """Generator of transposed convolutions with batch norm, up to the pixels (reports R1, R3, R4).

    Dense to a small square of ``widths[0]`` channels, batch norm and activation; the same after a
    transposed convolution for every further width; one more of stride 2 gives the image, through
    tanh. No layer has a bias: batch norm would take it away again.

    With ``first_stride`` 2 the dense layer is DCGAN's transposed convolution from 1x1, normalised
    by channel; with 1 it is what reports R3 and R4 have, normalised value by value.

    Reference:
        Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
        Networks, arXiv 1511.06434, section 3.

    Args:
        image_size: int, height and width of the images; divisible by 2 ** n, n being the number
            of transposed convolutions of stride 2.
        channels: as of ``transposed_generator``, as is what is returned and raised.
        latent_size: see there.
        widths: channels of the first square, then of each transposed convolution but the last.
        kernel_size: int, of the transposed convolutions.
        first_stride: 1 or 2, of the first transposed convolution; 1 in reports R3 and R4.
        negative_slope: float, of the LeakyReLUs; 0 for ReLU.

    Example:
        >>> dcgan_generator(image_size=16, widths=(8, 8)).output_shape
        (None, 16, 16, 3)
    """
    num_doublings = len(widths) - (first_stride == 1)
    if len(widths) < 2 or first_stride not in {1, 2}:
        raise ValueError(
            "Expected first_stride 1 or 2, and two widths or more. "
            f"Received: first_stride={first_stride}, widths={tuple(widths)}"
        )
    check_halvings(image_size, num_doublings)
    side = image_size // 2**num_doublings
    strides = [first_stride] + [2] * (len(widths) - 1)
    plain = {"padding": "same", "use_bias": False}
    square = layers.Reshape((side, side, widths[0]))

    def normalised():
        return [layers.BatchNormalization(), layers.LeakyReLU(negative_slope)]

    stack = [
        keras.Input((latent_size,)),
        layers.Dense(side * side * widths[0], use_bias=False),
        *([square, *normalised()] if first_stride == 2 else [*normalised(), square]),
    ]
    for width, stride in zip(widths[1:], strides, strict=False):
        stack += [TransposedConv2D(width, kernel_size, strides=stride, **plain), *normalised()]
    stack += [
        TransposedConv2D(channels, kernel_size, strides=2, **plain),
        layers.Activation("tanh", dtype="float32"),
    ]
    return keras.Sequential(stack, name="dcgan_generator")


def dcgan_discriminator(
    *,
    image_size=64,
    channels=3,
    widths=(64, 128, 256, 512),
    kernel_size=4,
    batch_norm=True,
    dropout=0.0,
    negative_slope=0.2,
) -> keras.Sequential:
    """Discriminator of strided convolutions, batch norm on inner ones only (reports R1, R3, R4).

    For every width a convolution of stride 2, batch norm (not on the first), LeakyReLU and
    dropout; then one dense logit.

    Reference:
        As ``dcgan_generator``.

    Args:
        image_size: as of ``convolutional_discriminator``, as is what is returned and raised.
        channels: see there.
        widths: see there.
        kernel_size: see there.
        batch_norm: whether inner convolutions have batch norm; not so in reports R3 and R4.
        dropout: float in [0, 1), share of every block's values that is dropped in training.
        negative_slope: see there.

    Example:
        >>> dcgan_discriminator(image_size=16, widths=(8, 8)).output_shape
        (None, 1)
    """
    check_halvings(image_size, len(widths))
    stack = [keras.Input((image_size, image_size, channels))]
    for index, width in enumerate(widths):
        normalised = batch_norm and index > 0
        stack += [
            layers.Conv2D(width, kernel_size, strides=2, padding="same", use_bias=not normalised),
            *([layers.BatchNormalization()] if normalised else []),
            layers.LeakyReLU(negative_slope),
            *([Dropout(dropout)] if dropout else []),
        ]
    stack += [layers.Flatten(), layers.Dense(1, dtype="float32")]
    return keras.Sequential(stack, name="dcgan_discriminator")
