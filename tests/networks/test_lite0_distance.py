import numpy as np
import pytest
import tensorflow as tf

from tests.networks.efficientnet_lite_elsewhere import numpy_outputs
from tfgan_lab.networks.efficientnet_lite import installed_weights
from tfgan_lab.networks.lite0_distance import lite0_layer_features
from tfgan_lab.networks.torch_weights import read_torch_weights


def distance(features, one, other):
    return float(
        sum(
            tf.reduce_mean((mine - theirs) ** 2)
            for mine, theirs in zip(features(one), features(other), strict=True)
        )
    )


@pytest.mark.parametrize(("size", "side"), [(32, 128), (128, 128), (160, 160)])
def test_smaller_images_are_enlarged_and_others_not(size, side):
    images = tf.random.stateless_uniform((2, size, size, 3), (0, 1), -1, 1)
    parts = lite0_layer_features(size)(images)
    assert [part.shape[1] for part in parts] == [side // stride for stride in (4, 8, 16, 32)]
    for part in parts:
        lengths = np.linalg.norm(part, axis=-1)
        np.testing.assert_allclose(lengths, part.shape[-1] ** 0.5, rtol=1e-4)


def test_is_what_the_network_computes_by_hand():
    images = np.random.default_rng(0).uniform(-1, 1, (1, 128, 128, 3)).astype(np.float32)
    found = lite0_layer_features(128)(images)
    outputs = numpy_outputs(read_torch_weights(installed_weights()), images)
    for part, name in zip(found, ["block_2", "block_4", "block_10", "block_15"], strict=True):
        values = outputs[name].transpose(0, 2, 3, 1)
        values /= np.sqrt((values**2).mean(axis=-1, keepdims=True))
        np.testing.assert_allclose(part, values, atol=1e-3)


def test_grey_images_are_seen_as_such():
    grey = tf.random.stateless_uniform((1, 32, 32, 1), (0, 1), -1, 1)
    ours, theirs = (
        lite0_layer_features(32, 1)(grey),
        lite0_layer_features(32)(tf.repeat(grey, 3, axis=-1)),
    )
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_shift_is_nearer_than_another_image_though_not_in_pixels():
    """What a perceptual distance is for."""
    stripes = np.sin(np.arange(64) * np.pi / 2)[:, None, None] * np.ones((64, 64, 3))
    image = stripes[None].astype(np.float32)
    shifted = np.roll(image, 2, axis=1)  # By half a period: every pixel is the opposite.
    plain = np.zeros_like(image)
    assert ((image - shifted) ** 2).mean() > ((image - plain) ** 2).mean()
    features = lite0_layer_features(64)
    assert distance(features, image, shifted) < distance(features, image, plain) / 2


def test_refuses_other_channels():
    with pytest.raises(ValueError, match="Expected channels 1 or 3. Received: channels=2"):
        lite0_layer_features(32, 2, weights=None)
