"""StarGAN's networks: one translator to many domains, and a discriminator that tells them."""

import keras
from keras import layers

from tfgan_lab.layers.domain_maps import DomainMaps
from tfgan_lab.networks.cyclegan import check_depth, instance_norm, normalised
from tfgan_lab.networks.sizes import check_halvings


def domain_translator(
    *,
    vector_size,
    channels=3,
    width=64,
    num_halvings=2,
    num_blocks=6,
    name="domain_translator",
) -> keras.Model:
    """Translator given an image and the target domain, which it sees as constant channels.

    A convolution 7x7; one 4x4 of stride 2 with twice the channels for every halving; residual
    blocks; as many transposed convolutions back; one 7x7 and tanh. Instance norm with scale and
    shift and ReLU follow every convolution but the last, and none has a bias.

    Reference:
        StarGAN: Unified Generative Adversarial Networks for Multi-Domain Image-to-Image
        Translation, arXiv 1711.09020, appendix 7.2, table 4.

    Args:
        vector_size: int, values of a target's vector: ``tfgan_lab.losses.LabelSets.vector_size``.
        channels: as of ``residual_translator``, as is what is returned and raised.
        width: see there.
        num_halvings: see there.
        num_blocks: see there.
        name: name of the model, which takes a list of images and of vectors (batch, vector_size).

    Example:
        >>> translator = domain_translator(vector_size=3, width=4, num_blocks=1)
        >>> translator([keras.ops.zeros((1, 16, 24, 3)), keras.ops.zeros((1, 3))]).shape
        TensorShape([1, 16, 24, 3])
    """
    check_depth(num_halvings, num_blocks)
    plain = {"padding": "same", "use_bias": False}
    images, targets = keras.Input((None, None, channels)), keras.Input((vector_size,))
    x = DomainMaps()([images, targets])
    x = normalised(layers.Conv2D(width, 7, **plain), x, affine=True)
    for index in range(1, num_halvings + 1):
        x = normalised(layers.Conv2D(width * 2**index, 4, strides=2, **plain), x, affine=True)
    inner = width * 2**num_halvings
    for _ in range(num_blocks):
        branch = normalised(layers.Conv2D(inner, 3, **plain), x, affine=True)
        branch = layers.Conv2D(inner, 3, **plain)(branch)
        x = layers.Add()([x, instance_norm(affine=True)(branch)])
    for index in reversed(range(num_halvings)):
        doubling = layers.Conv2DTranspose(width * 2**index, 4, strides=2, **plain)
        x = normalised(doubling, x, affine=True)
    x = layers.Conv2D(channels, 7, **plain)(x)
    translated = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([images, targets], translated, name=name)


def domain_discriminator(
    *,
    num_labels,
    image_size=128,
    channels=3,
    width=64,
    num_halvings=None,
    name="domain_discriminator",
) -> keras.Model:
    """Discriminator with two answers: real or not for every patch, and which domain.

    Convolutions 4x4 of stride 2 with twice the channels each time and LeakyReLU 0.01, without
    normalisation, as a gradient penalty wants it; then one 3x3 to the logits, and one over all
    that is left to the labels.

    Reference:
        As ``domain_translator``, table 5.

    Args:
        num_labels: int, of all label sets: ``tfgan_lab.losses.LabelSets.num_labels``.
        image_size: int, height and width of the images; divisible by 2 ** num_halvings.
        channels: int, 1 for grey and 3 for RGB.
        width: int, channels after the first convolution.
        num_halvings: int from 1; unless given, as many as leave squares of 2x2 or just above,
            which are the paper's 6 at 128 pixels.
        name: name of the model.

    Returns:
        ``keras.Model`` from (batch, image_size, image_size, channels) to two float32 tensors:
        logits of shape (batch, rows, columns, 1), and labels' logits of shape (batch, num_labels).

    Raises:
        ValueError: the size does not fit the number of halvings.

    Example:
        >>> domain_discriminator(num_labels=5, image_size=32, width=4).output_shape
        [(None, 2, 2, 1), (None, 5)]
    """
    if num_halvings is None:
        num_halvings = 1
        while image_size % 2 ** (num_halvings + 1) == 0 and image_size >> (num_halvings + 1) >= 2:
            num_halvings += 1
    check_halvings(image_size, num_halvings)
    side = image_size // 2**num_halvings
    images = x = keras.Input((image_size, image_size, channels))
    for index in range(num_halvings):
        x = layers.Conv2D(width * 2**index, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.01)(x)
    logits = layers.Conv2D(1, 3, padding="same", use_bias=False, dtype="float32")(x)
    labels = layers.Conv2D(num_labels, side, use_bias=False, dtype="float32")(x)
    return keras.Model(images, [logits, layers.Flatten(dtype="float32")(labels)], name=name)
