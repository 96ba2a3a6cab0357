import numpy as np
import pytest

import tfgan_lab as tgl
from tests.latents.generators import conditional_generator, linear_generator
from tfgan_lab.latents import LatentGenerator, Normal, Uniform, as_generator


def test_images_are_those_of_the_network():
    network = linear_generator(np.eye(4))
    generator = LatentGenerator(network)
    latents = np.random.default_rng(0).normal(size=(5, 4))
    expected = np.clip(latents.reshape(5, 2, 2, 1), -1, 1)
    np.testing.assert_allclose(generator.generate(latents, batch_size=2), expected, rtol=1e-6)
    assert generator.image_shape == (2, 2, 1) and not generator.conditional
    assert generator.latents.get_config() == Normal(4).get_config()


def test_latents_are_the_gans_own_unless_given(make_gan):
    gan = make_gan()
    gan.latents = Uniform(4)
    assert LatentGenerator(gan).latents is gan.latents
    assert LatentGenerator(gan, Normal(4, 2.0)).latents.mean == 2
    made = as_generator(gan)
    assert as_generator(made) is made
    assert as_generator(made, Normal(4)).latents.mean == 0


def test_one_label_stands_for_all():
    generator = LatentGenerator(conditional_generator())
    latents = [[0.5, 0.25], [0.1, 0.2]]
    images = generator.generate(latents, labels=2)
    assert images[0, 2, :, 0].tolist() == [0.5, 0.25] and not images[:, :2].any()
    mixed = generator.generate(latents, labels=[0, 2], batch_size=1)
    np.testing.assert_array_equal(mixed[1], images[1])


@pytest.mark.parametrize("width", [1, 3])
def test_labels_as_the_network_takes_them(width):
    import keras

    latents, labels = keras.Input((2,)), keras.Input((width,))
    both = keras.layers.Concatenate()([latents, labels])
    network = keras.Model([latents, labels], keras.layers.Reshape((1, 2 + width, 1))(both))
    images = LatentGenerator(network).generate(np.zeros((2, 2)), labels=[0, 1])
    shown = images[:, 0, 2:, 0].tolist()
    assert shown == ([[0], [1]] if width == 1 else [[1, 0, 0], [0, 1, 0]])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LatentGenerator("missing.keras"), "Expected a .keras file at missing.*no such"),
        (lambda: LatentGenerator(7), "Expected a generator from .*Received: int"),
        (
            lambda: LatentGenerator(tgl.networks.convolutional_discriminator(image_size=8)),
            r"Expected a generator.*a model from \(None, 8, 8, 3\) to \(None, 1\)",
        ),
        (lambda: LatentGenerator(linear_generator(np.eye(4)), Normal(3)), "latents of size 4"),
    ],
)
def test_refuses_what_is_no_generator(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("latents", "message"),
    [
        (np.zeros((2, 3)), r"Expected latents of shape \(n, 4\). Received: shape \(2, 3\)"),
        (np.zeros(4), r"Received: shape \(4,\)"),
        (np.zeros((0, 4)), r"Received: shape \(0, 4\)"),
        (np.full((1, 4), np.inf), "Expected finite latents"),
    ],
)
def test_refuses_other_latents(latents, message):
    with pytest.raises(ValueError, match=message):
        LatentGenerator(linear_generator(np.eye(4))).generate(latents)
