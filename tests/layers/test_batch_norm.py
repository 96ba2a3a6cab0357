import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import BatchNormalization

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(1.0, 2.0, (3, 4, 5, 6)).astype(np.float32)


def pair(dtype="float32", shape=IMAGES.shape, **settings):
    """Ours and Keras', with the same weights."""
    ours = BatchNormalization(dtype=dtype, **settings)
    theirs = keras.layers.BatchNormalization(dtype=dtype, **settings)
    for layer in (ours, theirs):
        layer.build(shape)
    weights = [np.random.default_rng(1).uniform(0.5, 2, each.shape) for each in ours.weights]
    ours.set_weights(weights)
    theirs.set_weights(weights)
    return ours, theirs


def outputs_and_gradients(layer, images=IMAGES, **arguments):
    images = tf.cast(images, layer.compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(images)
        outputs = layer(images, **arguments)
        weights = tf.random.stateless_normal(outputs.shape, (0, 1))
        total = tf.reduce_sum(weights * tf.cast(outputs, tf.float32))
    watched = [images, *(each.value for each in layer.trainable_variables)]
    return [outputs, *tape.gradient(total, watched)]


def assert_near(found, expected, tolerance):
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
        ours, theirs = np.asarray(ours, np.float32), np.asarray(theirs, np.float32)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * np.abs(theirs).max())


@pytest.fixture
def fused(monkeypatch):
    """How often the one operation was called."""
    calls, operation = [], tf.raw_ops.FusedBatchNormV3

    def counted(**arguments):
        calls.append(True)
        return operation(**arguments)

    monkeypatch.setattr(tf.raw_ops, "FusedBatchNormV3", counted)
    return calls


def test_by_hand(fused):
    """Values 0, 2, 4, 6: mean 3, variance 5 of four values; 20 / 3 would be the unbiased one."""
    layer = BatchNormalization(momentum=0.9, epsilon=1e-6)
    outputs = layer(tf.reshape([0.0, 2.0, 4.0, 6.0], (1, 2, 2, 1)), training=True)
    np.testing.assert_allclose(np.ravel(outputs), np.array([-3, -1, 1, 3]) / 5**0.5, rtol=1e-5)
    # From 0 a tenth of the way to 3, from 1 a tenth of the way to 5.
    assert float(layer.moving_mean.value[0]) == pytest.approx(0.3)
    assert float(layer.moving_variance.value[0]) == pytest.approx(1.4)
    assert fused == [True]


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-6), ("mixed_bfloat16", 0.02)])
def test_trains_as_keras_own(dtype, tolerance, fused):
    ours, theirs = pair(dtype, momentum=0.8, epsilon=0.01)
    for _ in range(2):
        assert_near(
            outputs_and_gradients(ours, training=True),
            outputs_and_gradients(theirs, training=True),
            tolerance,
        )
    assert fused == [True, True]
    for name in ("moving_mean", "moving_variance"):
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=max(tolerance, 1e-5)
        )


def test_within_a_compiled_function_of_any_batch():
    ours, theirs = pair()
    run = tf.function(
        lambda images: ours(images, training=True),
        input_signature=[tf.TensorSpec((None, *IMAGES.shape[1:]))],
    )
    for images in (IMAGES, IMAGES[:2]):
        np.testing.assert_allclose(run(images), theirs(images, training=True), atol=1e-5)
    np.testing.assert_allclose(ours.moving_variance, theirs.moving_variance, rtol=1e-5)


@pytest.mark.parametrize(
    ("settings", "shape", "arguments"),
    [
        ({}, IMAGES.shape, {"training": False}),
        ({}, IMAGES.shape, {}),
        ({}, (5, 6), {"training": True}),
        ({"trainable": False}, IMAGES.shape, {"training": True}),
        ({"axis": 1}, IMAGES.shape, {"training": True}),
        ({"scale": False}, IMAGES.shape, {"training": True}),
        ({"center": False}, IMAGES.shape, {"training": True}),
        ({}, IMAGES.shape, {"training": True, "mask": tf.cast(IMAGES[..., 0] > 0, tf.bool)}),
    ],
    ids=["inference", "unsaid", "rank 2", "frozen", "axis", "no scale", "no offset", "mask"],
)
def test_is_keras_own_elsewhere(settings, shape, arguments, fused):
    ours, theirs = pair(shape=shape, **settings)
    images = IMAGES.reshape(-1)[: np.prod(shape)].reshape(shape)
    found, expected = (
        outputs_and_gradients(layer, images, **arguments) for layer in (ours, theirs)
    )
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine, other)
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_array_equal(mine, other)
    assert not fused


def test_synchronized_is_keras_own(fused, monkeypatch):
    called = []
    monkeypatch.setattr(
        keras.layers.BatchNormalization,
        "call",
        lambda self, inputs, training=None, mask=None: called.append(training) or inputs,
    )
    BatchNormalization(synchronized=True)(IMAGES, training=True)
    assert called == [True] and not fused


def test_saved_and_loaded(tmp_path):
    network = keras.Sequential([keras.Input(IMAGES.shape[1:]), BatchNormalization(momentum=0.7)])
    network(IMAGES, training=True)
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert type(again.layers[0]) is BatchNormalization and again.layers[0].momentum == 0.7
    np.testing.assert_array_equal(again(IMAGES), network(IMAGES))
