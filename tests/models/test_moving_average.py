import keras
import numpy as np
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.models.moving_average import (
    averaged_copy,
    measure_statistics,
    measured_norms,
    move_average,
)


def normalised():
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.BatchNormalization(epsilon=0.0), keras.layers.Dense(1)]
    )


def test_a_tenth_of_what_a_norm_sees_is_taken_at_each_measurement():
    average = averaged_copy(normalised())
    (norm,) = measured_norms(average)
    average(tf.constant([[1.0, 0.0], [3.0, 8.0]]), training=True)
    np.testing.assert_allclose(norm.moving_mean, [0.2, 0.4], rtol=1e-6)
    np.testing.assert_allclose(norm.moving_variance, [0.9 + 0.1, 0.9 + 1.6], rtol=1e-6)
    assert not average.trainable_weights


def test_measured_statistics_are_not_averaged_and_all_else_is():
    generator = normalised()
    average = averaged_copy(generator)
    generator.set_weights([weight + 1 for weight in generator.get_weights()])
    before = [weight.numpy() for weight in average.weights]
    norms = measured_norms(average)
    move_average(average, generator, tf.constant(100), tf.constant(10**6), 100, measured=norms)
    for weight, old in zip(average.weights, before, strict=True):
        moved = 0.0 if weight.name.startswith("moving") else 0.5
        np.testing.assert_allclose(weight - old, np.full(old.shape, moved), atol=1e-6)


def test_measures_at_every_step_at_first_and_then_at_every_eighth():
    average = averaged_copy(normalised())
    (norm,) = norms = measured_norms(average)
    measure = tf.function(measure_statistics)
    due = []
    for step in range(100):
        before = norm.moving_mean.numpy()
        measure(average, norms, tf.fill((4, 2), step + 1.0), tf.constant(step))
        if not np.array_equal(before, norm.moving_mean):
            due.append(step)
    assert due == [*range(80), 80, 88, 96]


def test_a_trained_average_knows_its_own_statistics():
    generator = tgl.networks.light_generator(image_size=16, latent_size=8, widths=(8, 8, 8))
    discriminator = tgl.networks.convolutional_discriminator(image_size=16, widths=(8,))
    gan = tgl.GAN(generator, discriminator, ema_half_life_images=100)
    gan.compile(loss=tgl.losses.Hinge())
    gan.fit(tgl.data.plates(64, image_size=16, batch_size=8), epochs=12, verbose=0)
    norms = measured_norms(gan.ema_generator)
    kept = [norm.moving_variance.numpy() for norm in norms]
    for norm in norms:
        norm.momentum = 0.0  # so that one batch alone counts
    gan.ema_generator(gan.latents.sample(512, seed=(1, 2)), training=True)
    for norm, variance in zip(norms, kept, strict=True):
        # Within the noise of 10 batches of 8.
        np.testing.assert_allclose(np.mean(norm.moving_variance / variance), 1.0, atol=0.15)
