import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.layers import ConditionalBatchNormalization


def test_begins_as_plain_batch_norm():
    values = tf.random.stateless_normal((6, 4, 4, 3), (0, 1), mean=2.0, stddev=3.0)
    labels = tf.constant([0, 1, 2, 0, 1, 2])
    layer, plain = ConditionalBatchNormalization(3), keras.layers.BatchNormalization()
    for training in (True, False):
        np.testing.assert_allclose(
            layer([values, labels], training=training), plain(values, training=training), atol=1e-5
        )


def test_scale_and_shift_are_of_the_class_by_hand():
    layer = ConditionalBatchNormalization(2, epsilon=0.0)
    values, labels = tf.constant([[1.0], [3.0], [1.0], [3.0]]), tf.constant([0, 0, 1, 1])
    layer([values, labels])
    layer.gamma.assign([[1.0], [10.0]])
    layer.beta.assign([[0.0], [5.0]])
    # Mean 2 and deviation 1 of all four; then 1 and 0 for class 0, 10 and 5 for class 1.
    outputs = layer([values, labels], training=True)
    np.testing.assert_allclose(outputs[:, 0], [-1, 1, -5, 15], atol=1e-4)


def test_only_classes_that_were_seen_learn():
    layer = ConditionalBatchNormalization(3)
    values = tf.random.stateless_normal((4, 2, 2, 3), (0, 1))
    with tf.GradientTape() as tape:
        outputs = layer([values, tf.constant([0, 2, 2, 0])], training=True)
        total = tf.reduce_sum(outputs * values)
    slope = tf.convert_to_tensor(tape.gradient(total, layer.gamma.value)).numpy()
    assert (slope[[0, 2]] != 0).all()
    np.testing.assert_array_equal(slope[1], 0)


def test_round_trip(tmp_path):
    inputs = [keras.Input((4, 4, 3)), keras.Input((), dtype="int32")]
    model = keras.Model(inputs, ConditionalBatchNormalization(5, momentum=0.5)(inputs))
    values = [tf.random.stateless_normal((4, 4, 4, 3), (1, 2)), tf.constant([0, 4, 2, 2])]
    model(values, training=True)
    model.layers[-1].gamma.assign(tf.random.stateless_normal((5, 3), (3, 4)))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.layers[-1].momentum == 0.5
    np.testing.assert_array_equal(model(values), again(values))
