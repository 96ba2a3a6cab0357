import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import BilinearUpSampling2D, BlurDownsample


def test_binomial_weights_by_hand():
    image = np.zeros((1, 6, 6, 3), np.float32)
    image[0, 3, 3, 0] = 16.0
    image[0, 2, 2, 1] = 16.0
    image[0, 5, 5, 2] = 16.0
    halved = BlurDownsample()(image).numpy()[0]
    assert halved.shape == (3, 3, 3)
    # Output i is centred on input 2 i + 1: an odd pixel counts 2 x 2 there, an even one 1 in each
    # of its four neighbours; at the end the last pixel stands for what would follow it.
    np.testing.assert_allclose(halved[:, :, 0], [[0, 0, 0], [0, 4, 0], [0, 0, 0]])
    np.testing.assert_allclose(halved[:, :, 1], [[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    np.testing.assert_allclose(halved[:, :, 2], [[0, 0, 0], [0, 0, 0], [0, 0, 9]])


def test_constants_stay_and_the_finest_checkerboard_vanishes():
    layer = BlurDownsample()
    np.testing.assert_allclose(layer(tf.fill((1, 8, 8, 3), 0.7)), 0.7, rtol=1e-6)
    board = np.indices((16, 16)).sum(axis=0) % 2 * 2.0 - 1.0
    halved = layer(board[None, :, :, None].astype(np.float32)).numpy()
    np.testing.assert_allclose(halved[0, 1:-1, 1:-1, 0], 0, atol=1e-6)


def test_round_trip_and_half_precision():
    layer = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(BlurDownsample(dtype="bfloat16"))
    )
    assert layer(tf.ones((1, 4, 4, 3))).dtype == tf.bfloat16


def test_a_line_is_doubled_by_hand():
    line = tf.reshape(tf.constant([0.0, 4.0, 8.0]), (1, 1, 3, 1))
    doubled = BilinearUpSampling2D((1, 2))(line)
    np.testing.assert_array_equal(doubled[0, 0, :, 0], [0, 1, 3, 5, 7, 8])


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "mixed_float16"])
def test_doubling_and_its_gradient_are_keras_own_to_the_bit(policy):
    shared = {"size": 2, "interpolation": "bilinear", "dtype": policy}
    images = tf.random.stateless_normal((2, 5, 7, 3), (0, 0))
    weights = tf.random.stateless_normal((2, 10, 14, 3), (0, 1))
    results = []
    for kind in (keras.layers.UpSampling2D, BilinearUpSampling2D):
        layer = kind(**shared)
        with tf.GradientTape() as tape:
            tape.watch(images)
            outputs = tf.function(layer)(images)
            total = tf.reduce_sum(tf.cast(outputs, tf.float32) * weights)
        results.append((outputs, tape.gradient(total, images)))
    for expected, found in zip(*results, strict=True):
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


def test_other_ways_of_doubling_are_refused():
    with pytest.raises(ValueError, match="Expected interpolation='bilinear'.*Received: .*'neares"):
        BilinearUpSampling2D(2, interpolation="nearest")
    with pytest.raises(ValueError, match="Received: .*data_format='channels_first'"):
        BilinearUpSampling2D(2, data_format="channels_first")
