import itertools

import numpy as np
import tensorflow as tf

from tfgan_lab.randomness import Purpose, key


def draw(*arguments):
    return tf.random.stateless_uniform((4,), key(*arguments)).numpy()


def test_every_argument_gives_another_stream():
    keys = [(1, 7, Purpose.SAMPLES, 0)]
    keys += [(2, 7, Purpose.SAMPLES, 0), (1, 8, Purpose.SAMPLES, 0)]
    keys += [(1, 7, Purpose.LABEL_NOISE, 0), (1, 7, Purpose.SAMPLES, 1)]
    # Seed and step must not be interchangeable either.
    keys += [(7, 1, Purpose.SAMPLES, 0)]
    for one, two in itertools.combinations(keys, 2):
        assert (draw(*one) != draw(*two)).all(), (one, two)
    np.testing.assert_array_equal(draw(*keys[0]), draw(*keys[0]))


def test_the_same_in_a_compiled_function_with_a_tensor_step():
    compiled = tf.function(lambda step: key(3, step, Purpose.SAMPLES))
    for step in (0, 5, 2**40):
        np.testing.assert_array_equal(
            compiled(tf.constant(step, tf.int64)), key(3, step, Purpose.SAMPLES)
        )


def test_replicas_draw_differently():
    tf.config.list_logical_devices()
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    inside = strategy.run(lambda: key(3, 1, Purpose.SAMPLES)).numpy()
    np.testing.assert_array_equal(inside, key(3, 1, Purpose.SAMPLES))
