import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.data.augmentation import Augmentation, KeyedSeed

SEED = tf.constant([3, 4], tf.int64)


def images(count=64, size=16):
    return tf.random.stateless_uniform((count, size, size, 3), (0, 0), -1, 1)


def test_nothing_switched_on_is_identity():
    nothing = Augmentation(horizontal_flip=False, zoom=0, rotation=0)
    assert nothing.layers == ()
    np.testing.assert_array_equal(nothing(images(), SEED), images())


def test_flip_mirrors_about_half_and_nothing_else():
    before = images(1000).numpy()
    after = Augmentation(zoom=0, rotation=0)(before, SEED).numpy()
    same = (after == before).all((1, 2, 3))
    mirrored = (after == before[:, :, ::-1]).all((1, 2, 3))
    assert (same ^ mirrored).all()
    assert 400 < mirrored.sum() < 600


def test_keyed():
    augment = Augmentation()
    one, two = augment(images(), SEED), augment(images(), SEED)
    np.testing.assert_array_equal(one, two)
    assert (augment(images(), SEED + 1).numpy() != one.numpy()).any()


def test_images_of_a_batch_are_augmented_differently():
    one = tf.repeat(images(1), 16, axis=0)
    variants = Augmentation(horizontal_flip=False)(one, SEED).numpy()
    assert len({variant.tobytes() for variant in variants}) == 16


@pytest.mark.parametrize(
    ("augmentation", "name", "low", "high"),
    [
        (Augmentation(False, 0.1, 0), "height_zoom", 0.9, 1.1),
        (Augmentation(False, 0, 0.1), "angle", -36, 36),
    ],
)
def test_transformations_fill_their_range(augmentation, name, low, high):
    (layer,) = augmentation.layers
    drawn = layer.get_random_transformation(images(2000), training=True, seed=KeyedSeed(SEED))
    values = np.asarray(drawn[name], float).ravel()
    assert low <= values.min() < low + 0.01 * (high - low)
    assert high - 0.01 * (high - low) < values.max() <= high
    assert values.mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))


def test_pixels_stay_in_range_and_constants_constant():
    after = Augmentation()(images(), SEED).numpy()
    assert after.shape == (64, 16, 16, 3) and after.dtype == np.float32
    assert -1 <= after.min() and after.max() <= 1
    # What a rotation uncovers is filled by reflection, not by a colour of its own.
    grey = Augmentation()(tf.fill((8, 16, 16, 1), 0.25), SEED)
    np.testing.assert_allclose(grey, 0.25, atol=1e-6)


def test_in_a_compiled_function():
    augment = Augmentation()
    compiled = tf.function(augment)(images(), SEED)
    np.testing.assert_allclose(compiled, augment(images(), SEED), atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"zoom": 1.0}, r"Expected zoom in \[0, 1\). Received: zoom=1.0"),
        ({"rotation": 0.6}, r"Expected rotation in \[0, 0.5\] turns. Received: rotation=0.6"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        Augmentation(**arguments)
