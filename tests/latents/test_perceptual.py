import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.latents import LayerFeatures


def network(widths=(4, 8)):
    return tgl.networks.convolutional_discriminator(image_size=8, widths=widths)


def test_features_are_of_one_length_at_every_place():
    images = tf.random.stateless_uniform((3, 8, 8, 3), (0, 1), -1, 1)
    parts = LayerFeatures(network())(images)
    assert [part.shape for part in parts] == [(3, 4, 4, 4), (3, 2, 2, 8)]
    for part in parts:
        lengths = np.linalg.norm(part, axis=-1)
        np.testing.assert_allclose(lengths, part.shape[-1] ** 0.5, rtol=1e-5)


def test_logits_of_places_are_no_features():
    """Of one channel, scaled to length 1, only a sign would be left."""
    features = tgl.networks.projected_features(
        image_size=32, shown_size=32, strides=(2, 8), widths=(3, 4), weights=None
    )
    judge = tgl.networks.projected_discriminator(features, widths=(5, 6), pixel_widths=())
    images = tf.random.stateless_uniform((2, 32, 32, 3), (0, 1), -1, 1)
    parts = LayerFeatures(judge)(images)
    shapes = sorted(tuple(part.shape) for part in parts)
    assert shapes == [(2, 4, 4, 5), (2, 4, 4, 6), (2, 8, 8, 5)]
    generator = tgl.networks.light_generator(image_size=32, latent_size=4, widths=(4, 4, 4, 4))
    found = tgl.latents.invert(
        generator, images.numpy(), features=LayerFeatures(judge), steps=2, bank=4, starts=1
    )
    assert np.isfinite(found.latents).all()


def test_layers_by_name_are_those_of_the_network():
    judge = network()
    name = judge.layers[-1].name
    (logits,) = LayerFeatures(judge, [name])(tf.zeros((2, 8, 8, 3)))
    np.testing.assert_array_equal(np.sign(judge(tf.zeros((2, 8, 8, 3)))), np.sign(logits))


def test_gradients_reach_the_images():
    features = LayerFeatures(network())
    images = tf.random.stateless_uniform((1, 8, 8, 3), (0, 1), -1, 1)
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.add_n([tf.reduce_sum(part) for part in features(images)])
    assert np.isfinite(tape.gradient(total, images)).all()


def test_refuses_what_is_not_there():
    with pytest.raises(ValueError, match="Expected layers out of .*Received: eyes"):
        LayerFeatures(network(), ["eyes"])
    plain = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()])
    with pytest.raises(ValueError, match="the network has no convolutions"):
        LayerFeatures(plain)
