import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import ReflectionPadding2D


def test_mirrors_as_numpy_does():
    images = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype(np.float32)
    for padding in (1, 3):
        width = (padding, padding)
        expected = np.pad(images, [(0, 0), width, width, (0, 0)], mode="reflect")
        np.testing.assert_array_equal(ReflectionPadding2D(padding)(images), expected)


def test_slopes_of_mirrored_pixels_add_up():
    # Of a row of three, only the middle pixel is mirrored, to both sides; each row thrice.
    row = tf.Variable(tf.zeros((1, 3, 3, 1)))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(ReflectionPadding2D(1)(row)[:, 2])
    np.testing.assert_array_equal(tape.gradient(value, row)[0, :, :, 0][1], [1, 3, 1])


def test_round_trip_with_sizes_that_are_not_known(tmp_path):
    model = keras.Sequential([keras.Input((None, None, 3)), ReflectionPadding2D(2)])
    assert model.output_shape == (None, None, None, 3)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again(tf.zeros((1, 4, 9, 3))).shape == (1, 8, 13, 3)


def test_faults():
    with pytest.raises(ValueError, match="Expected padding from 1. Received: padding=0"):
        ReflectionPadding2D(0)
    with pytest.raises(ValueError, match="Expected height and width above the padding of 3"):
        ReflectionPadding2D(3)(tf.zeros((1, 3, 8, 1)))
