import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import TransposedConv2D, transposed
from tfgan_lab.layers.transposed import kernel_gradient, transposed_convolution

RNG = np.random.default_rng(0)


def plain(images, kernel):
    batch, height, width, _ = images.shape
    shape = (batch, 2 * height, 2 * width, kernel.shape[2])
    return tf.nn.conv2d_transpose(images, kernel, shape, strides=2, padding="SAME")


def drawn(*shape, dtype=tf.float32):
    return tf.constant(RNG.normal(size=shape), dtype)


def test_a_gradient_by_hand():
    # One pixel of 3 under a 2x2 kernel: the kernel's gradient is 3 times the output's.
    upstream = tf.reshape(tf.constant([1.0, 2, 3, 4]), (1, 2, 2, 1))
    found = kernel_gradient(tf.fill((1, 1, 1, 1), 3.0), upstream, 2, 2)
    np.testing.assert_array_equal(found[..., 0, 0], [[3, 6], [9, 12]])


@pytest.mark.parametrize("rows, columns", [(2, 2), (4, 4), (4, 6), (8, 4)])
def test_equals_the_plain_form(rows, columns):
    images, kernel = drawn(2, 5, 7, 3), drawn(rows, columns, 4, 3)
    weights = drawn(2, 10, 14, 4)
    results = []
    for function in (plain, transposed_convolution):
        with tf.GradientTape() as tape:
            tape.watch([images, kernel])
            outputs = function(images, kernel)
            total = tf.reduce_sum(weights * outputs)
        results.append([outputs, *tape.gradient(total, [images, kernel])])
    for expected, found in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=2e-5)


def test_second_derivatives_equal_those_of_the_plain_form():
    images, kernel = drawn(2, 3, 3, 2), drawn(4, 4, 3, 2)
    results = []
    for function in (plain, transposed_convolution):
        with tf.GradientTape() as outer:
            outer.watch([images, kernel])
            with tf.GradientTape() as inner:
                inner.watch([images, kernel])
                total = tf.reduce_sum(function(images, kernel) ** 3)
            gradients = inner.gradient(total, [images, kernel])
            squares = tf.add_n([tf.reduce_sum(gradient**2) for gradient in gradients])
        results.append(outer.gradient(squares, [images, kernel]))
    for expected, found in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4)


@pytest.mark.parametrize("policy, tolerance", [("float32", 1e-5), ("mixed_bfloat16", 3e-2)])
def test_the_layer_trains_as_keras_own(policy, tolerance, monkeypatch):
    monkeypatch.setattr(transposed, "LEAST_CHANNELS", 1)
    images = drawn(2, 4, 4, 3)
    arguments = {"strides": 2, "padding": "same", "activation": "relu", "dtype": policy}
    own, keras_own = (
        kind(5, 4, **arguments) for kind in (TransposedConv2D, keras.layers.Conv2DTranspose)
    )
    own.build(images.shape)
    keras_own.build(images.shape)
    keras_own.set_weights(own.get_weights())
    results = []
    for layer in (keras_own, own):
        with tf.GradientTape() as tape:
            outputs = tf.function(layer)(images)
            total = tf.reduce_sum(tf.cast(outputs, tf.float32) ** 2)
        results.append([outputs, *tape.gradient(total, layer.trainable_variables)])
    for expected, found in zip(*results, strict=True):
        assert found.dtype == expected.dtype
        scale = np.abs(np.asarray(expected, np.float32)).max()
        np.testing.assert_allclose(
            np.float32(found) / scale, np.float32(expected) / scale, atol=tolerance
        )


@pytest.mark.parametrize(
    "arguments, wide",
    [
        ({"filters": 512, "kernel_size": 4, "strides": 2, "padding": "same"}, True),
        ({"filters": 511, "kernel_size": 4, "strides": 2, "padding": "same"}, False),
        ({"filters": 512, "kernel_size": 5, "strides": 2, "padding": "same"}, False),
        ({"filters": 512, "kernel_size": 4, "strides": 1, "padding": "same"}, False),
        ({"filters": 512, "kernel_size": 4, "strides": 2, "padding": "valid"}, False),
    ],
)
def test_where_it_takes_its_own_way(arguments, wide, monkeypatch):
    taken = []

    def noted(images, kernel):
        taken.append(True)
        return transposed_convolution(images, kernel)

    monkeypatch.setattr(transposed, "transposed_convolution", noted)
    layer = TransposedConv2D(**arguments)
    keras_own = keras.layers.Conv2DTranspose(**arguments)
    assert layer(tf.zeros((1, 2, 2, 256))).shape == keras_own(tf.zeros((1, 2, 2, 256))).shape
    assert bool(taken) == wide


def test_saved_and_loaded(tmp_path):
    model = keras.Sequential(
        [keras.Input((None, None, 3)), TransposedConv2D(4, 4, strides=2, padding="same")]
    )
    model.save(tmp_path / "layer.keras")
    loaded = keras.saving.load_model(tmp_path / "layer.keras")
    images = drawn(1, 3, 5, 3)
    assert type(loaded.layers[0]) is TransposedConv2D
    np.testing.assert_array_equal(loaded(images), model(images))
