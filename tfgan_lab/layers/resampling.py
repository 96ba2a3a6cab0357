"""Halving and doubling pictures without aliasing."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="tfgan_lab")
class BlurDownsample(keras.layers.Layer):
    """Blurs with [1, 2, 1] both ways and keeps every second pixel, from the second on.

    That is the smallest filter that is symmetric about a pixel and kills the frequency that
    halving would fold onto zero.

    Reference:
        Making Convolutional Networks Shift-Invariant Again, arXiv 1904.11486, section 3.

    Input shape (batch, height, width, channels), output shape (batch, height / 2, width / 2,
    channels). Constants stay constant; at the border the picture is continued by its edge.
    """

    def call(self, inputs):
        """See the class."""
        # Two means of 2x2, which are twice as fast here as a depthwise convolution.
        return tf.nn.avg_pool2d(tf.nn.avg_pool2d(inputs, 2, 1, "SAME"), 2, 2, "SAME")


@keras.saving.register_keras_serializable(package="tfgan_lab")
class BilinearUpSampling2D(keras.layers.UpSampling2D):
    """``keras.layers.UpSampling2D`` with bilinear interpolation, faster in half precision.

    Keras interpolates in float32 and clips to what the layer's type can hold, and the gradient of
    clipping takes as long as all else. Means of values that a type holds need no clipping: the
    numbers are the same.

    Takes and returns what ``keras.layers.UpSampling2D`` does.

    Example:
        >>> BilinearUpSampling2D(2)(tf.zeros((1, 4, 4, 3))).shape
        TensorShape([1, 8, 8, 3])
    """

    def __init__(self, size=(2, 2), data_format=None, interpolation="bilinear", **kwargs):
        super().__init__(size, data_format, interpolation, **kwargs)
        if (self.interpolation, self.data_format) != ("bilinear", "channels_last"):
            raise ValueError(
                "Expected interpolation='bilinear' and data_format='channels_last'. Received: "
                f"interpolation={interpolation!r}, data_format={self.data_format!r}"
            )

    def call(self, inputs):
        """See the class."""
        height, width = tf.unstack(tf.shape(inputs)[1:3])
        # In float32, as the gradient adds up in the type of the input.
        enlarged = tf.image.resize(
            tf.cast(inputs, tf.float32), (height * self.size[0], width * self.size[1])
        )
        enlarged.set_shape(self.compute_output_shape(inputs.shape))
        return tf.cast(enlarged, inputs.dtype)
