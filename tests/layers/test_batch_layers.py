import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import MinibatchStdDev


def test_deviation_by_hand():
    # Two groups: images 0 and 2, images 1 and 3. Deviations 1 and 0, the same everywhere.
    images = np.zeros((4, 2, 2, 3), np.float32)
    images[0], images[2] = 3.0, 5.0
    outputs = MinibatchStdDev(group_size=2)(images).numpy()
    assert outputs.shape == (4, 2, 2, 4)
    np.testing.assert_array_equal(outputs[..., :3], images)
    np.testing.assert_allclose(outputs[:, 0, 0, 3], [1, 1e-4, 1, 1e-4], rtol=1e-3)
    np.testing.assert_array_equal(outputs[..., 3], outputs[:, :1, :1, 3] * np.ones((1, 2, 2)))


def test_a_batch_that_does_not_divide_is_one_group():
    images = tf.constant([[[[0.0]]], [[[3.0]]], [[[6.0]]]])
    outputs = MinibatchStdDev(group_size=2)(images).numpy()
    np.testing.assert_allclose(outputs[:, 0, 0, 1], [np.sqrt(6)] * 3, rtol=1e-5)


def test_slope_at_equal_images_is_finite():
    images = tf.Variable(tf.ones((4, 2, 2, 1)))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(MinibatchStdDev()(images))
    assert np.isfinite(tape.gradient(value, images)).all()


def test_round_trip(tmp_path):
    model = keras.Sequential([keras.Input((4, 4, 5)), MinibatchStdDev(group_size=2)])
    assert model.output_shape == (None, 4, 4, 6)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    values = tf.random.stateless_normal((4, 4, 4, 5), (1, 2))
    np.testing.assert_array_equal(model(values), again(values))


def test_refuses():
    with pytest.raises(ValueError, match="Expected group_size from 2. Received: group_size=1"):
        MinibatchStdDev(1)
