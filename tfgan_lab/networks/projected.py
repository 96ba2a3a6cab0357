"""The projected discriminator: small ones on the features of a frozen network, one on pixels."""

import keras
from keras import layers

from tfgan_lab.layers.batch_norm import BatchNormalization
from tfgan_lab.layers.bilinear import BilinearUpSampling2D
from tfgan_lab.layers.spectral_norm import SpectralConv2D
from tfgan_lab.networks.efficientnet_lite import TAPS, efficientnet_lite0
from tfgan_lab.networks.sizes import (
    FEATURE_STRIDES,
    check_choice,
    check_scales,
    pixel_widths_of,
    shown_size_of,
)

LEAST_SIDE = 4  # of a map of logits: heads halve down to it


def projected_features(
    *,
    image_size=64,
    channels=3,
    shown_size=None,
    strides=FEATURE_STRIDES,
    widths=(32, 32, 64, 128, 256),
    mixing="scales",
    weights="installed",
) -> keras.Model:
    """Features of EfficientNet-Lite0 at several scales, mixed by random convolutions; all frozen.

    A discriminator that looks only at strong features finds what it knows and forgets the rest.
    Random convolutions spread every feature over all channels (cross-channel mixing) and over all
    scales from the deepest up (cross-scale mixing), so that it can't.

    Reference:
        Projected GANs Converge Faster, arXiv 2111.01007, sections 3.2 and 4.1. Here the cross-scale
        convolutions come before the doubling, which is a quarter of the work.

    Args:
        image_size: height and width of the images, 32 to 512.
        channels: int, 1 for grey and 3 for RGB.
        shown_size: height and width at which the network sees them, a multiple of the greatest
            stride, 32 to 512; see ``networks.sizes.shown_size_of`` unless given.
        strides: fractions of the side at which features are taken, out of 2, 4, 8, 16, 32.
        widths: channels after mixing, one for each stride; not looked at without mixing.
        mixing: ``"scales"`` for both kinds, ``"channels"`` for the first alone, or ``"none"``.
        weights: of ``efficientnet_lite0``.

    Returns:
        ``keras.Model`` from images of shape (batch, image_size, image_size, channels) in [-1, 1] to
        a list of features, one for each stride, of shape (batch, shown_size / stride,
        shown_size / stride, width). Nothing in it is trainable.

    Raises:
        ImportError: the weights are not installed.
        ValueError: sizes, strides or widths that don't fit, or another mixing.

    Example:
        >>> [part.shape[1:] for part in projected_features(weights=None, shown_size=64).outputs]
        [(32, 32, 32), (16, 16, 32), (8, 8, 64), (4, 4, 128), (2, 2, 256)]
    """
    strides, widths = tuple(strides), tuple(widths)
    shown_size = shown_size or shown_size_of(image_size)
    check_scales(image_size, shown_size, strides)
    check_choice("mixing", mixing, ("scales", "channels", "none"))
    if mixing != "none" and len(widths) != len(strides):
        raise ValueError(
            f"Expected {len(strides)} widths, one for each stride. Received: widths={widths}"
        )
    inputs = keras.Input((image_size, image_size, channels))
    x = layers.Concatenate(dtype="float32")([inputs] * 3) if channels == 1 else inputs
    if shown_size != image_size:
        x = layers.Resizing(
            shown_size, shown_size, antialias=shown_size < image_size, dtype="float32"
        )(x)
    network = efficientnet_lite0(shown_size, weights)
    outputs = [network.get_layer(TAPS[stride]).output for stride in strides]
    taps = keras.Model(network.inputs, outputs, name="efficientnet_lite0")
    maps = keras.tree.flatten(taps(x))
    if mixing != "none":
        maps = [_random(width, 1)(part) for width, part in zip(widths, maps, strict=True)]
    if mixing == "scales":
        for index in reversed(range(len(maps) - 1)):
            deeper = _random(widths[index], 3)(maps[index + 1])
            factor = strides[index + 1] // strides[index]
            deeper = BilinearUpSampling2D(factor)(deeper)
            maps[index] = layers.Add()([maps[index], deeper])
    model = keras.Model(inputs, maps, name="projected_features")
    model.trainable = False
    return model


def projected_discriminator(
    features,
    *,
    widths=(64,),
    pixel_widths=None,
    head="pooled",
    normalisation="batch",
    spectral_norm=True,
    num_classes=0,
) -> keras.Model:
    """A discriminator for every map of features and one for the pixels, all logits side by side.

    Each halves its map until another halving would leave less than 4x4, and answers there, place by
    place. The one of the pixels sees what the frozen network overlooks: without it, images keep a
    pattern of fine lines. Losses take the mean over all logits, so they count alike. Only these
    small networks are trained.

    Reference:
        Projected GANs Converge Faster, arXiv 2111.01007, equation 4 and appendix; for classes:
        cGANs with Projection Discriminator, arXiv 1802.05637, equation 4, at every place. For
        pixels beside features: Ensembling Off-the-shelf Models for GAN Training, arXiv 2112.09130.

    Args:
        features: frozen ``keras.Model`` from images to maps, such as ``projected_features``.
        widths: channels within the heads, one for each map or one for all.
        pixel_widths: channels of the discriminator of the pixels, one for each of its convolutions
            4x4 of stride 2; ``networks.sizes.pixel_widths_of`` unless given, ``()`` for none.
        head: how a map of features is halved: ``"pooled"``, a mean of 2x2 and a convolution 3x3, or
            ``"strided"``, a convolution 4x4 of stride 2, as in the paper.
        normalisation: ``"batch"`` for batch norm after every convolution but the last, or
            ``"none"``. With batch norm, real and generated images belong in separate batches.
        spectral_norm: whether the slope of every convolution is bounded.
        num_classes: int, 0 without classes.

    Returns:
        ``keras.Model`` from images, or from a list of images and int32 labels of shape (batch,), to
        float32 logits of shape (batch, places of all maps).

    Raises:
        ValueError: an unknown head or normalisation, another number of widths, or more halvings of
            the pixels than they have.

    Example:
        >>> features = projected_features(image_size=32, shown_size=64, weights=None)
        >>> projected_discriminator(features).output_shape
        (None, 132)
    """
    check_choice("head", head, ("pooled", "strided"))
    check_choice("normalisation", normalisation, ("batch", "none"))
    images = keras.Input(features.input_shape[1:], name="images")
    labels = keras.Input((), dtype="int32", name="labels") if num_classes else None
    maps = keras.tree.flatten(features(images))
    widths = tuple(widths) * len(maps) if len(widths) == 1 else tuple(widths)
    if len(widths) != len(maps):
        raise ValueError(
            f"Expected 1 width or {len(maps)}, one for each map. Received: widths={widths}"
        )
    size = images.shape[1]
    pixel_widths = pixel_widths_of(size) if pixel_widths is None else tuple(pixel_widths)
    if size < 2 ** len(pixel_widths):
        raise ValueError(
            f"Expected pixel_widths to halve {size} pixels to 1 at most. "
            f"Received: pixel_widths={pixel_widths}"
        )
    convolution = SpectralConv2D if spectral_norm else layers.Conv2D

    def activated(x):
        return layers.LeakyReLU(0.2)(BatchNormalization()(x) if normalisation == "batch" else x)

    def halved(x, width):
        return activated(convolution(width, 4, strides=2, padding="same", use_bias=False)(x))

    def answered(x):
        logit = convolution(1, 3, padding="same")(x)
        if num_classes:
            logit = layers.Add()([logit, _class_logit(x, labels, num_classes)])
        return layers.Flatten(dtype="float32")(logit)

    logits = []
    for x, width in zip(maps, widths, strict=True):
        num_halvings = max(0, (x.shape[1] // LEAST_SIDE).bit_length() - 1)
        for index in range(max(1, num_halvings)):
            halves = index < num_halvings
            if halves and head == "strided":
                x = halved(x, width)
            else:
                x = layers.AveragePooling2D(2)(x) if halves else x
                x = activated(convolution(width, 3, padding="same", use_bias=False)(x))
        logits.append(answered(x))
    if pixel_widths:
        x = images
        for width in pixel_widths:
            x = halved(x, width)
        logits.append(answered(x))
    joined = layers.Concatenate(dtype="float32")(logits) if len(logits) > 1 else logits[0]
    inputs = images if labels is None else [images, labels]
    return keras.Model(inputs, joined, name="projected_discriminator")


def _random(width, kernel_size):
    settings = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    return layers.Conv2D(width, kernel_size, **settings)


def _class_logit(x, labels, num_classes):
    """Product of every place's features with a learned vector of the class, at first zero."""
    width = x.shape[-1]
    vectors = layers.Embedding(num_classes, width, embeddings_initializer="zeros")(labels)
    vectors = layers.Reshape((width, 1))(vectors)
    places = layers.Reshape((-1, width))(x)
    return layers.Reshape((*x.shape[1:3], 1))(layers.Dot(axes=(2, 1))([places, vectors]))
