"""Layers that are Keras' own but for their speed: the same outputs, gradients and weights."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import BatchNormalization, BilinearUpSampling2D, TransposedConv2D, transposed
from tfgan_lab.layers.depthwise import DepthwiseConv2D
from tfgan_lab.layers.transposed import kernel_gradient, transposed_convolution

IMAGES = np.random.default_rng(0).normal(1.0, 2.0, (3, 9, 8, 4)).astype(np.float32)


def pair(kind, shape=IMAGES.shape, **settings):
    """Ours and Keras', with the same weights."""
    ours = kind(**settings)
    theirs = kind.__mro__[1].from_config(ours.get_config())
    for layer in (ours, theirs):
        layer.build(shape)
    rng = np.random.default_rng(1)
    # Positive, as the variances among them must be.
    weights = [rng.uniform(0.5, 2, each.shape).astype(np.float32) for each in ours.weights]
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
    """Of one type and shape, and apart by a share of the greatest value at most."""
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
        ours, theirs = np.asarray(ours, np.float32), np.asarray(theirs, np.float32)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * np.abs(theirs).max())


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (BatchNormalization, {}),
        (BilinearUpSampling2D, {"size": 2}),
        (DepthwiseConv2D, {"kernel_size": 3, "strides": 2, "padding": "same"}),
        (TransposedConv2D, {"filters": 5, "kernel_size": 4, "strides": 2, "padding": "same"}),
    ],
)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-6), ("mixed_bfloat16", 0.02)])
def test_within_a_compiled_function_of_any_batch(kind, settings, dtype, tolerance, monkeypatch):
    monkeypatch.setattr(transposed, "LEAST_CHANNELS", 1)
    ours, theirs = pair(kind, dtype=dtype, **settings)

    @tf.function(input_signature=[tf.TensorSpec((None, *IMAGES.shape[1:]))])
    def output_and_gradient(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            outputs = ours(images, training=True) if kind is BatchNormalization else ours(images)
            total = tf.reduce_sum(tf.cast(outputs, tf.float32) ** 2)
        return outputs, tape.gradient(total, images)

    mode = {"training": True} if kind is BatchNormalization else {}
    for images in (IMAGES, IMAGES[:2]):
        outputs, gradient = output_and_gradient(images)
        assert_near([outputs], [theirs(images, **mode)], tolerance)
        assert np.isfinite(gradient).all() and gradient.shape == images.shape
    assert_near(ours.non_trainable_variables, theirs.non_trainable_variables, tolerance)


# Batch normalisation.


@pytest.fixture
def fused(monkeypatch):
    """How often the one operation was called."""
    calls, operation = [], tf.raw_ops.FusedBatchNormV3

    def counted(**arguments):
        calls.append(True)
        return operation(**arguments)

    monkeypatch.setattr(tf.raw_ops, "FusedBatchNormV3", counted)
    return calls


def test_batch_norm_by_hand(fused):
    """Values 0, 2, 4, 6: mean 3, variance 5 of four values; 20 / 3 would be the unbiased one."""
    layer = BatchNormalization(momentum=0.9, epsilon=1e-6)
    outputs = layer(tf.reshape([0.0, 2.0, 4.0, 6.0], (1, 2, 2, 1)), training=True)
    np.testing.assert_allclose(np.ravel(outputs), np.array([-3, -1, 1, 3]) / 5**0.5, rtol=1e-5)
    # From 0 a tenth of the way to 3, from 1 a tenth of the way to 5.
    assert float(layer.moving_mean.value[0]) == pytest.approx(0.3)
    assert float(layer.moving_variance.value[0]) == pytest.approx(1.4)
    assert fused == [True]


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-6), ("mixed_bfloat16", 0.02)])
def test_batch_norm_trains_as_keras_own(dtype, tolerance, fused):
    ours, theirs = pair(BatchNormalization, dtype=dtype, momentum=0.8, epsilon=0.01)
    for _ in range(2):
        found, expected = (outputs_and_gradients(each, training=True) for each in (ours, theirs))
        assert_near(found, expected, tolerance)
    assert fused == [True, True]
    for name in ("moving_mean", "moving_variance"):
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=max(tolerance, 1e-5)
        )


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
def test_batch_norm_is_keras_own_elsewhere(settings, shape, arguments, fused):
    layers = pair(BatchNormalization, shape, **settings)
    images = IMAGES.reshape(-1)[: np.prod(shape)].reshape(shape)
    results = [
        [*outputs_and_gradients(layer, images, **arguments), *layer.weights] for layer in layers
    ]
    for mine, other in zip(*results, strict=True):
        np.testing.assert_array_equal(mine, other)
    assert not fused


def test_synchronized_batch_norm_is_keras_own(fused, monkeypatch):
    called = []
    monkeypatch.setattr(
        keras.layers.BatchNormalization,
        "call",
        lambda self, inputs, training=None, mask=None: called.append(training) or inputs,
    )
    BatchNormalization(synchronized=True)(IMAGES, training=True)
    assert called == [True] and not fused


# Bilinear doubling.


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize(
    "settings", [{"size": 2}, {"size": (3, 1)}, {"size": 4}, {"data_format": "channels_first"}]
)
def test_doubling_equals_keras_own(dtype, settings):
    found, expected = map(
        outputs_and_gradients, pair(BilinearUpSampling2D, dtype=dtype, **settings)
    )
    assert_near(found, expected, 0)


def test_doubled_sides_are_known_and_may_be_open():
    assert BilinearUpSampling2D(2)(keras.Input((3, 4, 5))).shape == (None, 6, 8, 5)
    ours, theirs = pair(BilinearUpSampling2D)
    run = tf.function(ours, input_signature=[tf.TensorSpec((None, None, None, 4))])
    np.testing.assert_allclose(run(IMAGES), theirs(IMAGES), atol=1e-6)


def test_doubling_compiles_in_bfloat16_before_a_convolution():
    """XLA gave the doubling's gradient as float32, which it can't add to a convolution's."""
    images = tf.cast(IMAGES, tf.bfloat16)
    kernel = tf.ones((1, 1, 4, 4), tf.bfloat16)

    def gradient(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            doubled = BilinearUpSampling2D(2, dtype="bfloat16")(images)
            total = tf.reduce_sum(doubled) + tf.reduce_sum(tf.nn.conv2d(images, kernel, 1, "SAME"))
        return tape.gradient(total, images)

    compiled = tf.function(gradient, jit_compile=True)(images)
    assert compiled.dtype == tf.bfloat16
    np.testing.assert_allclose(tf.cast(compiled, tf.float32), 4 + 4 * np.ones_like(IMAGES))


# Depthwise convolution.


def depthwise(dtype, **settings):
    """Ours and Keras', with kernels of both signs."""
    layers = pair(
        DepthwiseConv2D, **({"kernel_size": 3, "padding": "same", "dtype": dtype} | settings)
    )
    rng = np.random.default_rng(1)
    weights = [rng.standard_normal(value.shape).astype(np.float32) for value in layers[0].weights]
    for layer in layers:
        layer.set_weights(weights)
    return layers


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("float32", 0), ("mixed_bfloat16", 0.005), ("mixed_float16", 0.0005)]
)
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_depthwise_outputs_are_those_of_keras(dtype, tolerance, strides, padding):
    for more in ({}, {"activation": "relu6"}, {"use_bias": False, "depth_multiplier": 2}):
        ours, theirs = depthwise(dtype, strides=strides, padding=padding, **more)
        assert_near([ours(IMAGES)], [theirs(IMAGES)], tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("mixed_bfloat16", 0.04)])
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("kernel_size", [3, 5])
def test_depthwise_gradients_are_those_of_float32(dtype, tolerance, strides, kernel_size):
    ours, _ = depthwise(dtype, strides=strides, kernel_size=kernel_size)
    _, exact = depthwise("float32", strides=strides, kernel_size=kernel_size)
    _, *found = outputs_and_gradients(ours)
    _, *expected = outputs_and_gradients(exact)
    assert [each.dtype for each in found[1:]] == [tf.float32] * 2  # as the variables are
    assert_near([tf.cast(each, tf.float32) for each in found], expected, tolerance)


# Transposed convolution.


def plain(images, kernel):
    batch, height, width, _ = images.shape
    shape = (batch, 2 * height, 2 * width, kernel.shape[2])
    return tf.nn.conv2d_transpose(images, kernel, shape, strides=2, padding="SAME")


def drawn(*shape):
    return tf.random.stateless_normal(shape, (0, 1))


def test_a_kernels_gradient_by_hand():
    # One pixel of 3 under a 2x2 kernel: the kernel's gradient is 3 times the output's.
    upstream = tf.reshape(tf.constant([1.0, 2, 3, 4]), (1, 2, 2, 1))
    found = kernel_gradient(tf.fill((1, 1, 1, 1), 3.0), upstream, 2, 2)
    np.testing.assert_array_equal(found[..., 0, 0], [[3, 6], [9, 12]])


@pytest.mark.parametrize("rows, columns", [(2, 2), (4, 4), (4, 6), (8, 4)])
def test_first_and_second_derivatives_equal_those_of_the_plain_form(rows, columns):
    images, kernel, weights = drawn(2, 5, 7, 3), drawn(rows, columns, 4, 3), drawn(2, 10, 14, 4)
    results = []
    for function in (plain, transposed_convolution):
        with tf.GradientTape() as outer:
            outer.watch([images, kernel])
            with tf.GradientTape() as inner:
                inner.watch([images, kernel])
                outputs = function(images, kernel)
                total = tf.reduce_sum(weights * outputs**3)
            gradients = inner.gradient(total, [images, kernel])
            squares = tf.add_n([tf.reduce_sum(gradient**2) for gradient in gradients])
        results.append([outputs, *gradients, *outer.gradient(squares, [images, kernel])])
    assert_near(*results, 1e-5)


@pytest.mark.parametrize("policy, tolerance", [("float32", 1e-5), ("mixed_bfloat16", 3e-2)])
def test_transposed_layer_trains_as_keras_own(policy, tolerance, monkeypatch):
    monkeypatch.setattr(transposed, "LEAST_CHANNELS", 1)
    settings = {"strides": 2, "padding": "same", "activation": "relu", "dtype": policy}
    results = []
    for layer in pair(TransposedConv2D, (2, 4, 4, 4), filters=5, kernel_size=4, **settings):
        with tf.GradientTape() as tape:
            outputs = tf.function(layer)(drawn(2, 4, 4, 4))
            total = tf.reduce_sum(tf.cast(outputs, tf.float32) ** 2)
        results.append([outputs, *tape.gradient(total, layer.trainable_variables)])
    assert_near(*results, tolerance)


@pytest.mark.parametrize(
    "changed, wide",
    [({}, True), ({"filters": 511}, False), ({"kernel_size": 5}, False), ({"strides": 1}, False),
     ({"padding": "valid"}, False)],
)  # fmt: skip
def test_where_it_takes_its_own_way(changed, wide, monkeypatch):
    taken = []

    def noted(images, kernel):
        taken.append(True)
        return transposed_convolution(images, kernel)

    monkeypatch.setattr(transposed, "transposed_convolution", noted)
    settings = {"filters": 512, "kernel_size": 4, "strides": 2, "padding": "same"} | changed
    layer, keras_own = TransposedConv2D(**settings), keras.layers.Conv2DTranspose(**settings)
    assert layer(tf.zeros((1, 2, 2, 256))).shape == keras_own(tf.zeros((1, 2, 2, 256))).shape
    assert bool(taken) == wide
