import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import DiffAugment

SEED = tf.constant([3, 4], tf.int64)
OFF = {"brightness": 0, "saturation": 0, "contrast": 0, "translation": 0, "cutout": 0}


def images(count=64, size=16, channels=3):
    return tf.random.stateless_uniform((count, size, size, channels), (0, 0), -1, 1)


def only(**settings):
    return DiffAugment(**(OFF | settings))


def test_off_is_identity():
    np.testing.assert_array_equal(only()(images(), SEED), images())


def test_brightness_adds_one_value_to_each_image():
    before = images(2000, 4)
    added = (only(brightness=0.5)(before, SEED) - before).numpy()
    np.testing.assert_allclose(added, added[:, :1, :1, :1] * np.ones_like(added), atol=1e-6)
    values = added[:, 0, 0, 0]
    assert -0.5 <= values.min() < -0.49 and 0.49 < values.max() <= 0.5
    assert abs(values.mean()) < 0.03


@pytest.mark.parametrize("name", list(OFF))
def test_refuses(name):
    with pytest.raises(ValueError, match=f"Expected {name} from 0 to .*Received: {name}=-1"):
        DiffAugment(**{name: -1})
