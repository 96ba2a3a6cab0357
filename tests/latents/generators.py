"""Small generators whose inversion is known."""

import keras
import numpy as np


def linear_generator(matrix, image_shape=(2, 2, 1)) -> keras.Model:
    """Images that are a matrix times the latents."""
    matrix = np.asarray(matrix, np.float32)
    network = keras.Sequential(
        [
            keras.Input((matrix.shape[0],)),
            keras.layers.Dense(matrix.shape[1], use_bias=False),
            keras.layers.Reshape(image_shape),
        ]
    )
    network.layers[0].set_weights([matrix])
    return network


def convolutional_generator(latent_size=6, seed=0) -> keras.Model:
    """A small network with batch norm, whose moving statistics aren't those of any batch."""
    import tfgan_lab as tgl

    keras.utils.set_random_seed(seed)
    network = tgl.networks.upsampling_generator(
        image_size=8, latent_size=latent_size, widths=(16, 8)
    )
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            count = layer.gamma.shape[0]
            layer.set_weights([*rng.uniform(1, 2, (2, count)), *rng.uniform(0.1, 0.3, (2, count))])
    return network


def conditional_generator() -> keras.Model:
    """Class k shows the latents' two values in row k of three, and nothing elsewhere."""
    latents, labels = keras.Input((2,)), keras.Input((), dtype="int32")
    embedding = keras.layers.Embedding(3, 3)
    row = embedding(labels)
    embedding.set_weights([np.eye(3, dtype=np.float32)])
    outer = keras.layers.Reshape((3, 1))(row) * keras.layers.Reshape((1, 2))(latents)
    return keras.Model([latents, labels], keras.layers.Reshape((3, 2, 1))(outer))
