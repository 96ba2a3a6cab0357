"""Data augmentation by Keras' own layers, with the randomness of each batch given from outside."""

import dataclasses
import functools

import keras
import tensorflow as tf


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """Random flip, zoom and rotation, the three of report R0.

    Keras' layers draw from a state of their own, so inside a parallel ``map`` two passes differ.
    Here the same layers apply transformations drawn from a given key: a batch's augmentation is
    a function of its key, in whatever order and on however many threads batches are made.

    Args:
        horizontal_flip: whether half of the images are mirrored.
        zoom: float in [0, 1), greatest relative zoom in or out, the same in both directions.
        rotation: float in [0, 0.5], greatest rotation either way as a fraction of a full turn;
            0.1 is 36 degrees.

    Example:
        >>> images = tf.zeros((4, 16, 16, 3))
        >>> Augmentation()(images, seed=tf.constant([1, 2], tf.int64)).shape
        TensorShape([4, 16, 16, 3])
    """

    horizontal_flip: bool = True
    zoom: float = 0.1
    rotation: float = 0.1

    def __post_init__(self):
        """Checks the ranges."""
        if not 0 <= self.zoom < 1:
            raise ValueError(f"Expected zoom in [0, 1). Received: zoom={self.zoom}")
        if not 0 <= self.rotation <= 0.5:
            raise ValueError(
                f"Expected rotation in [0, 0.5] turns. Received: rotation={self.rotation}"
            )

    @functools.cached_property
    def layers(self) -> tuple:
        """The Keras layers of what is switched on, in the order of their application."""
        stack = []
        with tf.init_scope():  # They own variables, which no traced function may create.
            if self.horizontal_flip:
                stack.append(keras.layers.RandomFlip("horizontal"))
            if self.zoom:
                stack.append(keras.layers.RandomZoom(self.zoom))
            if self.rotation:
                stack.append(keras.layers.RandomRotation(self.rotation))
        return tuple(stack)

    def __call__(self, images, seed):
        """Augments a batch.

        Args:
            images: float32 tensor of shape (batch, height, width, channels), any pixel range.
            seed: int64 tensor of shape (2,), the batch's key.

        Returns:
            Tensor of the same shape; what a rotation uncovers is filled by reflection.
        """
        for index, layer in enumerate(self.layers):
            generator = KeyedSeed(tf.random.experimental.stateless_fold_in(seed, index))
            transformation = layer.get_random_transformation(images, training=True, seed=generator)
            images = layer.transform_images(images, transformation, training=True)
        return images


class KeyedSeed(keras.random.SeedGenerator):
    """A seed generator whose seeds come from a key instead of a state.

    Args:
        key: int64 tensor of shape (2,).
    """

    def __init__(self, key):
        # Not the parent's: it would create the state that this class exists to avoid.
        self._key = key
        self._num_drawn = 0

    def next(self, ordered=True):
        """Returns the next seed, uint32 of shape (2,)."""
        self._num_drawn += 1
        seed = tf.random.experimental.stateless_fold_in(self._key, self._num_drawn)
        return tf.cast(seed, tf.uint32)
