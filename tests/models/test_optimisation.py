import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.models.optimisation import gradient_step, ready_optimizer


def test_norm_and_step_of_a_table_of_classes():
    # The first row is in the batch twice: its gradient is 2 in each of two places, the second's 1,
    # so that the norm is sqrt(4 + 4 + 1 + 1); of the slices one by one it would be sqrt(6).
    network = keras.Sequential([keras.Input((3,), dtype="int32"), keras.layers.Embedding(3, 2)])
    network.set_weights([np.ones((3, 2))])
    optimizer = ready_optimizer(keras.optimizers.SGD(0.25), network)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(network(tf.constant([[0, 0, 1]])))
    norm = gradient_step(optimizer, tape, loss, network)
    assert float(norm) == pytest.approx(10**0.5, rel=1e-6)
    expected = [[0.5, 0.5], [0.75, 0.75], [1.0, 1.0]]
    np.testing.assert_allclose(network.get_weights()[0], expected, rtol=1e-6)
