import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import BilinearUpSampling2D

IMAGES = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)


def keras_own(size, **settings):
    return keras.layers.UpSampling2D(size, interpolation="bilinear", **settings)


def output_and_gradient(layer):
    images = tf.cast(IMAGES, layer.compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(images)
        outputs = layer(images)
        weights = tf.random.stateless_normal(outputs.shape, (0, 1))
        total = tf.reduce_sum(weights * tf.cast(outputs, tf.float32))
    return outputs, tape.gradient(total, images)


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("size", [2, (3, 1), 4])
def test_equals_keras_own(dtype, size):
    found, expected = (
        output_and_gradient(kind(size, dtype=dtype)) for kind in (BilinearUpSampling2D, keras_own)
    )
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
        np.testing.assert_array_equal(tf.cast(ours, tf.float32), tf.cast(theirs, tf.float32))


def test_shape_is_known_and_batch_and_sides_may_be_open():
    assert BilinearUpSampling2D(2)(keras.Input((3, 4, 5))).shape == (None, 6, 8, 5)
    layer = BilinearUpSampling2D(2)
    run = tf.function(layer, input_signature=[tf.TensorSpec((None, None, None, 5))])
    np.testing.assert_allclose(run(IMAGES), keras_own(2)(IMAGES), atol=1e-6)


def test_channels_first_is_keras_own():
    settings = {"data_format": "channels_first"}
    ours = BilinearUpSampling2D(2, **settings)(IMAGES)
    np.testing.assert_array_equal(ours, keras_own(2, **settings)(IMAGES))


def test_saved_and_loaded(tmp_path):
    network = keras.Sequential([keras.Input((3, 4, 5)), BilinearUpSampling2D((3, 2), name="up")])
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert type(again.layers[0]) is BilinearUpSampling2D and again.layers[0].name == "up"
    np.testing.assert_array_equal(again(IMAGES), network(IMAGES))


def test_compiles_in_bfloat16_before_a_convolution():
    """XLA gave the doubling's gradient as float32, which it can't add to a convolution's."""
    images = tf.cast(IMAGES, tf.bfloat16)
    kernel = tf.ones((1, 1, 5, 5), tf.bfloat16)

    def gradient(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            doubled = BilinearUpSampling2D(2, dtype="bfloat16")(images)
            total = tf.reduce_sum(doubled) + tf.reduce_sum(tf.nn.conv2d(images, kernel, 1, "SAME"))
        return tape.gradient(total, images)

    compiled = tf.function(gradient, jit_compile=True)(images)
    assert compiled.dtype == tf.bfloat16
    np.testing.assert_allclose(tf.cast(compiled, tf.float32), 4 + 5 * np.ones_like(IMAGES))
