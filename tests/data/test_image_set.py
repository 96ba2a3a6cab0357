import numpy as np
import pytest

from tfgan_lab.data import Augmentation, ImageSet


def pixels(count=10, size=8, channels=3):
    shape = (count, size, size, channels)
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


@pytest.mark.parametrize(("count", "batch_size", "steps"), [(345, 32, 11), (64, 32, 2), (2, 32, 1)])
def test_steps_per_epoch(count, batch_size, steps):
    assert ImageSet(pixels(count), batch_size=batch_size).steps_per_epoch == steps


def test_batches_are_full_even_from_fewer_images():
    images = ImageSet(pixels(2), batch_size=8)
    for batch in images.dataset().take(3):
        assert batch["image"].shape == (8, 8, 8, 3)
        assert "label" not in batch


def test_sample_spreads_over_the_set():
    images = ImageSet(pixels(10))
    np.testing.assert_allclose(images.sample(4)[[0, -1]], pixels()[[0, -1]] / 127.5 - 1, atol=1e-6)
    assert images.sample(100).shape == (10, 8, 8, 3)


def test_augmented_variants():
    images = ImageSet(pixels(4), augmentation=Augmentation(zoom=0, rotation=0))
    originals = images.sample(2)
    variants = images.augmented(originals, 3).reshape(2, 3, 8, 8, 3)
    for original, row in zip(originals, variants, strict=True):
        for variant in row:
            assert (variant == original).all() or (variant == original[:, ::-1]).all()


def test_fingerprint_tells_sets_apart():
    same = ImageSet(pixels(), labels=range(10)).fingerprint()
    assert same == ImageSet(pixels(), labels=range(10), batch_size=3, seed=9).fingerprint()
    changed = pixels()
    changed[3, 2, 1, 0] ^= 1
    others = {
        ImageSet(changed, labels=range(10)).fingerprint(),
        ImageSet(pixels()).fingerprint(),
        ImageSet(pixels()[::-1], labels=range(10)).fingerprint(),
        ImageSet(pixels(9), labels=range(9)).fingerprint(),
    }
    assert len(others | {same}) == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": pixels(1)}, "Expected at least 2 images. Received: 1"),
        ({"images": pixels().astype(np.float32)}, "Expected images as uint8.*Received: float32"),
        ({"images": pixels(channels=4)}, r"Received: uint8 of shape \(10, 8, 8, 4\)"),
        ({"images": pixels(), "labels": [1, 2]}, "one label for each of 10 images. Received: 2"),
        ({"images": pixels(), "batch_size": 0}, "Expected batch_size from 1. Received: batch"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        ImageSet(**arguments)
