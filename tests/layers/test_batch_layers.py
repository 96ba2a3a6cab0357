import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import MinibatchStdDev, SkipLayerExcitation


def test_deviation_by_hand():
    # Two groups: pictures 0 and 2, pictures 1 and 3. Deviations 1 and 0, the same everywhere.
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


def test_slope_at_equal_pictures_is_finite():
    images = tf.Variable(tf.ones((4, 2, 2, 1)))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(MinibatchStdDev()(images))
    assert np.isfinite(tape.gradient(value, images)).all()


def test_excitation_by_hand():
    layer = SkipLayerExcitation()
    coarse, fine = tf.ones((2, 8, 8, 3)), tf.ones((2, 16, 16, 5))
    layer([coarse, fine])
    for weight in layer.gate.trainable_variables:
        weight.assign(tf.zeros_like(weight))
    np.testing.assert_allclose(layer([coarse, fine]), 0.5)  # sigmoid(0)
    layer.gate.layers[-1].bias.assign([100.0, -100.0, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(layer([coarse, fine])[0, 3, 3], [1, 0, 0.5, 0.5, 0.5], atol=1e-6)


def test_excitation_gates_depend_on_the_coarse_picture():
    layer = SkipLayerExcitation()
    coarse = tf.random.stateless_normal((2, 8, 8, 3), (0, 1))
    gated = layer([coarse, tf.ones((2, 16, 16, 5))]).numpy()
    assert (gated == gated[:, :1, :1]).all() and (gated[0] != gated[1]).all()


@pytest.mark.parametrize("inputs", [[(8, 8, 3), (16, 16, 5)]])
def test_round_trips(inputs, tmp_path):
    coarse, fine = (keras.Input(shape) for shape in inputs)
    outputs = SkipLayerExcitation(negative_slope=0.1)([coarse, fine])
    outputs = MinibatchStdDev(group_size=2)(outputs)
    model = keras.Model([coarse, fine], outputs)
    assert model.output_shape == (None, 16, 16, 6)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    values = [tf.random.stateless_normal((4, *shape), (1, 2)) for shape in inputs]
    np.testing.assert_array_equal(model(values), again(values))


def test_refuses():
    with pytest.raises(ValueError, match="Expected group_size from 2. Received: group_size=1"):
        MinibatchStdDev(1)
    with pytest.raises(ValueError, match=r"multiples of 4. Received: shape \(2, 6, 8, 3\)"):
        SkipLayerExcitation()([tf.ones((2, 6, 8, 3)), tf.ones((2, 8, 8, 4))])
