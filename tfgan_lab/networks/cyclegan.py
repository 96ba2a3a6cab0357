"""CycleGAN's networks: a residual translator, and a discriminator of patches."""

import keras
from keras import layers

from tfgan_lab.layers.padding import ReflectionPadding2D
from tfgan_lab.networks.sizes import num_halvings_of_patch


def residual_translator(
    *, channels=3, width=64, num_halvings=2, num_blocks=9, name="residual_translator"
) -> keras.Model:
    """Translator of images of any size: halved, residual blocks, doubled again.

    A convolution 7x7; one 3x3 of stride 2 with twice the channels for every halving; residual
    blocks; as many transposed convolutions back; one 7x7 and tanh. Instance norm and ReLU follow
    every convolution but the last; padding is by reflection where nothing is halved.

    Reference:
        Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, arXiv
        1703.10593, appendix 7.2; Perceptual Losses for Real-Time Style Transfer and
        Super-Resolution, arXiv 1603.08155, for the architecture.

    Args:
        channels: int, 1 for grey and 3 for RGB.
        width: int, channels at the images' own size.
        num_halvings: int from 1.
        num_blocks: int from 1; the paper has 6 at 128 pixels and 9 from 256 on.
        name: name of the model.

    Returns:
        ``keras.Model`` from (batch, height, width, channels) to float32 in [-1, 1] of the same
        shape; height and width are multiples of 2 ** num_halvings.

    Raises:
        ValueError: fewer than one block or halving.

    Example:
        >>> translator = residual_translator(width=4, num_blocks=1)
        >>> translator(keras.ops.zeros((1, 16, 24, 3))).shape
        TensorShape([1, 16, 24, 3])
    """
    check_depth(num_halvings, num_blocks)
    inputs = keras.Input((None, None, channels))
    x = normalised(convolution(width, 7), ReflectionPadding2D(3)(inputs))
    for index in range(1, num_halvings + 1):
        halving = convolution(width * 2**index, 3, strides=2, padding="same")
        x = normalised(halving, x)
    inner = width * 2**num_halvings
    for _ in range(num_blocks):
        branch = normalised(convolution(inner, 3), ReflectionPadding2D(1)(x))
        branch = convolution(inner, 3)(ReflectionPadding2D(1)(branch))
        x = layers.Add()([x, instance_norm()(branch)])
    for index in reversed(range(num_halvings)):
        doubling = convolution(
            width * 2**index, 3, strides=2, padding="same", kind=layers.Conv2DTranspose
        )
        x = normalised(doubling, x)
    x = convolution(channels, 7)(ReflectionPadding2D(3)(x))
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name=name)


def patch_discriminator(
    *, image_size=256, channels=3, width=64, patch_size=70, name="patch_discriminator"
) -> keras.Sequential:
    """PatchGAN: judges every patch of an image by itself, one logit each.

    Convolutions 4x4 of stride 2 with twice the channels each time, at most eight times ``width``;
    one more of stride 1; one to the logits. LeakyReLU 0.2, and instance norm on all but the first
    and the last.

    Reference:
        Image-to-Image Translation with Conditional Adversarial Networks, arXiv 1611.07004,
        section 3.2.2 and appendix 6.1.2.

    Args:
        image_size: int, height and width of the images.
        channels: int, 1 for grey and 3 for RGB.
        width: int, channels after the first convolution.
        patch_size: int, pixels that one logit sees at each side: 16, 34, 70, 142 or 286, from one
            to five convolutions of stride 2. At 64 pixels 34 leaves more than one patch.
        name: name of the model.

    Returns:
        ``keras.Sequential`` from (batch, image_size, image_size, channels) to float32 logits of
        shape (batch, rows, columns, 1).

    Raises:
        ValueError: another patch size, or images too small for it.

    Example:
        >>> patch_discriminator(width=4).output_shape
        (None, 30, 30, 1)
    """
    num_halvings = num_halvings_of_patch(patch_size, image_size)
    stack = [keras.Input((image_size, image_size, channels))]
    for index in range(num_halvings + 1):
        stack += [
            layers.ZeroPadding2D(1),
            convolution(width * min(2**index, 8), 4, strides=1 if index == num_halvings else 2),
            *([instance_norm()] if index else []),
            layers.LeakyReLU(0.2),
        ]
    stack += [layers.ZeroPadding2D(1), convolution(1, 4, dtype="float32")]
    return keras.Sequential(stack, name=name)


def instance_norm(affine=False) -> layers.Layer:
    """Every channel of every image to mean 0 and variance 1.

    Args:
        affine: bool, whether each channel then gets a scale and a shift of its own.
    """
    return layers.GroupNormalization(groups=-1, epsilon=1e-5, center=affine, scale=affine)


def convolution(width, kernel_size, kind=layers.Conv2D, **arguments) -> layers.Layer:
    """A convolution whose weights begin normal with standard deviation 0.02.

    Args:
        width: int, its channels.
        kernel_size: int.
        kind: class of the layer.
        **arguments: further ones of the class.
    """
    initial = keras.initializers.RandomNormal(stddev=0.02)
    return kind(width, kernel_size, kernel_initializer=initial, **arguments)


def normalised(layer, x, affine=False):
    """Adds a layer, instance norm and ReLU; symbolic."""
    return layers.ReLU()(instance_norm(affine)(layer(x)))


def check_depth(num_halvings, num_blocks) -> None:
    """Checks a translator's depth.

    Args:
        num_halvings: int.
        num_blocks: int.

    Raises:
        ValueError: one of them is below 1.
    """
    if num_halvings < 1 or num_blocks < 1:
        raise ValueError(
            "Expected num_halvings and num_blocks from 1. "
            f"Received: num_halvings={num_halvings}, num_blocks={num_blocks}"
        )
