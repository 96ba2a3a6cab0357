"""Initial weights drawn again, for networks that are built with Keras' defaults."""

import keras


def draw_normal_weights(network, deviation=0.02, seed=0) -> None:
    """Draws a network's initial weights from normal distributions, as DCGAN does.

    Kernels from N(0, deviation^2), batch norm's scales from N(1, deviation^2); biases and offsets
    become 0.

    Reference:
        Unsupervised Representation Learning with Deep Convolutional Generative Adversarial
        Networks, arXiv 1511.06434, section 4.

    Args:
        network: a built ``keras.Model`` of dense, convolution and batch norm layers; others keep
            what they have.
        deviation: float above 0, the standard deviation.
        seed: int.

    Raises:
        ValueError: a deviation that is not above 0.

    Example:
        >>> network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        >>> draw_normal_weights(network)
    """
    if not deviation > 0:
        raise ValueError(f"Expected deviation above 0. Received: deviation={deviation}")
    means = {"kernel": 0.0, "gamma": 1.0}
    for index, weight in enumerate(network.trainable_weights):
        if weight.name in means:
            # A seed of its own for each: equal shapes must not get equal numbers.
            draw = keras.initializers.RandomNormal(
                means[weight.name], deviation, seed=seed * 100_003 + index
            )
            weight.assign(draw(weight.shape))
        elif weight.name in {"bias", "beta"}:
            weight.assign(keras.ops.zeros(weight.shape))
