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


@pytest.mark.parametrize(
    ("name", "axes", "low", "high"),
    [("saturation", (3,), 0.0, 2.0), ("contrast", (1, 2, 3), 0.5, 1.5)],
)
def test_distance_from_a_mean_is_scaled(name, axes, low, high):
    before = images(2000, 4).numpy()
    after = only(**{name: 1.0 if name == "saturation" else 0.5})(before, SEED).numpy()
    centre = before.mean(axis=axes, keepdims=True)
    np.testing.assert_allclose(after.mean(axis=axes, keepdims=True), centre, atol=1e-6)
    factors = ((after - centre) * (before - centre)).sum((1, 2, 3)) / ((before - centre) ** 2).sum(
        (1, 2, 3)
    )
    np.testing.assert_allclose(
        after, centre + factors[:, None, None, None] * (before - centre), atol=1e-5
    )
    assert low <= factors.min() < low + 0.02 and high - 0.02 < factors.max() <= high + 1e-5


def test_translation_moves_by_whole_pixels_and_fills_with_zero():
    size, most = 16, 2
    before = images(500, size).numpy()
    after = only(translation=0.125)(before, SEED).numpy()
    seen = set()
    for one, two in zip(before, after, strict=True):
        matches = []
        for dy in range(-most, most + 1):
            for dx in range(-most, most + 1):
                moved = np.zeros_like(one)
                rows = slice(max(dy, 0), size + min(dy, 0)), slice(max(-dy, 0), size + min(-dy, 0))
                cols = slice(max(dx, 0), size + min(dx, 0)), slice(max(-dx, 0), size + min(-dx, 0))
                moved[rows[0], cols[0]] = one[rows[1], cols[1]]
                if (moved == two).all():
                    matches.append((dy, dx))
        assert len(matches) == 1
        seen.add(matches[0])
    assert len(seen) == (2 * most + 1) ** 2


def test_cutout_cuts_one_square():
    after = only(cutout=0.5)(tf.ones((500, 16, 16, 3)), SEED).numpy()
    assert set(np.unique(after)) == {0.0, 1.0}
    for image in after:
        rows, columns = np.nonzero(image[:, :, 0] == 0)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        # A whole rectangle, of 8 by 8 unless the border cuts it, always at least half of that.
        assert len(rows) == height * width and 4 <= min(height, width) and max(height, width) <= 8
    assert {(p[0, 0, 0], p[-1, -1, 0]) for p in after} == {(0, 1), (1, 0), (1, 1)}


def test_gradients_flow_and_are_finite():
    batch = tf.Variable(images())
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(DiffAugment()(batch, SEED) ** 2)
    gradients = tape.gradient(value, batch).numpy()
    assert np.isfinite(gradients).all() and (gradients != 0).any((1, 2, 3)).all()


def test_keyed_and_compiled():
    augment = DiffAugment()
    once = augment(images(), SEED)
    np.testing.assert_array_equal(once, augment(images(), SEED))
    assert (once.numpy() != augment(images(), SEED + 1).numpy()).any((1, 2, 3)).all()
    np.testing.assert_allclose(tf.function(augment)(images(), SEED), once, atol=1e-6)
    xla = tf.function(augment, jit_compile=True)(images(), tf.cast(SEED, tf.int32))
    assert xla.shape == once.shape


def test_grey_and_half_precision():
    assert DiffAugment()(images(channels=1), SEED).shape == (64, 16, 16, 1)
    assert DiffAugment()(tf.cast(images(), tf.bfloat16), SEED).dtype == tf.bfloat16


@pytest.mark.parametrize("name", list(OFF))
def test_refuses(name):
    with pytest.raises(ValueError, match=f"Expected {name} from 0 to .*Received: {name}=-1"):
        DiffAugment(**{name: -1})
