"""Halving and doubling pictures without aliasing."""

import keras
import numpy as np
import tensorflow as tf

# The outer product of [1, 2, 1] with itself: the smallest low-pass filter that is symmetric
# about a pixel and kills the frequency that halving would fold onto zero.
_BINOMIAL = np.array([1.0, 2.0, 1.0])


@keras.saving.register_keras_serializable(package="tfgan_lab")
class BlurDownsample(keras.layers.Layer):
    """Blurs with [1, 2, 1] both ways and keeps every second pixel.

    Reference:
        Making Convolutional Networks Shift-Invariant Again, arXiv 1904.11486, section 3.

    Input shape (batch, height, width, channels), output shape (batch, height / 2, width / 2,
    channels). Constants stay constant; at the border the picture is continued by its edge.
    """

    def call(self, inputs):
        """See the class."""
        channels = inputs.shape[-1]
        kernel = np.outer(_BINOMIAL, _BINOMIAL) / 16
        kernel = np.tile(kernel[:, :, None, None], (1, 1, channels, 1))
        padded = tf.pad(inputs, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="SYMMETRIC")
        return tf.nn.depthwise_conv2d(
            padded, tf.constant(kernel, inputs.dtype), strides=[1, 2, 2, 1], padding="VALID"
        )
