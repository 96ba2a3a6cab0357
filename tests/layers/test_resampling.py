import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.layers import BlurDownsample


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
