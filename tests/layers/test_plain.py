import functools

import keras
import numpy as np
import pytest

from tfgan_lab.layers import with_keras_own
from tfgan_lab.networks import (
    dcgan_generator,
    light_generator,
    residual_generator,
    transposed_generator,
    upsampling_generator,
)

BUILDERS = (
    dcgan_generator,
    functools.partial(light_generator, doubling="bilinear", widths=(4, 4, 4)),
    functools.partial(residual_generator, widths=(4, 4, 4)),
    transposed_generator,
    upsampling_generator,
)


@pytest.mark.parametrize("builder", BUILDERS)
def test_generators_are_the_same_of_keras_own_layers(builder):
    settings = {} if isinstance(builder, functools.partial) else {"widths": (4, 4)}
    network = builder(image_size=16, latent_size=5, **settings)
    config = with_keras_own(network.get_config())
    assert "tfgan_lab" not in str(config)
    own = type(network).from_config(config)
    own.set_weights(network.get_weights())
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    np.testing.assert_allclose(own(latents), network(latents), atol=1e-6)


def test_what_is_keras_own_stays():
    config = keras.Sequential([keras.layers.Dense(3), keras.layers.UpSampling2D(2)]).get_config()
    assert with_keras_own(config) == config
