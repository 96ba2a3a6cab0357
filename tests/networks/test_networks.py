"""What single builders promise beyond a shape."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.attribution import activation_maps
from tfgan_lab.networks import (
    convolutional_discriminator,
    dcgan_generator,
    draw_normal_weights,
    patch_discriminator,
    pooled_classifier,
    residual_discriminator,
    residual_generator,
    residual_translator,
    transposed_generator,
)
from tfgan_lab.networks.cyclegan import instance_norm

RESIDUAL = pytest.mark.parametrize("builder", [residual_generator, residual_discriminator])


def test_pixel_range_is_converted_at_the_door():
    # A discriminator on [0, 1] sees (x + 1) / 2 of what one on [-1, 1] sees.
    unit = convolutional_discriminator(image_size=8, widths=(4,), pixel_range=(0, 1))
    symmetric = convolutional_discriminator(image_size=8, widths=(4,), pixel_range=(-1, 1))
    symmetric.set_weights(unit.get_weights())
    images = tf.random.stateless_uniform((2, 8, 8, 3), (0, 0), -1, 1)
    np.testing.assert_allclose(unit(images), symmetric((images + 1) / 2), atol=1e-6)

    # 2 sigmoid(x) - 1 is tanh(x / 2).
    unit = transposed_generator(image_size=8, latent_size=4, widths=(4, 4), pixel_range=(0, 1))
    tanh = transposed_generator(image_size=8, latent_size=4, widths=(4, 4), pixel_range=(-1, 1))
    tanh.set_weights(unit.get_weights())
    latents = tf.random.stateless_normal((2, 4), (0, 0))
    np.testing.assert_allclose(
        np.arctanh(np.float64(tanh(latents))),
        2 * np.arctanh(np.float64(unit(latents))),
        atol=1e-4,
    )


def test_normal_weights_have_their_moments():
    network = dcgan_generator(image_size=16, latent_size=100, widths=(256, 64))
    dense, transposed = network.layers[0], network.layers[4]
    norm = network.layers[2]
    dense.kernel.assign(5 + dense.kernel)
    norm.beta.assign(1 + norm.beta)
    draw_normal_weights(network, deviation=0.02, seed=3)
    for layer in (dense, transposed):
        kernel = layer.kernel.numpy()
        # 5 standard errors of mean and deviation.
        assert abs(kernel.mean()) < 5 * 0.02 / np.sqrt(kernel.size)
        assert abs(kernel.std() - 0.02) < 5 * 0.02 / np.sqrt(2 * kernel.size)
    assert abs(norm.gamma.numpy().mean() - 1) < 5 * 0.02 / 16
    assert 0.015 < norm.gamma.numpy().std() < 0.025
    np.testing.assert_array_equal(norm.beta, 0)


def test_normal_weights_follow_the_seed():
    networks = [dcgan_generator(image_size=16, latent_size=4, widths=(4, 4)) for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2), strict=True):
        draw_normal_weights(network, seed=seed)
    first, same, other = (network.layers[0].kernel.numpy() for network in networks)
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other).max() > 0.01
    with pytest.raises(ValueError, match="Expected deviation above 0. Received: deviation=0"):
        draw_normal_weights(networks[0], deviation=0)


@RESIDUAL
def test_residual_branches_begin_at_zero(builder):
    """Doubling what stands before a branch's last convolution changes nothing at the start."""
    model = builder(image_size=16, widths=(4, 4, 4))
    inputs = tf.random.stateless_uniform((2, *model.input_shape[1:]), (0, 0), -1, 1)
    before = model(inputs).numpy()
    assert sum(isinstance(layer, keras.layers.Add) for layer in model.layers) == 3
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    assert sum(not np.any(layer.kernel) for layer in convolutions) == 3
    for layer in convolutions:
        scale = getattr(layer.kernel_initializer, "scale", None)
        if layer.kernel_size == (3, 3) and scale is not None and scale == pytest.approx(2 / 3):
            layer.kernel.assign(2 * layer.kernel)
    np.testing.assert_array_equal(model(inputs), before)
    assert np.std(before) > 0


@RESIDUAL
def test_residual_networks_judge_and_make_every_image_by_itself(builder):
    model = builder(image_size=16, widths=(4, 4, 4))
    inputs = tf.random.stateless_uniform((6, *model.input_shape[1:]), (0, 0), -1, 1)
    np.testing.assert_allclose(model(inputs, training=True)[:2], model(inputs[:2]), atol=1e-5)


def test_narrowing_before_doubling_is_the_same_function():
    images = tf.random.stateless_normal((2, 5, 5, 6), (0, 0))
    narrow = keras.layers.Conv2D(3, 1, use_bias=False)
    double = keras.layers.UpSampling2D(2, interpolation="bilinear")
    np.testing.assert_allclose(double(narrow(images)), narrow(double(images)), atol=1e-6)


def test_minibatch_stddev_shows_the_batch_to_a_residual_discriminator():
    model = residual_discriminator(image_size=16, widths=(4, 4, 4), minibatch_stddev=True)
    images = tf.random.stateless_uniform((4, 16, 16, 3), (0, 0), -1, 1)
    alike = tf.repeat(images[:1], 4, axis=0)
    assert abs(float(model(images)[0, 0] - model(alike)[0, 0])) > 1e-4


def test_spectral_norm_bounds_a_residual_discriminators_layers():
    model = residual_discriminator(image_size=16, widths=(4, 8, 4), spectral_norm=True)
    normalised = [layer for layer in model.layers if hasattr(layer, "sigma")]
    # A convolution from pixels, two a block, one at each change of width, and the logit.
    assert len(normalised) == 1 + 2 * 3 + 2 + 1
    images = tf.random.stateless_uniform((2, 16, 16, 3), (0, 0), -1, 1)
    before = model(images)
    assert np.all(np.isfinite(before)) and np.std(before) > 0
    for layer in normalised:
        layer.kernel.assign(3 * layer.kernel)
    np.testing.assert_allclose(model(images), before, rtol=1e-4)


def test_instance_norm_by_hand():
    # 1, 3, 5, 7: mean 4, variance 5; another image and a constant channel change nothing.
    first = np.stack([[1, 3, 5, 7], [2, 2, 2, 2]], axis=-1).reshape(1, 2, 2, 2)
    outputs = instance_norm()(np.concatenate([first, 100 * first]).astype(np.float32)).numpy()
    expected = np.array([-3, -1, 1, 3]) / np.sqrt(5)
    for image in outputs:
        np.testing.assert_allclose(image[..., 0].ravel(), expected, atol=1e-5)
        np.testing.assert_allclose(image[..., 1], 0, atol=1e-5)


@pytest.mark.parametrize("patch_size", [16, 34, 70])
def test_a_logit_sees_a_patch_of_that_size(patch_size):
    # Without instance norm, which looks at the whole image.
    judge = patch_discriminator(image_size=128, channels=1, width=2, patch_size=patch_size)
    kept = [layer for layer in judge.layers if "normalization" not in layer.name]
    judge = keras.Sequential([keras.Input((128, 128, 1)), *kept])
    batch = tf.Variable(tf.random.stateless_uniform((1, 128, 128, 1), (0, 1), -1, 1))
    with tf.GradientTape() as tape:
        logits = judge(batch)
        middle = logits[0, logits.shape[1] // 2, logits.shape[2] // 2, 0]
    seen = np.abs(tape.gradient(middle, batch).numpy()[0, :, :, 0]) > 0
    for axis in (0, 1):
        places = np.flatnonzero(seen.any(axis=axis))
        assert places[-1] - places[0] + 1 == patch_size


def test_two_networks_of_a_builder_begin_differently():
    # An initialiser that is used twice draws the same twice.
    one, other = (residual_translator(width=4, num_blocks=2) for _ in range(2))
    kernels = [w.numpy().ravel() for w in [*one.weights, *other.weights] if w.ndim == 4]
    assert len({kernel[:10].tobytes() for kernel in kernels}) == len(kernels)
    for kernel in kernels:
        # The error of a deviation from n values is 1 / sqrt(2 n) of it.
        assert kernel.std() == pytest.approx(0.02, rel=4 / np.sqrt(2 * kernel.size))


@pytest.mark.parametrize(
    ("size", "channels", "widths", "side"), [(28, 1, (4, 4), 14), (64, 3, (4, 8, 8), 16)]
)
def test_a_pooled_classifier_has_exact_maps(size, channels, widths, side):
    network = pooled_classifier(image_size=size, channels=channels, num_classes=5, widths=widths)
    assert network.output_shape == (None, 5)
    images = np.random.default_rng(0).uniform(-1, 1, (2, size, size, channels))
    found = activation_maps(network, images, target=3)
    assert found.method == "class_activation" and found.maps.shape == (2, side, side)
    np.testing.assert_allclose(found.maps.sum(axis=(1, 2)), found.scores, atol=1e-5)
