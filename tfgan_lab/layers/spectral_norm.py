"""Spectral normalisation as Miyato defined it."""

import keras
import tensorflow as tf
from keras import layers


class _SpectralNorm:
    """Mixed into a layer with a kernel: divides it by its greatest singular value where used.

    Keras' own ``SpectralNormalization`` overwrites the kernel at every call in training mode, so
    a discriminator also changes in the generator's step, and leaves sigma out of the gradient.
    Here the kernel is never written to, sigma = u^T W v is differentiated with u and v constant,
    and u and v move only when ``advance`` is called: ``GAN`` does so in the discriminator's step.
    """

    def build(self, input_shape):
        """Adds u and v, and brings them near the kernel's first singular vectors."""
        super().build(input_shape)
        rows, columns = self._matrix().shape
        # float32 in every arithmetic: sigma divides the whole kernel.
        shared = {
            "initializer": keras.initializers.RandomNormal(),
            "trainable": False,
            "autocast": False,
        }
        self.left = self.add_weight(shape=(rows,), name="left", **shared)
        self.right = self.add_weight(shape=(columns,), name="right", **shared)
        # u and v of norm 1 from the start: otherwise the first sigma would be arbitrary.
        self.left.assign(tf.math.l2_normalize(self.left.value))
        self.right.assign(tf.math.l2_normalize(self.right.value))

    def advance(self, num_iterations=1):
        """Moves u and v by power iterations: v = W^T u, u = W v, both of norm 1."""
        matrix = tf.stop_gradient(self._matrix())
        left, right = self.left.value, self.right.value
        for _ in range(num_iterations):
            right = tf.math.l2_normalize(tf.linalg.matvec(matrix, left, transpose_a=True))
            left = tf.math.l2_normalize(tf.linalg.matvec(matrix, right))
        self.left.assign(left)
        self.right.assign(right)

    def sigma(self):
        """Estimate of the kernel's greatest singular value, a float32 scalar."""
        return tf.tensordot(self.left.value, tf.linalg.matvec(self._matrix(), self.right.value), 1)

    def save_own_variables(self, store):
        """Saves all variables; the parents' ways know only kernel and bias."""
        layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        """Loads what ``save_own_variables`` saved."""
        layers.Layer.load_own_variables(self, store)

    def _matrix(self):
        """The kernel as (inputs, outputs), in float32."""
        kernel = tf.cast(self.kernel.value, tf.float32)
        return tf.reshape(kernel, (-1, kernel.shape[-1]))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class SpectralConv2D(_SpectralNorm, layers.Conv2D):
    """``keras.layers.Conv2D`` whose kernel, as a matrix to its outputs, has spectral norm 1.

    Reference:
        Spectral Normalization for Generative Adversarial Networks, arXiv 1802.05957, section 2.1
        and algorithm 1.

    Arguments and shapes are those of ``keras.layers.Conv2D``.
    """

    def convolution_op(self, inputs, kernel):
        """Convolves with the normalised kernel."""
        return super().convolution_op(inputs, kernel / tf.cast(self.sigma(), inputs.dtype))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class SpectralDense(_SpectralNorm, layers.Dense):
    """``keras.layers.Dense`` whose kernel has spectral norm 1. See ``SpectralConv2D``."""

    def call(self, inputs, training=None):
        """Multiplies by the normalised kernel."""
        outputs = tf.matmul(inputs, tf.cast(self.kernel.value, inputs.dtype))
        outputs /= tf.cast(self.sigma(), inputs.dtype)
        if self.use_bias:
            outputs += tf.cast(self.bias.value, inputs.dtype)
        return self.activation(outputs) if self.activation is not None else outputs


def advance_power_iterations(network) -> None:
    """Moves u and v of every spectrally normalised layer of a network by one iteration."""
    for layer in network.layers:
        if isinstance(layer, _SpectralNorm):
            layer.advance()
