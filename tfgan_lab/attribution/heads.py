"""What a network ends in: scores before the softmax, the layer before them, pooling between."""

import typing

import keras
from keras import layers


class Head(typing.NamedTuple):
    """Global average pooling and a dense layer of scores.

    Attributes:
        features: the layer whose output, of shape (batch, height, width, k), is pooled.
        dense: the ``keras.layers.Dense`` of the scores.
    """

    features: keras.layers.Layer
    dense: keras.layers.Layer


def own_graph(network) -> keras.Model:
    """A copy whose layers were called once, for this network.

    A layer that other networks share has several outputs, of which Keras hands out the first.

    Args:
        network: built ``keras.Sequential`` or functional ``keras.Model``.

    Raises:
        ValueError: a model of another kind, whose layers can't be looked between.
    """
    if not network.built or getattr(network, "outputs", None) is None:
        raise ValueError(
            "Expected a built Sequential or functional model. "
            f"Received: a {type(network).__name__} called {network.name}"
        )
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy


def pooled_head(network):
    """Finds the head for which class activation maps are exact.

    Args:
        network: built ``keras.Model`` whose layers are its own.

    Returns:
        ``Head`` where the scores are a dense layer of globally averaged features, with nothing but
        dropout or flattening between; else ``None``.

    Example:
        >>> network = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3),
        ...                             layers.GlobalAveragePooling2D(), layers.Dense(2)])
        >>> pooled_head(network).dense.units
        2
    """
    dense = score_layer(network)
    if not isinstance(dense, layers.Dense):
        return None
    before = _producer(network, dense.input)
    while isinstance(before, (layers.Dropout, layers.Flatten)):
        before = _producer(network, before.input)
    if not isinstance(before, layers.GlobalAveragePooling2D):
        return None
    features = _producer(network, before.input)
    return None if features is None else Head(features, dense)


def score_layer(network):
    """The layer that gives the scores: the last one, or the one before a softmax or sigmoid.

    Args:
        network: built ``keras.Model``.

    Returns:
        The layer, or ``None`` where the output is none of a layer of this network.
    """
    last = _producer(network, network.outputs[0])
    while isinstance(last, (layers.Activation, layers.Softmax)):
        last = _producer(network, last.input)
    return last


def is_of_places(network) -> bool:
    """Whether the scores are logits of places: flattened maps of one channel, side by side.

    Args:
        network: built ``keras.Model`` whose layers are its own.

    Example:
        >>> network = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(1, 3),
        ...                             layers.Flatten()])
        >>> is_of_places(network)
        True
    """
    last = score_layer(network)
    parts = [last]
    if isinstance(last, layers.Concatenate):
        parts = [_producer(network, tensor) for tensor in last.input]
    return all(isinstance(part, layers.Flatten) and part.input.shape[3:] == (1,) for part in parts)


def spatial_layers(network) -> list:
    """Layers whose output is still an image of features.

    Args:
        network: built ``keras.Model``.

    Returns:
        List of layers with outputs of shape (batch, height, width, k), larger than 1x1, in the
        order of the network; the input is none of them.

    Raises:
        ValueError: there is none.
    """
    found = [
        layer
        for layer in network.layers
        if not isinstance(layer, layers.InputLayer)
        and len(shape := _output_shape(layer)) == 4
        and all(side is None or side > 1 for side in shape[1:3])
    ]
    if not found:
        raise ValueError(
            "Expected a network with features of shape (batch, height, width, k). "
            f"Received: {network.name} without"
        )
    return found


def fine_layer(network, smallest_side=8) -> str:
    """The last layer whose output is still fine enough to point at something.

    Args:
        network: built ``keras.Model`` of images of a known size.
        smallest_side: int, height and width that the output has at least.

    Returns:
        Name of the layer; of the last spatial one where none is so large.
    """
    spatial = spatial_layers(network)
    fine = [layer for layer in spatial if min(layer.output.shape[1:3]) >= smallest_side]
    return (fine or spatial)[-1].name


def _producer(network, tensor):
    """The layer of the network that a symbolic tensor is the output of."""
    return next((layer for layer in network.layers if _output(layer) is tensor), None)


def _output(layer):
    try:
        return layer.output
    except AttributeError:
        return None  # Never called, or called several times: it has no one output.


def _output_shape(layer):
    return getattr(_output(layer), "shape", ())
