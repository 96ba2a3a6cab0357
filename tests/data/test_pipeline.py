import functools

import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.data.augmentation import Augmentation
from tfgan_lab.data.pipeline import batch_indices, batches, to_float


def stream(num_images, num_batches, batch_size=32, seed=5):
    @tf.function
    def of_step(step):
        return batch_indices(step, batch_size, num_images, seed)

    steps = tf.range(num_batches, dtype=tf.int64)
    return np.concatenate([of_step(step) for step in steps])


def take(dataset, count):
    return [batch["image"].numpy() for batch in dataset.take(count)]


@pytest.mark.parametrize("num_images", [2, 3, 31, 32, 33, 345])
def test_every_pass_is_a_permutation_of_its_own(num_images):
    indices = stream(num_images, 50)
    passes = len(indices) // num_images
    blocks = indices[: passes * num_images].reshape(passes, num_images)
    np.testing.assert_array_equal(
        np.sort(blocks, axis=1), np.tile(np.arange(num_images), (passes, 1))
    )
    if num_images > 30:
        assert len({tuple(block) for block in blocks}) == passes


def test_order_looks_shuffled():
    # The mean distance of neighbours in a random permutation of n is (n + 1) / 3; over 40
    # passes of 345 it stays within 2 % of that.
    distances = np.abs(np.diff(stream(345, 431)))
    assert (stream(345, 3, seed=1) != stream(345, 3, seed=2)).any()
    assert distances.mean() == pytest.approx(346 / 3, rel=0.02)
    # Every place of a pass is equally likely to hold any image: chi square, 5 sd.
    first = stream(16, 2000, batch_size=16).reshape(2000, 16)[:, 0]
    counts = np.bincount(first, minlength=16)
    assert ((counts - 125) ** 2 / 125).sum() < 15 + 5 * np.sqrt(30)


def served(pixels, labels=None, *, batch_size, seed, **arguments):
    order = functools.partial(
        batch_indices, batch_size=batch_size, num_images=len(pixels), seed=seed
    )
    return batches(pixels, labels, order, seed=seed, **arguments)


def test_batches_depend_on_seed_and_step_alone():
    pixels = np.random.default_rng(0).integers(0, 256, (23, 16, 16, 3)).astype(np.uint8)
    arguments = {"batch_size": 4, "seed": 1, "augmentation": Augmentation()}
    first = take(served(pixels, **arguments), 9)
    np.testing.assert_array_equal(first, take(served(pixels, **arguments), 9))
    later = take(served(pixels, start_step=5, **arguments), 4)
    np.testing.assert_array_equal(first[5:], later)
    other = take(served(pixels, **(arguments | {"seed": 2})), 9)
    assert all((one != two).any() for one, two in zip(first, other, strict=True))


def test_images_and_labels_stay_together():
    pixels = np.arange(20, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 8, 1), np.uint8)
    labels = np.arange(20, dtype=np.int32)
    for batch in served(pixels, labels, batch_size=6, seed=0).take(7):
        assert batch["image"].dtype == tf.float32 and batch["label"].dtype == tf.int32
        values = (batch["image"].numpy()[:, 0, 0, 0] + 1) * 127.5
        np.testing.assert_allclose(values, batch["label"], atol=1e-4)


def test_pixel_range():
    np.testing.assert_allclose(to_float(np.array([0, 255], np.uint8)), [-1, 1])
    assert to_float(np.uint8(51)).numpy() == pytest.approx(-0.6)


def test_nothing_waits_for_a_tuner_when_a_training_ends():
    dataset = served(np.zeros((4, 8, 8, 3), np.uint8), batch_size=2, seed=0)
    assert dataset.options().autotune.enabled is False
