"""How large a described model would be, told without making it.

A line of a configuration can declare a layer of terabytes, and a model is made before its weights
are read. So it is first made of shapes alone, and compared with what the file has.
"""

import contextlib
import math

import keras
import tensorflow as tf

MOST_LAYERS = 5000
MOST_VALUES = 2**28
"""Values that one layer may make of one image: 1 GB in float32."""

_SLACK = 2**20  # bytes of states that are not saved, such as a dropout's
_NETWORKS = ("Sequential", "Functional")


def check_sizes(config, stored_bytes) -> None:
    """Checks that a model has no more weights than its file, and no huge layer.

    Args:
        config: what ``config.json`` within the file holds; its classes were checked.
        stored_bytes: int, length of the file's weights.

    Raises:
        ValueError: it is larger.
        Exception: whatever Keras raises of a configuration that makes no sense.
    """
    networks = list(_outermost(config))
    declared = 0
    for network in networks:
        weights, layers = _shapes(network)
        declared += sum(math.prod(shape) * size for shape, size in weights)
        for name, shape in layers:
            if math.prod(side or 1 for side in shape[1:]) > MOST_VALUES:
                raise ValueError(
                    f"Expected at most {MOST_VALUES:,} values from a layer. Received: {name} of "
                    f"shape {shape}"
                )
    if declared > stored_bytes + _SLACK:
        raise ValueError(
            f"Expected a model of the {stored_bytes:,} bytes of weights in its file. "
            f"Received: one of {declared:,}"
        )


def _outermost(config):
    """The networks that a configuration describes; not those within another network."""
    if isinstance(config, dict):
        if config.get("class_name") in _NETWORKS:
            yield config
            return
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from _outermost(part)


def _shapes(config):
    """Shapes and bytes a number of all weights, and names and shapes of all layers' outputs."""
    from keras.src.backend.common import global_state

    if _count_layers(config) > MOST_LAYERS:
        raise ValueError(f"Expected at most {MOST_LAYERS} layers. Received: more")
    plain = {name: value for name, value in config.items() if name != "compile_config"}
    try:
        # Within, a variable has a shape and no value.
        with keras.StatelessScope(initialize_variables=False):
            network = keras.saving.deserialize_keras_object(plain, safe_mode=True)
            weights = [
                (tuple(variable.shape), tf.as_dtype(variable.dtype).size)
                for variable in network.weights
            ]
            layers = list(_outputs(network))
    finally:
        # Else Keras would give them values at the next occasion. There is no public way.
        global_state.set_global_attribute("uninitialized_variables", [])
    return weights, layers


def _outputs(network):
    """(name, shape) of what every layer makes, those of networks within networks too."""
    for layer in network.layers:
        # A layer that was never called, or more than once, doesn't tell.
        with contextlib.suppress(AttributeError, ValueError):
            for output in keras.tree.flatten(layer.output):
                yield layer.name, tuple(output.shape)
        if isinstance(layer, keras.Model):
            yield from _outputs(layer)


def _count_layers(config):
    if isinstance(config, dict):
        return ("class_name" in config) + sum(map(_count_layers, config.values()))
    return sum(map(_count_layers, config)) if isinstance(config, list) else 0
