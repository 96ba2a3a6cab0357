"""Batch normalisation as one operation."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="tfgan_lab")
class BatchNormalization(keras.layers.BatchNormalization):
    """``keras.layers.BatchNormalization``, of one operation in training instead of a dozen.

    Keras composes it of means, differences and products, each of which passes over all values;
    TensorFlow's own fused operation passes over them twice, and keeps bfloat16 values as they are.
    The same formula, so the same numbers but for rounding. It takes that way in training, for
    values of shape (batch, height, width, channels) with scale and offset; otherwise it is Keras'
    own layer.

    Reference:
        Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
        Shift, arXiv 1502.03167, algorithm 1.

    Arguments and shapes are those of ``keras.layers.BatchNormalization``.

    Example:
        >>> values = tf.reshape(tf.range(8.0), (2, 2, 2, 1))
        >>> outputs = BatchNormalization(epsilon=1e-6)(values, training=True)
        >>> round(float(tf.reduce_mean(outputs)), 5), round(float(tf.math.reduce_std(outputs)), 5)
        (0.0, 1.0)
    """

    def call(self, inputs, training=None, mask=None):
        """See the class."""
        fits = len(inputs.shape) == 4 and self.axis in (-1, 3) and self.scale and self.center
        plain = mask is None and not self.renorm and not self.synchronized
        if not (training and self.trainable and fits and plain):
            return super().call(inputs, training=training, mask=mask)
        inputs = tf.cast(inputs, self.compute_dtype)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.cast(self.gamma.value, tf.float32),
            offset=tf.cast(self.beta.value, tf.float32),
            mean=tf.constant([], tf.float32),
            variance=tf.constant([], tf.float32),
            epsilon=self.epsilon,
            is_training=True,
        )
        # The operation's variance is the unbiased one; Keras keeps the other.
        count = tf.cast(tf.size(inputs) / tf.shape(inputs)[-1], tf.float32)
        variance *= (count - 1) / count
        for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
            batch = tf.stop_gradient(batch)
            moving.assign(moving * self.momentum + batch * (1 - self.momentum))
        return outputs
