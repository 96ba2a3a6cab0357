import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.models import FusedAdam

# Keras takes 1 - beta_2 in Python, and here it is taken in float32, whose rounding is 1e-5 of it.
TOLERANCE = 2e-5

SETTINGS = [
    {"learning_rate": 0.1},
    {"learning_rate": 5e-4, "beta_1": 0.0, "beta_2": 0.99},
    {"learning_rate": 0.01, "epsilon": 0.1, "weight_decay": 0.02},
    {"learning_rate": 0.01, "clipnorm": 0.5, "gradient_accumulation_steps": 2},
    {"learning_rate": 0.01, "amsgrad": True},
    {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)},
]


def trained(optimizer, gradients):
    """Weights after each of some steps, and the optimiser's state at the end."""
    weights = [
        keras.Variable(np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)),
        keras.Variable(2.0),
    ]
    step = tf.function(lambda *given: optimizer.apply(given, weights))
    history = []
    for given in gradients:
        step(*(tf.constant(gradient, tf.float32) for gradient in given))
        history.append([weight.numpy() for weight in weights])
    return history, [np.asarray(value) for value in optimizer.variables]


def test_two_steps_by_hand():
    weight = keras.Variable(1.0)
    optimizer = FusedAdam(0.1, beta_1=0.5, beta_2=0.75, epsilon=0.0)
    optimizer.apply([tf.constant(2.0)], [weight])
    assert float(weight) == pytest.approx(0.9)  # The first step is the rate, whatever the gradient.
    optimizer.apply([tf.constant(0.0)], [weight])
    # m = 0.5 * 1 over 1 - 0.25, v = 0.75 * 1 over 1 - 0.5625.
    assert float(weight) == pytest.approx(0.9 - 0.1 * (0.5 / 0.75) / (0.75 / 0.4375) ** 0.5)


@pytest.mark.parametrize("settings", SETTINGS)
def test_equals_keras_adam(settings):
    rng = np.random.default_rng(0)
    gradients = [(rng.normal(size=(2, 3)), rng.normal()) for _ in range(7)]
    ours, our_state = trained(FusedAdam(**settings), gradients)
    kerass, keras_state = trained(keras.optimizers.Adam(**settings), gradients)
    for found, expected in zip(ours, kerass, strict=True):
        for value, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(value, other, rtol=TOLERANCE, atol=TOLERANCE)
    for value, other in zip(our_state, keras_state, strict=True):
        np.testing.assert_allclose(value, other, rtol=TOLERANCE, atol=1e-7)


def test_gradients_of_some_rows():
    tables = [keras.Variable(np.ones((4, 2), np.float32)) for _ in range(2)]
    for table, kind in zip(tables, (FusedAdam, keras.optimizers.Adam), strict=True):
        optimizer = kind(0.1)
        for rows in ([1, 3], [3]):
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(tf.gather(table.value, rows) ** 2)
            optimizer.apply(tape.gradient(total, [table.value]), [table])
    np.testing.assert_allclose(*tables, rtol=TOLERANCE)
