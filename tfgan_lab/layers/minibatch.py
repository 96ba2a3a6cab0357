"""Statistics over the batch, by which a discriminator can see that images are alike."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="tfgan_lab")
class MinibatchStdDev(keras.layers.Layer):
    """Adds one channel: the mean standard deviation of the features within a group of images.

    A generator that makes one image again and again is given away by a zero there.

    Reference:
        Progressive Growing of GANs for Improved Quality, Stability, and Variation, arXiv
        1710.10196, section 3.

    Args:
        group_size: int from 2, images in a group, taken at even distances from the batch. Where
            the batch is no multiple of it, the whole batch is one group.

    Input shape (batch, height, width, channels), output shape
    (batch, height, width, channels + 1).
    """

    def __init__(self, group_size=4, **kwargs):
        super().__init__(**kwargs)
        if group_size < 2:
            raise ValueError(f"Expected group_size from 2. Received: group_size={group_size}")
        self.group_size = group_size

    def call(self, inputs):
        """See the class."""
        shape = tf.shape(inputs)
        batch = shape[0]
        divides = tf.equal(batch % self.group_size, 0)
        group = tf.where(divides, self.group_size, batch)
        features = tf.reshape(tf.cast(inputs, tf.float32), [group, -1, *tf.unstack(shape[1:])])
        # Its slope at equal images is finite only with a constant under the root.
        variance = tf.math.reduce_variance(features, axis=0)
        deviation = tf.reduce_mean(tf.sqrt(variance + 1e-8), axis=[1, 2, 3])
        each = tf.tile(tf.cast(deviation, inputs.dtype), [group])[:, None, None, None]
        channel = tf.ones([batch, shape[1], shape[2], 1], inputs.dtype) * each
        return tf.concat([inputs, channel], axis=3)

    def compute_output_shape(self, input_shape):
        """Returns the input's shape with one more channel."""
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        """Returns the constructor's arguments."""
        return super().get_config() | {"group_size": self.group_size}
