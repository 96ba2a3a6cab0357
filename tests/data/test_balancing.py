import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.data.balancing import BalancedOrder

LABELS = np.repeat([0, 1, 2, 4], [50, 20, 5, 1])  # nothing of class 3


def stream(num_batches, batch_size=8, seed=5):
    order = BalancedOrder(LABELS, batch_size, seed)
    return np.concatenate([order(step) for step in range(num_batches)])


def test_every_class_once_in_every_round():
    indices = stream(100)
    rounds = LABELS[indices].reshape(-1, 4)
    np.testing.assert_array_equal(np.sort(rounds, axis=1), np.tile([0, 1, 2, 4], (200, 1)))
    # In 24 possible orders, each about as often: chi square with 23 degrees of freedom, 5 sd.
    _, counts = np.unique(rounds, axis=0, return_counts=True)
    assert len(counts) == 24
    assert ((counts - 200 / 24) ** 2 / (200 / 24)).sum() < 23 + 5 * np.sqrt(46)


@pytest.mark.parametrize(("label", "count"), [(0, 50), (1, 20), (2, 5), (4, 1)])
def test_a_class_passes_over_its_images(label, count):
    indices = stream(100)
    own = indices[LABELS[indices] == label]
    passes = own[: len(own) // count * count].reshape(-1, count)
    places = np.flatnonzero(LABELS == label)
    np.testing.assert_array_equal(np.sort(passes, axis=1), np.tile(places, (len(passes), 1)))
    if count >= 20:
        assert len({tuple(one) for one in passes}) == len(passes) > 3


def test_a_batch_depends_on_seed_and_step_alone():
    whole = stream(30)
    order = BalancedOrder(LABELS, 8, 5)
    np.testing.assert_array_equal(order(17), whole[17 * 8 : 18 * 8])
    compiled = tf.function(order)
    np.testing.assert_array_equal(compiled(tf.constant(17, tf.int64)), order(17))
    assert (stream(5, seed=6) != whole[:40]).any()


def test_balanced_images(make_images):
    images = make_images(10, labels=np.repeat([0, 1], [9, 1]), class_names=("a", "b"))
    balanced = images.balanced()
    assert not images.is_balanced and balanced.fingerprint() == images.fingerprint()
    assert balanced.steps_per_epoch == images.steps_per_epoch
    later = next(iter(balanced.dataset(start_step=3)))
    direct = list(balanced.dataset().take(4))[3]
    np.testing.assert_array_equal(later["image"], direct["image"])
    assert np.bincount(direct["label"]).tolist() == [2, 2]
    shown = images.images[images.labels == 1][0] / np.float32(127.5) - 1
    np.testing.assert_array_equal(direct["image"][direct["label"] == 1], [shown] * 2)
    with pytest.raises(ValueError, match="Expected images with labels to balance"):
        make_images(10).balanced()


def test_num_classes(make_images):
    assert make_images(4).num_classes == 0
    assert make_images(4, labels=[0, 1, 5, 0]).num_classes == 6
    assert make_images(4, labels=[0, 1, 0, 0], class_names=("a", "b", "c")).num_classes == 3


def test_thinned(make_images):
    images = make_images(40, labels=np.arange(40) % 2)
    for share, count in [(1.0, 20), (0.2, 4), (0.05, 1)]:
        thinned = images.thinned(1, share)
        assert np.bincount(thinned.labels).tolist() == [20, count]
        kept = [int(name) for name in thinned.names]
        np.testing.assert_array_equal(thinned.images, images.images[kept])
    assert set(images.thinned(1, 0.05).names) < set(images.thinned(1, 0.2).names)
    for label, share in [(1, 0.02), (1, 0), (1, 1.5), (2, 0.5)]:
        with pytest.raises(ValueError, match="Expected a class, and a share"):
            images.thinned(label, share)
    with pytest.raises(ValueError, match="0 images with label=0"):
        make_images(4).thinned(0, 1.0)


def test_samples_with_their_labels(make_images):
    images = make_images(9, labels=[0, 0, 0, 1, 1, 1, 1, 2, 2])
    assert images.sample_labels(3).tolist() == [0, 1, 2]
    np.testing.assert_array_equal(images.sample(3)[2], images.sample_of_class(2, 2)[1])
    assert len(images.sample_of_class(2, 5)) == 2 and len(images.sample_of_class(7, 5)) == 0
    assert make_images(9).sample_labels(3) is None
