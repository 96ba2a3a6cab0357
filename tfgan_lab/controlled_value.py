"""A number that follows how well a discriminator knows the training images."""

import keras
import tensorflow as tf

from tfgan_lab.replicas import mean_over_replicas, num_replicas


class ControlledValue:
    """Rises while the mean sign of D's answers to training images is above a target, else falls.

    r_t = E[sign(D(x))] over ``interval`` batches; then the value moves by
    sign(r_t - target) * images / images_to_one, within its bounds.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, section 3.

    Args:
        low: float up to 0, its least value; it starts at 0.
        high: float, its greatest.
        target: float in (-1, 1), where r_t is to be.
        images_to_one: int from 1, training images over which the value could move by 1.
        interval: int from 1, batches between two moves.
        name: str, of the value's variable.

    Attributes:
        value: ``keras.Variable``.
        variables: list of ``keras.Variable``, all of the state.
    """

    def __init__(self, low, high, target, images_to_one, interval, name):
        if not -1 < target < 1:
            raise ValueError(f"Expected target in (-1, 1). Received: target={target}")
        if images_to_one < 1 or interval < 1:
            raise ValueError(
                "Expected a number of images and an interval from 1. "
                f"Received: {images_to_one} images, interval={interval}"
            )
        self.low = low
        self.high = high
        self.target = target
        self.images_to_one = images_to_one
        self.interval = interval
        self.value = keras.Variable(0.0, trainable=False, dtype="float32", name=name)
        self._sign_sum = keras.Variable(0.0, trainable=False, name="sign_sum")
        self._num_images = keras.Variable(0.0, trainable=False, name="num_images")
        # Of 64 bits: TensorFlow keeps those of 32 in the processor's memory, out of XLA's reach.
        self._num_batches = keras.Variable(0, dtype="int64", trainable=False, name="num_batches")
        self.variables = [self.value, self._sign_sum, self._num_images, self._num_batches]

    def observe(self, real_logits) -> tf.Tensor:
        """Gathers signs, and moves the value when a number of batches is together.

        Args:
            real_logits: tensor of shape (batch, ...), positive where an image, or a patch of it,
                is taken for real.

        Returns:
            r_t so far, a float32 scalar.
        """
        logits = tf.cast(real_logits, tf.float32)
        batch = tf.cast(tf.shape(logits)[0], tf.float32)
        patches = tf.cast(tf.size(logits), tf.float32) / batch  # of an image, mostly 1
        signs = num_replicas() * mean_over_replicas(tf.reduce_sum(tf.sign(logits)))
        sign_sum = self._sign_sum + signs / patches
        num_images = self._num_images + num_replicas() * batch
        num_batches = self._num_batches + 1
        real_sign = sign_sum / num_images
        move = tf.sign(real_sign - self.target) * num_images / self.images_to_one
        moved = tf.clip_by_value(self.value + move, self.low, self.high)
        full = num_batches >= self.interval
        self.value.assign(tf.where(full, moved, self.value))
        self._sign_sum.assign(tf.where(full, 0.0, sign_sum))
        self._num_images.assign(tf.where(full, 0.0, num_images))
        self._num_batches.assign(tf.where(full, tf.zeros_like(num_batches), num_batches))
        return real_sign
