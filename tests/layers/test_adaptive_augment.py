import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import AdaptiveAugment, DiffAugment

SEED = tf.constant([3, 4], tf.int64)


def images(count=64):
    return tf.random.stateless_uniform((count, 16, 16, 3), (0, 0), -1, 1)


def test_starts_as_identity():
    np.testing.assert_array_equal(AdaptiveAugment()(images(), SEED), images())


def test_probability_is_that_of_each_change():
    brighter = DiffAugment(saturation=0, contrast=0, translation=0, cutout=0)
    augment = AdaptiveAugment(brighter)
    augment.probability.assign(0.3)
    batch = images(4000)
    changed = (augment(batch, SEED).numpy() != batch.numpy()).any((1, 2, 3))
    assert changed.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 4000))
    augment.probability.assign(0.99)
    once = DiffAugment()(batch, SEED, probability=tf.constant(1.0))
    np.testing.assert_array_equal(once, DiffAugment()(batch, SEED))


def test_moves_by_hand():
    # Two batches of 4 images: signs 3/4 and 1 give r_t = 7/8 over the target, a step of 8/80.
    augment = AdaptiveAugment(target=0.6, images_to_full=80, interval=2)
    logs = augment.observe(tf.constant([[2.0], [1.0], [0.5], [0.0]]))
    assert float(logs["real_sign"]) == pytest.approx(3 / 4)
    assert float(augment.probability) == 0
    logs = augment.observe(tf.constant([[2.0], [1.0], [0.5], [7.0]]))
    assert float(logs["real_sign"]) == pytest.approx(7 / 8)
    assert float(logs["augment_probability"]) == pytest.approx(0.1)
    # A new count begins; below the target it falls by as much.
    for _ in range(2):
        augment.observe(-tf.ones((4, 1)))
    assert float(augment.probability) == pytest.approx(0.0, abs=1e-7)


def test_stays_in_zero_to_one():
    augment = AdaptiveAugment(images_to_full=4, interval=1)
    for _ in range(3):
        augment.observe(tf.ones((4, 1)))
    assert float(augment.probability) == pytest.approx(0.99)
    for _ in range(3):
        augment.observe(-tf.ones((4, 1)))
    assert float(augment.probability) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": 1}, r"Expected target in \(-1, 1\). Received: target=1"),
        ({"interval": 0}, "Expected a number of images and an interval from 1.*interval=0"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        AdaptiveAugment(**arguments)


def test_a_image_counts_once_whatever_its_patches():
    augment = AdaptiveAugment(target=0.6, images_to_full=40, interval=1)
    augment.observe(tf.ones((4, 3, 3, 1)))
    assert float(augment.probability) == pytest.approx(0.1)
    # Of nine patches five are right: a mean sign of 1/9 is below the target.
    signs = tf.constant([1.0] * 5 + [-1.0] * 4)
    logs = augment.observe(tf.tile(tf.reshape(signs, (1, 3, 3, 1)), (2, 1, 1, 1)))
    assert float(logs["real_sign"]) == pytest.approx(1 / 9)
    assert float(augment.probability) == pytest.approx(0.05)
