"""Two networks that learn together, under one optimiser."""

import keras

from tfgan_lab.configurable import Configurable


@keras.saving.register_keras_serializable(package="tfgan_lab")
class NetworkPair(Configurable, keras.Model):
    """Two built networks as one model, with all weights of both.

    So a model with two generators and two discriminators has one of each, as far as optimisers,
    moving averages and checkpoints go. The networks may have the same name.

    Args:
        first: built ``keras.Model``.
        second: built ``keras.Model``, another one.
        name: name of the pair.

    Called on a list of two inputs, returns both outputs.

    Raises:
        ValueError: a network that is not built, or the same network twice.
    """

    def __init__(self, first, second, *, name=None):
        super().__init__(name=name)
        for network in (first, second):
            if not getattr(network, "built", False):
                raise ValueError(
                    "Expected built networks (give the first layer a keras.Input). "
                    f"Received: {network!r}"
                )
        if first is second:
            raise ValueError("Expected two networks. Received: the same network twice")
        self.first = first
        self.second = second
        self.built = True

    def call(self, inputs, training=False):
        """See the class."""
        first, second = inputs
        return [self.first(first, training=training), self.second(second, training=training)]
