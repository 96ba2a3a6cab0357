import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab.layers import SpectralConv2D, SpectralDense, advance_power_iterations


def matrix(layer):
    kernel = layer.kernel.numpy()
    return kernel.reshape(-1, kernel.shape[-1])


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(SpectralConv2D(6, 3, strides=2, padding="same"), (2, 8, 8, 3)), (SpectralDense(5), (2, 7))],
)
def test_sigma_becomes_the_greatest_singular_value(layer, shape):
    inputs = tf.random.stateless_normal(shape, (0, 1))
    layer(inputs)
    layer.advance(200)
    singular = np.linalg.svd(matrix(layer), compute_uv=False)
    assert float(layer.sigma()) == pytest.approx(singular[0], rel=1e-4)
    # The layer is the plain one with the kernel divided by sigma.
    plain = layer.__class__.__mro__[2].from_config(layer.get_config())
    plain.build(shape)
    plain.kernel.assign(layer.kernel / layer.sigma())
    plain.bias.assign(layer.bias)
    np.testing.assert_allclose(layer(inputs), plain(inputs), atol=1e-5)


def test_sigma_by_hand():
    layer = SpectralDense(2, use_bias=False)
    layer.build((None, 2))
    layer.kernel.assign([[3.0, 0.0], [0.0, 1.0]])
    layer.left.assign([1.0, 0.0])
    layer.advance()
    np.testing.assert_allclose(layer(tf.ones((1, 2))), [[1.0, 1 / 3]], rtol=1e-6)


def test_calls_move_nothing_in_either_mode():
    layer = SpectralConv2D(4, 3)
    inputs = tf.random.stateless_normal((2, 8, 8, 3), (0, 1))
    layer(inputs)
    before = [weight.numpy() for weight in layer.weights]
    for training in (True, False):
        layer(inputs, training=training)
    for value, weight in zip(before, layer.weights, strict=True):
        np.testing.assert_array_equal(value, weight)


def test_gradient_goes_through_sigma():
    """The output does not depend on the kernel's scale, so neither does the loss."""
    layer = SpectralDense(3, use_bias=False)
    inputs = tf.random.stateless_normal((4, 5), (0, 1))
    layer(inputs)
    layer.advance(100)
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(tf.sin(layer(inputs)))
    gradient = tape.gradient(value, layer.kernel.value)
    along_the_kernel = float(tf.reduce_sum(gradient * layer.kernel))
    assert along_the_kernel == pytest.approx(0, abs=1e-5)
    assert float(tf.norm(gradient)) > 0.1


def test_only_the_discriminators_step_advances(make_images):
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            SpectralConv2D(4, 3, strides=2),
            keras.layers.Flatten(),
            SpectralDense(1),
        ]
    )
    gan = tgl.GAN(
        tgl.networks.upsampling_generator(image_size=8, latent_size=4, widths=(4, 4)),
        discriminator,
    )
    expected = keras.models.clone_model(discriminator)
    expected.set_weights(discriminator.get_weights())
    frozen = keras.optimizers.SGD(0.0)
    gan.compile(
        loss=tgl.losses.Hinge(),
        discriminator_optimizer=frozen,
        update=tgl.models.UpdateRule(discriminator_steps=2),
    )
    gan.fit(make_images(8), epochs=2, verbose=0)
    for _ in range(8):  # Four steps of two discriminator updates.
        advance_power_iterations(expected)
    for one, two in zip(expected.layers, discriminator.layers, strict=True):
        for value, weight in zip(one.weights, two.weights, strict=True):
            np.testing.assert_allclose(value, weight, atol=1e-6)
