"""How TensorFlow rewrites the graphs that it is given."""

import contextlib

import tensorflow as tf


@contextlib.contextmanager
def without_remapper():
    """Keeps TensorFlow from fusing operations of graphs with gradients.

    Its remapper trips over leaky units after convolutions, writes an error of its own to the
    console and leaves the graph as it was. Where it succeeds, a step is no faster.

    Example:
        >>> with without_remapper():
        ...     tf.config.optimizer.get_experimental_options()["remapping"]
        False
    """
    before = tf.config.optimizer.get_experimental_options().get("remapping", True)
    tf.config.optimizer.set_experimental_options({"remapping": False})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({"remapping": before})
