import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.latents.sampling import Sampling


def doubled(latents, labels):
    images = 2 * tf.reshape(latents, (-1, 1, 1, 1))
    if labels is None:
        return images
    return images + tf.reshape(tf.cast(labels, tf.float32), (-1, 1, 1, 1))


def test_images_are_clipped_and_in_order():
    latents = np.linspace(-0.6, 0.6, 7, dtype="float32")[:, None]
    images = Sampling(doubled)(latents, batch_size=3)
    assert images.shape == (7, 1, 1, 1) and images.dtype == np.float32
    np.testing.assert_array_equal(images[:, 0, 0], np.clip(2 * latents, -1, 1))


def test_labels_go_with_their_latents():
    images = Sampling(doubled)(
        np.full((5, 1), -0.4, "float32"), np.array([0, 1, 0, 1, 1], "int32"), batch_size=2
    )
    np.testing.assert_allclose(images.ravel(), [-0.8, 0.2, -0.8, 0.2, 0.2], rtol=1e-6)


@pytest.mark.parametrize("several", [False, True])
def test_is_traced_only_for_more_than_a_batch(several):
    calls = []

    def make(latents, labels):
        calls.append(tf.inside_function())
        return doubled(latents, labels)

    sampling = Sampling(make)
    for _ in range(3):
        sampling(np.zeros((6, 1), "float32"), batch_size=2 if several else 6)
    assert calls == [True] if several else calls == [False] * 3


def test_many_images_are_those_of_the_bare_network_after_it_was_trained_on():
    generator = tgl.networks.upsampling_generator(latent_size=4, image_size=16, widths=(8, 8))
    discriminator = tgl.networks.convolutional_discriminator(image_size=16, widths=(8, 8))
    gan = tgl.GAN(generator, discriminator, ema_half_life_images=100)
    latents = gan.latents.sample(7, tf.constant([0, 1], tf.int64))
    before = gan.generate(latents, batch_size=3)
    gan.compile(loss=tgl.losses.Hinge(), generator_optimizer=keras.optimizers.Adam(0.01))
    gan.fit(tgl.data.plates(8, image_size=16, batch_size=4), verbose=0)
    after = gan.generate(latents, batch_size=3)
    assert np.abs(after - before).max() > 1e-3
    bare = np.clip(gan.sampling_generator(latents, training=False), -1, 1)
    np.testing.assert_allclose(after, bare, atol=1e-5)
    explored = tgl.latents.LatentGenerator(gan).generate(latents, batch_size=3)
    np.testing.assert_allclose(explored, bare, atol=1e-5)
