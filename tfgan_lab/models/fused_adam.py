"""Adam that passes over the weights once."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="tfgan_lab")
class FusedAdam(keras.optimizers.Adam):
    """``keras.optimizers.Adam``, of one operation a weight instead of a dozen.

    Networks for few images take many small steps, in which passing over all weights is felt: as
    Keras composes it, Adam took a tenth of a step at 32 pixels. The same formula in another order,
    so the same numbers but for rounding. Its state is that of Keras' Adam: a checkpoint of the one
    is one of the other.

    Reference:
        Adam: A Method for Stochastic Optimization, arXiv 1412.6980, section 2, last paragraph.

    Takes the arguments of ``keras.optimizers.Adam``; with ``amsgrad`` it is Keras' own.

    Example:
        >>> weight = keras.Variable(1.0)
        >>> FusedAdam(0.1).apply([tf.constant(3.0)], [weight])
        >>> round(float(weight), 3)
        0.9
    """

    def update_step(self, gradient, variable, learning_rate):
        """See the base class."""
        if self.amsgrad:
            super().update_step(gradient, variable, learning_rate)
            return
        dtype = variable.dtype
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, dtype)
        beta_1, beta_2 = tf.cast(self.beta_1, dtype), tf.cast(self.beta_2, dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=beta_1**step,
            beta2_power=beta_2**step,
            lr=tf.cast(learning_rate, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.cast(self.epsilon, dtype),
            grad=tf.cast(tf.convert_to_tensor(gradient), dtype),
        )
