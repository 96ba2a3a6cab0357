"""Transposed convolution whose kernel's gradient is computed by matrix products."""

import itertools

import keras
import tensorflow as tf
from keras import layers

# Products of channels from which it pays: below, the copies cost what the products save.
LEAST_CHANNELS = 2**17


@keras.saving.register_keras_serializable(package="tfgan_lab")
class TransposedConv2D(layers.Conv2DTranspose):
    """``keras.layers.Conv2DTranspose``, trained faster on CPUs where it has many channels.

    oneDNN computes the gradient for the kernel of a wide convolution of stride 2 at about half the
    speed of everything else. Pixels of the output's gradient that are an even number apart meet
    the same pixels of the input: put into channels (``space_to_depth``), each of the kernel's
    shifts is one product of two large matrices. It takes that way for a stride of 2, an even
    kernel, padding ``"same"`` and at least 2**17 pairs of channels, where no GPU is there; any
    other layer is Keras' own. The same sums in another order, so the same numbers but for rounding.

    Takes and returns what ``keras.layers.Conv2DTranspose`` does.

    Example:
        >>> TransposedConv2D(8, 4, strides=2, padding="same")(tf.zeros((1, 5, 5, 3))).shape
        TensorShape([1, 10, 10, 8])
    """

    def call(self, inputs):
        """See the class."""
        if not self._is_wide(inputs):
            return super().call(inputs)
        outputs = transposed_convolution(inputs, tf.convert_to_tensor(self.kernel))
        if self.use_bias:
            outputs += self.bias
        return self.activation(outputs)

    def _is_wide(self, inputs):
        return (
            self.strides == (2, 2)
            and self.dilation_rate == (1, 1)
            and all(size % 2 == 0 for size in self.kernel_size)
            and self.padding == "same"
            and self.output_padding is None
            and self.data_format == "channels_last"
            and inputs.shape[-1] * self.filters >= LEAST_CHANNELS
            and not tf.config.list_physical_devices("GPU")
        )


@tf.custom_gradient
def transposed_convolution(images, kernel):
    """Transposed convolution of stride 2 with padding ``"same"``.

    Args:
        images: tensor of shape (batch, height, width, channels).
        kernel: tensor of shape (rows, columns, filters, channels), both sides even.

    Returns:
        Tensor of shape (batch, 2 * height, 2 * width, filters).

    Example:
        >>> image, kernel = tf.ones((1, 2, 2, 1)), tf.ones((2, 2, 1, 1))
        >>> transposed_convolution(image, kernel).shape
        TensorShape([1, 4, 4, 1])
    """
    batch, height, width, _ = tf.unstack(tf.shape(images))
    filters = kernel.shape[2]
    outputs = tf.nn.conv2d_transpose(
        images, kernel, (batch, 2 * height, 2 * width, filters), strides=2, padding="SAME"
    )
    outputs.set_shape((None, *(side and 2 * side for side in images.shape[1:3]), filters))

    def gradient(upstream):
        return (
            tf.nn.conv2d(upstream, kernel, strides=2, padding="SAME"),
            kernel_gradient(images, upstream, *kernel.shape[:2]),
        )

    return outputs, gradient


def kernel_gradient(images, upstream, rows, columns):
    """The gradient of ``transposed_convolution`` for its kernel.

    Entry (2i + a, 2j + b) of the kernel joins pixel (y, x) of the input with pixel
    (2(y + i) + a, 2(x + j) + b) of the padded output. With a and b put into channels, that is one
    matrix product for every shift (i, j).

    Args:
        images: the input, of shape (batch, height, width, channels).
        upstream: the output's gradient, of shape (batch, 2 * height, 2 * width, filters).
        rows: int, height of the kernel.
        columns: int, width of the kernel.

    Returns:
        Tensor of shape (rows, columns, filters, channels).
    """
    channels, filters = images.shape[-1], upstream.shape[-1]
    margins = [[side // 2 - 1] * 2 for side in (rows, columns)]
    quarters = tf.nn.space_to_depth(tf.pad(upstream, [[0, 0], *margins, [0, 0]]), 2)
    quarters = tf.reshape(quarters, (-1, 4 * filters))
    # The input is shifted, among zeros, and not the output: it has fewer channels to copy.
    down, right = rows // 2 - 1, columns // 2 - 1
    products = []
    for i, j in itertools.product(range(down + 1), range(right + 1)):
        shifted = tf.pad(images, [[0, 0], [i, down - i], [j, right - j], [0, 0]])
        shifted = tf.reshape(shifted, (-1, channels))
        products.append(tf.matmul(quarters, shifted, transpose_a=True))
    shifts = tf.reshape(tf.stack(products), (rows // 2, columns // 2, 2, 2, filters, channels))
    return tf.reshape(tf.transpose(shifts, (0, 2, 1, 3, 4, 5)), (rows, columns, filters, channels))
