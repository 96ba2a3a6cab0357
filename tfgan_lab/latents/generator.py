"""Any generator behind one face: a Keras model, a GAN, or a file of either."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.latents.distributions import LatentDistribution, Normal
from tfgan_lab.latents.sampling import Sampling
from tfgan_lab.model_files import read_model


class LatentGenerator:
    """From latents, with labels where there are classes, to images.

    What explores latents sees every generator as this: the functions of this room make it from
    whatever they are given.

    Args:
        source: built Keras model from latents of shape (batch, latent_size), or from a list of
            latents and labels, to images of shape (batch, height, width, channels) in [-1, 1];
            a ``tfgan_lab.GAN``, whose sampling generator is then meant; or the path of a
            ``.keras`` file.
        latents: the ``LatentDistribution`` that the generator was trained with; the GAN's own, or
            standard normal, unless given.
        class_names: names of the classes in the order of their labels, where they are known.

    Attributes:
        network: the Keras model.
        latents: the ``LatentDistribution``.
        image_shape: (height, width, channels).
        conditional: whether there are labels.
        num_classes: int, or ``None`` without labels, or where the network doesn't show it.
        class_names: tuple.

    Raises:
        ValueError: no generator, or latents of another size.

    Example:
        >>> network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(192, "tanh"),
        ...                             keras.layers.Reshape((8, 8, 3))])
        >>> LatentGenerator(network).generate(np.zeros((2, 4))).shape
        (2, 8, 8, 3)
    """

    def __init__(self, source, latents: LatentDistribution | None = None, class_names=()):
        if isinstance(source, (str, pathlib.Path)):
            source = read_model(source, compile=False)
        self.network = getattr(source, "sampling_generator", source)
        latent_shape, self._label_shape = _input_shapes(self.network)
        self.image_shape = tuple(self.network.output_shape[1:])
        self._sample = Sampling(self.__call__)
        self.conditional = self._label_shape is not None
        self.class_names = tuple(class_names)
        self.num_classes = len(class_names) or getattr(source, "num_classes", 0) or None
        if self.conditional and not self.num_classes:
            self.num_classes = _count_classes(self.network, self._label_shape)
        self.latents = latents or getattr(source, "latents", None) or Normal(latent_shape[-1])
        if self.latents.size != latent_shape[-1]:
            raise ValueError(
                f"Expected latents of size {latent_shape[-1]}, the generator's input. "
                f"Received: size={self.latents.size}"
            )

    def __call__(self, latents, labels=None) -> tf.Tensor:
        """Makes images in inference mode, as the network gives them and open to gradients.

        Args:
            latents: float32 tensor of shape (n, latent_size).
            labels: int32 tensor of shape (n,) with classes, else ``None``.

        Returns:
            float32 tensor of shape (n, height, width, channels).
        """
        if not self.conditional:
            return self.network(latents, training=False)
        if len(self._label_shape) > 1:
            width = self._label_shape[-1]
            labels = labels[:, tf.newaxis] if width == 1 else tf.one_hot(labels, width)
        return self.network([latents, labels], training=False)

    def generate(self, latents, labels=None, batch_size=64) -> np.ndarray:
        """Makes images to look at.

        Args:
            latents: float array of shape (n, latent_size), n from 1.
            labels: int array of shape (n,), or one int for all, with classes; else ``None``.
            batch_size: int from 1, images computed at once.

        Returns:
            float32 array of shape (n, height, width, channels), clipped to [-1, 1].

        Raises:
            ValueError: latents or labels of another shape, or labels missing or out of place.
        """
        latents = self.checked_latents(latents)
        labels = self.checked_labels(labels, len(latents))
        return self._sample(latents, labels, batch_size=batch_size)

    def checked_latents(self, latents) -> tf.Tensor:
        """Returns latents as a float32 tensor of shape (n, latent_size), n from 1.

        Args:
            latents: what was given for it.

        Raises:
            ValueError: another shape, or values that are not finite.
        """
        latents = tf.convert_to_tensor(np.asarray(latents, np.float32))
        if latents.ndim != 2 or not len(latents) or latents.shape[1] != self.latents.size:
            raise ValueError(
                f"Expected latents of shape (n, {self.latents.size}). "
                f"Received: shape {tuple(latents.shape)}"
            )
        if not np.isfinite(latents).all():
            raise ValueError("Expected finite latents. Received: NaN or infinity among them")
        return latents

    def checked_labels(self, labels, count):
        """Returns labels as an int32 tensor of shape (count,), or ``None`` without classes.

        Args:
            labels: what was given for it; one int stands for all.
            count: int, number of latents.

        Raises:
            ValueError: labels missing or out of place, or of another number.
        """
        if self.conditional != (labels is not None):
            raise ValueError(
                "Expected labels for a generator with classes. Received: none"
                if self.conditional
                else "Expected no labels for a generator without classes. Received: labels"
            )
        if labels is None:
            return None
        labels = np.asarray(labels)
        if not np.issubdtype(labels.dtype, np.integer) or labels.shape not in {(), (count,)}:
            raise ValueError(
                f"Expected {count} whole numbers as labels, or one for all. "
                f"Received: {labels.dtype} of shape {labels.shape}"
            )
        highest = (self.num_classes or np.iinfo(np.int32).max) - 1
        if labels.min() < 0 or labels.max() > highest:
            wrong = labels.min() if labels.min() < 0 else labels.max()
            raise ValueError(f"Expected labels from 0 to {highest}. Received: label {wrong}")
        return tf.constant(np.broadcast_to(labels, (count,)).astype(np.int32))


def as_generator(source, latents=None) -> LatentGenerator:
    """Returns what was given as a ``LatentGenerator``, or itself if it is one.

    Args:
        source: a ``LatentGenerator``, or what its constructor takes.
        latents: as of its constructor.
    """
    if isinstance(source, LatentGenerator) and latents is None:
        return source
    class_names = getattr(source, "class_names", ())
    return LatentGenerator(getattr(source, "network", source), latents, class_names)


def _count_classes(network, label_shape):
    """Classes that the labels' input or the layers behind it know, or ``None``."""
    if len(label_shape) > 1 and label_shape[-1] > 1:
        return label_shape[-1]
    for layer in network.layers:
        if isinstance(layer, keras.layers.Embedding):
            return layer.input_dim
        if getattr(layer, "num_classes", None):
            return layer.num_classes
    return None


def _input_shapes(network):
    """Shapes of latents and of labels (``None`` without classes), both with the batch's axis."""
    received = type(network).__name__
    if isinstance(network, keras.Model) and network.built:
        inputs, images = network.input_shape, network.output_shape
        shapes = inputs if isinstance(inputs, list) else [inputs]
        received = f"a model from {inputs} to {images}"
        if len(shapes) <= 2 and len(shapes[0]) == 2 and len(images) == 4:
            return shapes[0], shapes[1] if len(shapes) == 2 else None
    raise ValueError(
        "Expected a generator from (batch, latent_size), or from that and labels, to images. "
        f"Received: {received}"
    )
