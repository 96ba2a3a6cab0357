import numpy as np
import pytest

from tfgan_lab.data import AlternatingImages, Augmentation, UnpairedImages, split_domains


def take(dataset, count):
    return [{name: value.numpy() for name, value in batch.items()} for batch in dataset.take(count)]


def test_every_domain_goes_through_permutations_of_its_own(make_images):
    a, b = make_images(6, batch_size=2), make_images(6, batch_size=2)
    batches = take(UnpairedImages(a, b).dataset(), 6)
    orders = {}
    for side in ("image_a", "image_b"):
        seen = np.concatenate([batch[side] for batch in batches])
        pixels = a.images.astype(np.float32) / 127.5 - 1
        order = [int(np.flatnonzero((pixels == each).all(axis=(1, 2, 3)))[0]) for each in seen]
        assert sorted(order[:6]) == sorted(order[6:]) == list(range(6))
        orders[side] = order
    # Equal sets, but no image is bound to one of the other domain.
    pairs = set(zip(*orders.values(), strict=True))
    assert orders["image_a"] != orders["image_b"] and len(pairs) > 6


def test_the_larger_domain_makes_the_epoch_and_any_step_can_be_the_first(make_images):
    flipped = Augmentation(True, 0.0, 0.0)
    both = UnpairedImages(
        make_images(10, batch_size=4, augmentation=flipped),
        make_images(3, batch_size=4, augmentation=flipped),
        ("many", "few"),
    )
    assert (both.steps_per_epoch, len(both), both.class_names) == (3, 13, ("many", "few"))
    whole, later = take(both.dataset(), 7), take(both.dataset(start_step=4), 3)
    for one, other in zip(whole[4:], later, strict=True):
        assert one["image_b"].shape == (4, 8, 8, 3)
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


def test_a_stream_of_its_own_changes_order_and_nothing_else(make_images):
    images = make_images(9, batch_size=9)
    first, again, other = (
        take(images.dataset(stream=stream), 1)[0]["image"] for stream in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    np.testing.assert_array_equal(np.sort(first.ravel()), np.sort(other.ravel()))


def test_sets_with_labels_of_their_own_take_turns(make_images):
    sets = [make_images(6, batch_size=3, labels=[0, 1] * 3),
            make_images(9, batch_size=3, labels=[2, 0, 1] * 3)]  # fmt: skip
    both = AlternatingImages(sets)
    assert both.steps_per_epoch == 6 and len(both) == 15
    batches = take(both.dataset(), 8)
    assert [batch["data_set"].tolist() for batch in batches[:3]] == [[0] * 3, [1] * 3, [0] * 3]
    assert sorted(np.concatenate([batch["label"] for batch in batches[:3:2]])) == [0, 0, 0, 1, 1, 1]
    for start in (1, 2, 5):
        for one, other in zip(batches[start:], take(both.dataset(start), 8 - start), strict=True):
            for name in one:
                np.testing.assert_array_equal(one[name], other[name])


def test_split_by_label(make_images):
    images = make_images(5, labels=[1, 0, 1, 1, 0], class_names=["a", "b"])
    images.skipped = (("a/x.txt", "no image"), ("b/y.txt", "empty file"))
    a, b = split_domains(images)
    np.testing.assert_array_equal(a.images, images.images[[1, 4]])
    assert b.names == ("00000", "00002", "00003") and b.labels is None
    assert (a.skipped, b.skipped) == (images.skipped[:1], images.skipped[1:])
    both = UnpairedImages(a, b)
    assert both.skipped == images.skipped
    assert both.fingerprint() != UnpairedImages(b, a).fingerprint()


def test_faults(make_images):
    images = make_images(5)
    with pytest.raises(ValueError, match="Expected images labelled with their domain"):
        split_domains(images)
    labelled = make_images(5, labels=[0, 0, 0, 0, 2], class_names=["a", "b", "c"])
    with pytest.raises(ValueError, match="at least 2 usable images in every domain.*0 in b"):
        split_domains(labelled)
    with pytest.raises(ValueError, match="Expected sets of images of one shape, batch size"):
        UnpairedImages(images, make_images(5, batch_size=2))
    for sets in ([labelled], [labelled, images]):
        with pytest.raises(ValueError, match="Expected two or more sets of images with labels"):
            AlternatingImages(sets)
