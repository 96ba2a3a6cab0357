"""The light generator: gated units, and coarse features that steer fine ones."""

import keras
from keras import layers

from tfgan_lab.layers.batch_norm import BatchNormalization
from tfgan_lab.layers.bilinear import BilinearUpSampling2D
from tfgan_lab.networks.sizes import check_choice, light_widths, residual_sides, residual_widths


def light_generator(
    *,
    image_size=64,
    channels=3,
    latent_size=256,
    widths=None,
    normalisation="batch",
    doubling="nearest",
) -> keras.Model:
    """Generator of few layers with skip-layer excitation, after FastGAN.

    Dense to a small square; then for every doubling a convolution 3x3, batch norm and a gated
    linear unit. Features of the smallest sides gate the channels of those 16 times as large. The
    released file holds Keras' own layers alone.

    Reference:
        Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis,
        arXiv 2101.04775, section 3.1.

    Args:
        image_size: as of ``residual_generator``, as is what is returned, here in [-1, 1].
        channels: see there.
        latent_size: see there.
        widths: channels at each size from the square up, ``light_widths`` unless given.
        normalisation: ``"batch"`` or ``"none"``.
        doubling: ``"nearest"`` repeats pixels; ``"bilinear"`` leaves no trace of a grid, but the
            generator made smooth blots with it and lost to a projected discriminator at once.

    Raises:
        ValueError: another size, widths of another number, or an unknown normalisation or doubling.

    Example:
        >>> light_generator(image_size=32, widths=(32, 16, 16, 8)).output_shape
        (None, 32, 32, 3)
    """
    sides = residual_sides(image_size)
    widths = residual_widths(image_size, light_widths(image_size) if widths is None else widths)
    check_choice("normalisation", normalisation, ("batch", "none"))
    check_choice("doubling", doubling, ("bilinear", "nearest"))
    inputs = keras.Input((latent_size,))
    x = layers.Dense(2 * sides[0] ** 2 * widths[0], use_bias=normalisation == "none")(inputs)
    x = layers.Reshape((sides[0], sides[0], 2 * widths[0]))(x)
    x = _gated(x, normalisation)
    coarse = {sides[0]: x}
    for side, width in zip(sides[1:], widths[1:], strict=True):
        x = _doubled(x, doubling)
        x = _convolution(x, 2 * width, use_bias=normalisation == "none")
        x = _gated(x, normalisation)
        if side // 16 in coarse:
            x = layers.Multiply()([x, _gate(coarse[side // 16], width)])
        coarse[side] = x
    x = _convolution(x, channels)
    x = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, x, name="light_generator")


def _convolution(x, width, use_bias=True):
    """3x3, the border continued by its edge: around zeros, images get a frame."""
    x = keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric")
    return layers.Conv2D(width, 3, use_bias=use_bias)(x)


def _doubled(x, doubling):
    if doubling == "bilinear":
        return BilinearUpSampling2D(2)(x)
    _, height, width, channels = x.shape
    # Of pixels repeated twice LiteRT's converter no longer knows height and width.
    return layers.Reshape((2 * height, 2 * width, channels))(layers.UpSampling2D(2)(x))


def _gated(x, normalisation):
    return keras.ops.glu(BatchNormalization()(x) if normalisation == "batch" else x)


def _gate(coarse, width):
    """A factor from 0 to 1 for every channel: 4x4 means, two convolutions, a sigmoid."""
    side = coarse.shape[1]
    if side > 7:
        coarse = layers.AveragePooling2D(side // 4)(coarse)
    gate = layers.Conv2D(width, coarse.shape[1], activation="relu")(coarse)
    return layers.Conv2D(width, 1, activation="sigmoid")(gate)
