"""Layers that know the class."""

import keras
from keras import layers


@keras.saving.register_keras_serializable(package="tfgan_lab")
class ConditionalBatchNormalization(layers.Layer):
    """Batch normalisation whose scale and shift belong to the class.

    All classes share the statistics; an image's class decides what becomes of the normalised
    values. At the start it does what plain batch normalisation does.

    Reference:
        A Learned Representation For Artistic Style, arXiv 1610.07629, equation 5; as part of a
        GAN: cGANs with Projection Discriminator, arXiv 1802.05637, section 5.

    Args:
        num_classes: int, number of classes.
        momentum: float, of the moving statistics.
        epsilon: float, added to the variance.

    Called on a list of two: values of shape (batch, ..., channels), and int labels of shape
    (batch,) or, for means over classes, float weights of shape (batch, num_classes). Returns values
    of the first's shape.
    """

    def __init__(self, num_classes, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.num_classes = num_classes
        self.momentum = momentum
        self.epsilon = epsilon
        self.normalisation = layers.BatchNormalization(
            momentum=momentum, epsilon=epsilon, center=False, scale=False, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        """Makes scale and shift, one row for each class."""
        values, _ = input_shape
        shape = (self.num_classes, values[-1])
        self.normalisation.build(values)
        self.gamma = self.add_weight(shape=shape, initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=shape, initializer="zeros", name="beta")

    def call(self, inputs, training=False):
        """See the class."""
        values, labels = inputs
        rows = (-1, *[1] * (len(values.shape) - 2), values.shape[-1])
        of_weights = len(labels.shape) == 2
        gamma, beta = (
            keras.ops.reshape(
                labels @ table if of_weights else keras.ops.take(table, labels, axis=0), rows
            )
            for table in (self.gamma, self.beta)
        )
        return self.normalisation(values, training=training) * gamma + beta

    def get_config(self):
        """Returns the constructor's arguments."""
        names = ("num_classes", "momentum", "epsilon")
        return super().get_config() | {name: getattr(self, name) for name in names}
