"""The Inception network of published FIDs: the graph of 2015-12-05, with all its peculiarities."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from tfgan_lab.networks.torch_weights import named_array, read_torch_weights

SIDE = 299
NUM_FEATURES = 2048
NUM_CLASSES = 1008
WEIGHTS_NAME = "pt_inception-2015-12-05-6726825d.pth"
WEIGHTS_URL = (
    f"https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/{WEIGHTS_NAME}"
)
WEIGHTS_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"

_AVERAGE, _MAXIMUM, _HALVING = "average", "maximum", "halving"


def _narrow(pool_width):
    return [
        [("branch1x1", 64, 1)],
        [("branch5x5_1", 48, 1), ("branch5x5_2", 64, 5)],
        [("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3)],
        [_AVERAGE, ("branch_pool", pool_width, 1)],
    ]


def _long(width):
    flat, high = (1, 7), (7, 1)
    return [
        [("branch1x1", 192, 1)],
        [("branch7x7_1", width, 1), ("branch7x7_2", width, flat), ("branch7x7_3", 192, high)],
        [
            ("branch7x7dbl_1", width, 1),
            ("branch7x7dbl_2", width, high),
            ("branch7x7dbl_3", width, flat),
            ("branch7x7dbl_4", width, high),
            ("branch7x7dbl_5", 192, flat),
        ],
        [_AVERAGE, ("branch_pool", 192, 1)],
    ]


def _wide(pool):
    def fork(name):
        return [[(f"{name}a", 384, (1, 3))], [(f"{name}b", 384, (3, 1))]]

    return [
        [("branch1x1", 320, 1)],
        [("branch3x3_1", 384, 1), fork("branch3x3_2")],
        [("branch3x3dbl_1", 448, 1), ("branch3x3dbl_2", 384, 3), fork("branch3x3dbl_3")],
        [pool, ("branch_pool", 192, 1)],
    ]


# Branches side by side, each a chain of (name, width, kernel[, stride]), poolings and forks. A
# stride comes without padding. The last block pools by maximum, unlike the paper's.
_BLOCKS = {
    "Mixed_5b": _narrow(32),
    "Mixed_5c": _narrow(64),
    "Mixed_5d": _narrow(64),
    "Mixed_6a": [
        [("branch3x3", 384, 3, 2)],
        [("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3, 2)],
        [_HALVING],
    ],
    "Mixed_6b": _long(128),
    "Mixed_6c": _long(160),
    "Mixed_6d": _long(160),
    "Mixed_6e": _long(192),
    "Mixed_7a": [
        [("branch3x3_1", 192, 1), ("branch3x3_2", 320, 3, 2)],
        [
            ("branch7x7x3_1", 192, 1),
            ("branch7x7x3_2", 192, (1, 7)),
            ("branch7x7x3_3", 192, (7, 1)),
            ("branch7x7x3_4", 192, 3, 2),
        ],
        [_HALVING],
    ],
    "Mixed_7b": _wide(_AVERAGE),
    "Mixed_7c": _wide(_MAXIMUM),
}


def fid_inception(weights=None) -> keras.Model:
    """Builds the network whose features published FIDs are distances of.

    It differs from ``keras.applications.InceptionV3`` in weights, in 1008 logits, in the last
    block's pooling, and in what is done to images first: see ``fid_inception_input``.

    Reference:
        Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567; the graph of
        2015-12-05 as GANs Trained by a Two Time-Scale Update Rule, arXiv 1706.08500, used it.

    Args:
        weights: path of the ``.pth`` file in which they are published for PyTorch (the file of
            ``WEIGHTS_URL``), a dict of its arrays by name, or ``None`` for random ones.

    Returns:
        ``keras.Model`` from what ``fid_inception_input`` returns to a dict of ``features``, of
        shape (batch, 2048), and ``logits``, of shape (batch, 1008), without the last layer's bias:
        the published Inception Scores leave it out.

    Raises:
        ValueError: a file of other weights.

    Example:
        >>> fid_inception().output["features"].shape
        (None, 2048)
    """
    inputs = x = keras.Input((SIDE, SIDE, 3), dtype="float32")
    x = _convolution(x, "Conv2d_1a_3x3", 32, 3, stride=2)
    x = _convolution(x, "Conv2d_2a_3x3", 32, 3, padding="valid")
    x = _convolution(x, "Conv2d_2b_3x3", 64, 3)
    x = _pooling(x, _HALVING)
    x = _convolution(x, "Conv2d_3b_1x1", 80, 1)
    x = _convolution(x, "Conv2d_4a_3x3", 192, 3, padding="valid")
    x = _pooling(x, _HALVING)
    for name, branches in _BLOCKS.items():
        x = _side_by_side(x, name, branches)
    features = layers.GlobalAveragePooling2D(dtype="float32")(x)
    logits = layers.Dense(NUM_CLASSES, use_bias=False, dtype="float32", name="fc")(features)
    model = keras.Model(inputs, {"features": features, "logits": logits}, name="fid_inception")
    model.trainable = False
    if weights is not None:
        if not isinstance(weights, dict):
            weights = read_torch_weights(weights)
        _set_weights(model, weights)
    return model


def fid_inception_input(images) -> tf.Tensor:
    """Does to images what the graph of 2015-12-05 does: the resizer belongs to the protocol.

    Rounded to 8 bits, as they come from files; resized with TensorFlow 1's bilinear way, without
    antialiasing and without half-pixel centres; (x - 128) / 128.

    Args:
        images: float array of shape (batch, height, width, 1 or 3) in [-1, 1], or uint8.

    Returns:
        float32 tensor of shape (batch, 299, 299, 3).
    """
    images = tf.convert_to_tensor(images)
    if images.dtype != tf.uint8:
        images = tf.clip_by_value(tf.round(images * 127.5 + 127.5), 0.0, 255.0)
    images = tf.cast(images, tf.float32)
    if images.shape[-1] == 1:
        images = tf.repeat(images, 3, axis=-1)
    resized = tf.raw_ops.ResizeBilinear(
        images=images, size=[SIDE, SIDE], align_corners=False, half_pixel_centers=False
    )
    return (resized - 128.0) / 128.0


def _convolution(x, name, width, kernel, stride=1, padding="same"):
    x = layers.Conv2D(
        width,
        kernel,
        strides=stride,
        padding="valid" if stride > 1 else padding,
        use_bias=False,
        dtype="float32",
        name=f"{name}.conv",
    )(x)
    x = layers.BatchNormalization(epsilon=1e-3, dtype="float32", name=f"{name}.bn")(x)
    return layers.ReLU(dtype="float32")(x)


def _pooling(x, kind):
    if kind == _AVERAGE:
        # TensorFlow's mean over "same" padding leaves the padding out, as the graph does.
        return layers.AveragePooling2D(3, strides=1, padding="same", dtype="float32")(x)
    if kind == _MAXIMUM:
        return layers.MaxPooling2D(3, strides=1, padding="same", dtype="float32")(x)
    return layers.MaxPooling2D(3, strides=2, dtype="float32")(x)


def _side_by_side(x, name, branches):
    return layers.Concatenate(dtype="float32")([_chain(x, name, branch) for branch in branches])


def _chain(x, name, steps):
    for step in steps:
        if isinstance(step, str):
            x = _pooling(x, step)
        elif isinstance(step, list):
            x = _side_by_side(x, name, step)
        else:
            part, *shape = step
            x = _convolution(x, f"{name}.{part}", *shape)
    return x


def _set_weights(model, arrays):
    """Sets all weights from PyTorch's names and orders of axes."""
    for layer in model.layers:
        if not layer.weights:
            continue
        shapes = [tuple(variable.shape) for variable in layer.weights]
        names, axes = ["weight", "bias", "running_mean", "running_var"], (0,)
        if isinstance(layer, layers.Conv2D):
            names, axes = ["weight"], (2, 3, 1, 0)
        elif isinstance(layer, layers.Dense):
            names, axes = ["weight"], (1, 0)
        values = []
        for name, shape in zip(names, shapes, strict=True):
            theirs = [shape[axes.index(axis)] for axis in range(len(axes))]
            array = named_array(arrays, f"{layer.name}.{name}", theirs, "the FID Inception")
            values.append(np.transpose(array, axes))
        layer.set_weights(values)
