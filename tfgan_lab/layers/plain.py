"""Layers that are Keras' own but for the speed of their training, and Keras' own in their place."""

import keras

from tfgan_lab.layers.batch_norm import BatchNormalization
from tfgan_lab.layers.bilinear import BilinearUpSampling2D
from tfgan_lab.layers.depthwise import DepthwiseConv2D
from tfgan_lab.layers.transposed import TransposedConv2D

# With the same configuration and the same weights.
_KERAS_OWN = {
    keras.saving.get_registered_name(layer): own
    for layer, own in {
        BatchNormalization: "BatchNormalization",
        BilinearUpSampling2D: "UpSampling2D",
        DepthwiseConv2D: "DepthwiseConv2D",
        TransposedConv2D: "Conv2DTranspose",
    }.items()
}


def with_keras_own(config):
    """The configuration of the same network of Keras' own layers, for users who have only Keras.

    Args:
        config: what a network's ``get_config`` returned.

    Returns:
        A configuration; equal to ``config`` where nothing was to be replaced.

    Example:
        >>> network = keras.Sequential([TransposedConv2D(3, 4)])
        >>> with_keras_own(network.get_config())["layers"][0]["class_name"]
        'Conv2DTranspose'
    """

    def replace(part):
        own = _KERAS_OWN.get(part.get("registered_name"))
        if own is None:
            return part
        return part | {"module": "keras.layers", "class_name": own, "registered_name": None}

    return map_config(config, replace)


def map_config(config, change):
    """A configuration in which every dict, inner ones first, became what a function makes of it.

    Args:
        config: nested dicts, lists and tuples.
        change: function of a dict.

    Returns:
        Such a configuration.

    Example:
        >>> map_config({"widths": [{"value": 2}]}, lambda part: part | {"seen": True})
        {'widths': [{'value': 2, 'seen': True}], 'seen': True}
    """
    if isinstance(config, dict):
        return change({name: map_config(value, change) for name, value in config.items()})
    if isinstance(config, (list, tuple)):
        return type(config)(map_config(value, change) for value in config)
    return config
