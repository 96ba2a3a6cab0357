import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers.depthwise import DepthwiseConv2D

IMAGES = np.random.default_rng(0).standard_normal((2, 9, 8, 4)).astype(np.float32)


def pair(dtype, **settings):
    """Ours and Keras', with the same weights."""
    settings = {"kernel_size": 3, "padding": "same", "dtype": dtype} | settings
    ours, theirs = DepthwiseConv2D(**settings), keras.layers.DepthwiseConv2D(**settings)
    rng = np.random.default_rng(1)
    for layer in (ours, theirs):
        layer.build(IMAGES.shape)
    weights = [rng.standard_normal(value.shape).astype(np.float32) for value in ours.weights]
    ours.set_weights(weights)
    theirs.set_weights(weights)
    return ours, theirs


def gradients(layer):
    images = tf.constant(IMAGES)
    weights = tf.random.stateless_normal(layer.compute_output_shape(IMAGES.shape), (0, 1))
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(weights * tf.cast(layer(images), tf.float32))
    return tape.gradient(total, [images, *(each.value for each in layer.trainable_variables)])


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_outputs_are_those_of_keras(dtype, strides, padding):
    for more in ({}, {"activation": "relu6"}, {"use_bias": False, "depth_multiplier": 2}):
        ours, theirs = pair(dtype, strides=strides, padding=padding, **more)
        found, expected = ours(IMAGES), theirs(IMAGES)
        assert found.dtype == expected.dtype and found.shape == expected.shape
        tolerance = {"float32": 0, "mixed_bfloat16": 0.04, "mixed_float16": 0.005}[dtype]
        np.testing.assert_allclose(
            tf.cast(found, tf.float32), tf.cast(expected, tf.float32), atol=tolerance
        )


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("kernel_size", [3, 5])
def test_gradients_are_those_of_float32(dtype, strides, kernel_size):
    ours, _ = pair(dtype, strides=strides, kernel_size=kernel_size)
    _, exact = pair("float32", strides=strides, kernel_size=kernel_size)
    for found, expected in zip(gradients(ours), gradients(exact), strict=True):
        assert found.dtype == tf.float32  # as the variables and the images are
        tolerance = 1e-6 if dtype == "float32" else 0.04
        scale = np.abs(expected).max()
        np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale)


def test_gradients_within_a_compiled_function_of_any_batch():
    ours, exact = (pair(dtype, strides=2)[0] for dtype in ("mixed_bfloat16", "float32"))

    @tf.function(input_signature=[tf.TensorSpec((None, 9, 8, 4))])
    def gradient(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            total = tf.reduce_sum(tf.cast(ours(images), tf.float32))
        return tape.gradient(total, images)

    with tf.GradientTape() as tape:
        images = tf.constant(IMAGES)
        tape.watch(images)
        total = tf.reduce_sum(exact(images))
    expected = tape.gradient(total, images)
    np.testing.assert_allclose(gradient(IMAGES), expected, atol=0.02 * np.abs(expected).max())


def test_saved_and_loaded(tmp_path):
    layer, _ = pair("mixed_bfloat16", strides=2, activation="relu6")
    inputs = keras.Input(IMAGES.shape[1:])
    network = keras.Model(inputs, layer(inputs))
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert type(again.layers[-1]) is DepthwiseConv2D and again.layers[-1].strides == (2, 2)
    np.testing.assert_array_equal(
        tf.cast(again(IMAGES), tf.float32), tf.cast(network(IMAGES), tf.float32)
    )
