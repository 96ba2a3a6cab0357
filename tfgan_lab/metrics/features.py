"""Feature spaces in which images are compared; every one says what it is.

A distance means nothing without the network and the resizer it was taken with, so both are
attributes, which go into every result.
"""

import abc
import pathlib

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.files import sha256_of
from tfgan_lab.model_files import read_model
from tfgan_lab.networks import efficientnet_lite
from tfgan_lab.networks.inception import (
    WEIGHTS_SHA256,
    WEIGHTS_URL,
    fid_inception,
    fid_inception_input,
)
from tfgan_lab.networks.weight_files import fetch


class Features(abc.ABC):
    """Abstract: turns images into vectors, and into class probabilities where it knows classes.

    Attributes:
        name: str, what to call it beside a value.
        resizer: str, how images come to the size it sees.
        relative_only: bool, whether its values say something only beside others of the same data.
    """

    name: str
    resizer: str
    relative_only = False

    @abc.abstractmethod
    def extract(self, images) -> tuple:
        """Embeds images.

        Args:
            images: float array of shape (n, height, width, 1 or 3) in [-1, 1], or uint8; of any
                size.

        Returns:
            (features, probabilities): float64 array of shape (n, d); and float array of shape
            (n, classes), or ``None`` without classes.
        """

    def __call__(self, images) -> np.ndarray:
        """Embeds images: float64 array of shape (n, d)."""
        return self.extract(images)[0]


class NetworkFeatures(Features):
    """Features of a network.

    Args:
        network: ``keras.Model`` whose output is a dict with ``features``, of shape (batch, d),
            and, where there are classes, ``logits`` or ``probabilities``.
        name: see ``Features``.
        resizer: see ``Features``.
        prepare: function of a batch of images, float in [-1, 1] or uint8, to the network's
            input.
        batch_size: int, images at once.

    Example:
        >>> network = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
        >>> network = keras.Model(network.inputs, {"features": network.outputs[0]})
        >>> NetworkFeatures(network, "pixels", "none", lambda images: images)(
        ...     np.zeros((5, 4, 4, 1), "float32")
        ... ).shape
        (5, 16)
    """

    def __init__(self, network, name, resizer, prepare, batch_size=32):
        self.name, self.resizer, self.batch_size = name, resizer, batch_size
        self._network, self._prepare = network, prepare
        # The last batch is smaller: shapes are left open, so that it costs no second tracing.
        self._run = tf.function(self._outputs, reduce_retracing=True)

    def extract(self, images):
        """Embeds images, batch by batch."""
        parts = [
            self._run(tf.convert_to_tensor(images[start : start + self.batch_size]))
            for start in range(0, len(images), self.batch_size)
        ]
        joined = {name: np.concatenate([part[name].numpy() for part in parts]) for name in parts[0]}
        return joined["features"].astype(np.float64), joined.get("probabilities")

    def _outputs(self, images):
        outputs = dict(self._network(self._prepare(images), training=False))
        if "logits" in outputs:
            outputs["probabilities"] = tf.nn.softmax(outputs.pop("logits"))
        return outputs


def inception_features(weights=None) -> NetworkFeatures:
    """Those of published FIDs: ``networks.fid_inception`` and its own resizer.

    Args:
        weights: path of the published ``.pth`` file; downloaded once unless given.

    Returns:
        ``NetworkFeatures`` whose name says so where the weights aren't the published ones.

    Raises:
        ConnectionError: the weights can't be downloaded.
        ValueError, FileNotFoundError: the file is no such weights.
    """
    if weights is None:
        try:
            weights = fetch(WEIGHTS_URL, WEIGHTS_SHA256)
        except ConnectionError as error:
            raise ConnectionError(
                f"{error}. Download it elsewhere and give its path, or use other features"
            ) from error
    digest = sha256_of(weights)
    name = "inception-2015-12-05"
    if digest != WEIGHTS_SHA256:
        name += f" with other weights (SHA-256 {digest[:8]})"
    resizer = "TensorFlow 1 bilinear to 299x299"
    return NetworkFeatures(fid_inception(weights), name, resizer, fid_inception_input)


def keras_inception_features(weights="imagenet") -> NetworkFeatures:
    """Those of Keras' own Inception V3: other weights than published FIDs', so other numbers.

    Args:
        weights: ``"imagenet"`` to have Keras download its own once, or the path of its file with
            the top layers.

    Raises:
        ConnectionError: Keras can't download them.
    """
    try:
        network = keras.applications.InceptionV3(weights=weights and str(weights))
    except Exception as error:
        if "URL fetch failure" not in str(error):
            raise
        message = f"Expected Keras to download its Inception. Received: {error}"
        raise ConnectionError(message) from error
    outputs = {"features": network.layers[-2].output, "probabilities": network.output}
    return NetworkFeatures(
        keras.Model(network.inputs, outputs),
        "keras-inception-v3",
        "bilinear with antialiasing to 299x299",
        lambda images: fitted(images, (299, 299, 3)),
    )


def lite0_features() -> NetworkFeatures:
    """Those of EfficientNet-Lite0, whose weights are installed: nothing is downloaded.

    They know objects as Inception's do, for both were taught ImageNet, and take an eighth of
    the time. They can't judge a generator that was trained against a projected discriminator, which
    looks through this very network: its images are made to please it.

    Raises:
        ImportError: the weights are not installed.

    Example:
        >>> lite0_features()(np.zeros((2, 64, 64, 3), "float32")).shape
        (2, 1280)
    """
    side = efficientnet_lite.TAUGHT_SIZE
    return NetworkFeatures(
        efficientnet_lite.efficientnet_lite0(side),
        f"efficientnet-lite0 (SHA-256 {efficientnet_lite.WEIGHTS_SHA256[:8]})",
        f"bilinear with antialiasing to {side}x{side}",
        lambda images: fitted(images, (side, side, 3)),
    )


def model_features(path) -> NetworkFeatures:
    """Those of any Keras model of images in [-1, 1]: what goes into its last dense layer.

    Args:
        path: of a ``.keras`` file, such as a classifier.

    Returns:
        ``NetworkFeatures``, with probabilities where the model ends in a dense layer of two units
        or more.

    Raises:
        ValueError: no such model.
    """
    path = pathlib.Path(path)
    network = read_model(path, compile=False)
    shape = network.input_shape
    if not isinstance(shape, tuple) or len(shape) != 4 or None in shape[1:]:
        raise ValueError(
            f"Expected a model of images of one size in {path}. Received: one of inputs {shape}"
        )
    outputs = _features_and_classes(network)
    return NetworkFeatures(
        keras.Model(network.inputs, outputs),
        f"model {path.name} (SHA-256 {sha256_of(path)[:8]})",
        f"bilinear with antialiasing to {shape[1]}x{shape[2]}",
        lambda images: fitted(images, shape[1:]),
    )


def _features_and_classes(network):
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    if not dense:
        return {"features": keras.layers.Flatten()(network.outputs[0])}
    last, ends = dense[-1], network.layers[-1]
    outputs = {"features": keras.layers.Flatten()(last.input)}
    if last.units > 1:
        softmax = keras.activations.softmax
        normalised = isinstance(ends, keras.layers.Softmax) or softmax in (
            last.activation, getattr(ends, "activation", None),
        )  # fmt: skip
        outputs["probabilities" if normalised else "logits"] = network.outputs[0]
    return outputs


def as_floats(images) -> tf.Tensor:
    """Images of 8 bits as float32 in [-1, 1]; others as they are."""
    images = tf.convert_to_tensor(images)
    return tf.cast(images, tf.float32) / 127.5 - 1.0 if images.dtype == tf.uint8 else images


def fitted(images, shape) -> tf.Tensor:
    """Brings images to a network's size and channels, with antialiasing.

    Args:
        images: float tensor of shape (batch, height, width, 1 or 3) in [-1, 1], or uint8.
        shape: (height, width, 1 or 3).

    Returns:
        float32 tensor of shape (batch, *shape) in [-1, 1].
    """
    images = as_floats(images)
    if tuple(images.shape[1:3]) != tuple(shape[:2]):
        images = tf.image.resize(images, shape[:2], "bilinear", antialias=True)
    if images.shape[-1] == 1 and shape[2] == 3:
        images = tf.repeat(images, 3, axis=-1)
    elif images.shape[-1] == 3 and shape[2] == 1:
        images = tf.image.rgb_to_grayscale(images)
    return images
