"""Layers that are Keras' own but for the speed of their training, and Keras' own in their place."""

import keras

from tfgan_lab.layers.transposed import TransposedConv2D

# With the same configuration and the same weights.
_KERAS_OWN = {keras.saving.get_registered_name(TransposedConv2D): "Conv2DTranspose"}


def with_keras_own(config):
    """The configuration of the same network of Keras' own layers, for whoever has only Keras.

    Args:
        config: what a network's ``get_config`` returned.

    Returns:
        A configuration; equal to ``config`` where nothing was to be replaced.

    Example:
        >>> network = keras.Sequential([TransposedConv2D(3, 4)])
        >>> with_keras_own(network.get_config())["layers"][0]["class_name"]
        'Conv2DTranspose'
    """
    if isinstance(config, dict):
        config = {name: with_keras_own(value) for name, value in config.items()}
        own = _KERAS_OWN.get(config.get("registered_name"))
        if own is None:
            return config
        return config | {"module": "keras.layers", "class_name": own, "registered_name": None}
    if isinstance(config, (list, tuple)):
        return type(config)(with_keras_own(value) for value in config)
    return config
