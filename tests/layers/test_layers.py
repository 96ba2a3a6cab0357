"""Layers of this package's own: what they compute by hand, and that all come back from a file."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import layers
from tfgan_lab.layers.depthwise import DepthwiseConv2D

IMAGES = tf.random.stateless_normal((4, 8, 8, 3), (1, 2))
LABELS, VECTORS = tf.constant([0, 4, 2, 2]), tf.random.stateless_normal((4, 2), (3, 4))
SAVED = [
    (layers.BatchNormalization(momentum=0.7), (), "momentum"),
    (layers.BilinearUpSampling2D((3, 2)), (), "size"),
    (layers.BlurDownsample(), (), "name"),
    (layers.ConditionalBatchNormalization(5, momentum=0.5), (LABELS,), "momentum"),
    (DepthwiseConv2D(3, strides=2, activation="relu6"), (), "strides"),
    (layers.DomainMaps(), (VECTORS,), "name"),
    (layers.Dropout(0.25), (), "rate"),
    (layers.MinibatchStdDev(group_size=2), (), "group_size"),
    (layers.ReflectionPadding2D(2), (), "padding"),
    (layers.SpectralConv2D(4, 3, activation="relu"), (), "filters"),
    (layers.TransposedConv2D(4, 4, strides=2, padding="same"), (), "filters"),
]


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize(
    ("layer", "others", "setting"), SAVED, ids=[type(each[0]).__name__ for each in SAVED]
)
def test_comes_back_from_a_file_of_images_of_any_size(layer, others, setting, policy, tmp_path):
    layer = type(layer).from_config(layer.get_config() | {"dtype": policy})
    inputs = [
        keras.Input((None, None, 3)),
        *(keras.Input(x.shape[1:], dtype=x.dtype) for x in others),
    ]
    network = keras.Model(inputs, layer(inputs if others else inputs[0]))
    values = [IMAGES, *others] if others else IMAGES
    network(values, training=True)
    layer.set_weights(
        [each + np.random.default_rng(0).uniform(0, 1, each.shape) for each in layer.get_weights()]
    )
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert type(again.layers[-1]) is type(layer)
    assert getattr(again.layers[-1], setting) == getattr(layer, setting)
    found, expected = again(values), network(values)
    assert found.dtype == policy.removeprefix("mixed_")
    assert all(a in (None, b) for a, b in zip(network.output_shape, found.shape, strict=True))
    np.testing.assert_array_equal(tf.cast(found, tf.float32), tf.cast(expected, tf.float32))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: layers.MinibatchStdDev(1), "Expected group_size from 2. Received: group_size=1"),
        (lambda: layers.ReflectionPadding2D(0), "Expected padding from 1. Received: padding=0"),
        (
            lambda: layers.ReflectionPadding2D(3)(tf.zeros((1, 3, 8, 1))),
            "Expected height and width above the padding of 3",
        ),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_mirrors_as_numpy_does():
    for padding in (1, 3):
        width = (padding, padding)
        expected = np.pad(IMAGES, [(0, 0), width, width, (0, 0)], mode="reflect")
        np.testing.assert_array_equal(layers.ReflectionPadding2D(padding)(IMAGES), expected)


def test_slopes_of_mirrored_pixels_add_up():
    # Of a row of three, only the middle pixel is mirrored, to both sides; each row thrice.
    row = tf.Variable(tf.zeros((1, 3, 3, 1)))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(layers.ReflectionPadding2D(1)(row)[:, 2])
    np.testing.assert_array_equal(tape.gradient(value, row)[0, :, :, 0][1], [1, 3, 1])


def test_binomial_weights_by_hand():
    image = np.zeros((1, 6, 6, 3), np.float32)
    image[0, 3, 3, 0] = 16.0
    image[0, 2, 2, 1] = 16.0
    image[0, 5, 5, 2] = 16.0
    halved = layers.BlurDownsample()(image).numpy()[0]
    assert halved.shape == (3, 3, 3)
    # Output i is centred on input 2 i + 1: an odd pixel counts 2 x 2 there, an even one 1 in each
    # of its four neighbours; at the end the last pixel stands for what would follow it.
    np.testing.assert_allclose(halved[:, :, 0], [[0, 0, 0], [0, 4, 0], [0, 0, 0]])
    np.testing.assert_allclose(halved[:, :, 1], [[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    np.testing.assert_allclose(halved[:, :, 2], [[0, 0, 0], [0, 0, 0], [0, 0, 9]])


def test_constants_stay_and_the_finest_checkerboard_vanishes():
    layer = layers.BlurDownsample()
    np.testing.assert_allclose(layer(tf.fill((1, 8, 8, 3), 0.7)), 0.7, rtol=1e-6)
    board = np.indices((16, 16)).sum(axis=0) % 2 * 2.0 - 1.0
    halved = layer(board[None, :, :, None].astype(np.float32)).numpy()
    np.testing.assert_allclose(halved[0, 1:-1, 1:-1, 0], 0, atol=1e-6)


def test_deviation_of_a_group_by_hand():
    # Two groups: images 0 and 2, images 1 and 3. Deviations 1 and 0, the same everywhere.
    images = np.zeros((4, 2, 2, 3), np.float32)
    images[0], images[2] = 3.0, 5.0
    outputs = layers.MinibatchStdDev(group_size=2)(images).numpy()
    assert outputs.shape == (4, 2, 2, 4)
    np.testing.assert_array_equal(outputs[..., :3], images)
    np.testing.assert_allclose(outputs[:, 0, 0, 3], [1, 1e-4, 1, 1e-4], rtol=1e-3)
    np.testing.assert_array_equal(outputs[..., 3], outputs[:, :1, :1, 3] * np.ones((1, 2, 2)))
    # A batch that the groups don't divide is one.
    outputs = layers.MinibatchStdDev(group_size=2)(tf.reshape([0.0, 3.0, 6.0], (3, 1, 1, 1)))
    np.testing.assert_allclose(outputs[:, 0, 0, 1], [np.sqrt(6)] * 3, rtol=1e-5)


def test_slope_at_equal_images_is_finite():
    images = tf.Variable(tf.ones((4, 2, 2, 1)))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(layers.MinibatchStdDev()(images))
    assert np.isfinite(tape.gradient(value, images)).all()


def test_every_image_gets_its_own_constant_channels():
    outputs = layers.DomainMaps()([IMAGES, VECTORS]).numpy()
    np.testing.assert_array_equal(outputs[..., :3], IMAGES)
    expected = np.broadcast_to(VECTORS[:, None, None], (4, 8, 8, 2))
    np.testing.assert_array_equal(outputs[..., 3:], expected)
    # What is not finite in an image stays there.
    images = tf.constant([[[[np.nan]], [[1.0]]]])
    np.testing.assert_array_equal(layers.DomainMaps()([images, tf.ones((1, 1))])[0, :, 0, 1], 1)


def test_conditional_batch_norm_begins_as_plain_batch_norm():
    values = 2 + 3 * IMAGES
    layer, plain = layers.ConditionalBatchNormalization(5), keras.layers.BatchNormalization()
    for training in (True, False):
        np.testing.assert_allclose(
            layer([values, LABELS], training=training), plain(values, training=training), atol=1e-5
        )


def test_scale_and_shift_are_of_the_class_by_hand():
    layer = layers.ConditionalBatchNormalization(2, epsilon=0.0)
    values, labels = tf.constant([[1.0], [3.0], [1.0], [3.0]]), tf.constant([0, 0, 1, 1])
    layer([values, labels])
    layer.gamma.assign([[1.0], [10.0]])
    layer.beta.assign([[0.0], [5.0]])
    # Mean 2 and deviation 1 of all four; then 1 and 0 for class 0, 10 and 5 for class 1.
    outputs = layer([values, labels], training=True)
    np.testing.assert_allclose(outputs[:, 0], [-1, 1, -5, 15], atol=1e-4)


def test_only_classes_that_were_seen_learn():
    layer = layers.ConditionalBatchNormalization(5)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer([IMAGES, LABELS], training=True) * IMAGES)
    slope = tf.convert_to_tensor(tape.gradient(total, layer.gamma.value)).numpy()
    assert (slope[[0, 2, 4]] != 0).all()
    np.testing.assert_array_equal(slope[[1, 3]], 0)
