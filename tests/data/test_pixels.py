import errno
import io
import tempfile

import numpy as np
import pytest

from tfgan_lab.data import Augmentation, ImageSet, from_arrays, pixels

RNG = np.random.default_rng(2)
IMAGES = RNG.integers(0, 256, (9, 8, 6, 3)).astype(np.uint8)
SQUARES = IMAGES[:, :6]


@pytest.fixture
def in_files(monkeypatch):
    """Nothing but a single image lies in memory."""
    monkeypatch.setattr(pixels, "MOST_IN_MEMORY", SQUARES[0].nbytes)


def test_what_is_too_much_for_memory_lies_in_a_file_and_is_the_same(monkeypatch):
    monkeypatch.setattr(pixels, "MOST_IN_MEMORY", IMAGES[:4].nbytes)
    small, large = pixels.collect(iter(IMAGES[:4])), pixels.collect(iter(IMAGES))
    assert not pixels.is_memory_mapped(small) and pixels.is_memory_mapped(large)
    np.testing.assert_array_equal(small, IMAGES[:4])
    np.testing.assert_array_equal(large, IMAGES)
    assert pixels.is_memory_mapped(np.ascontiguousarray(large)[2:5])
    assert not pixels.is_memory_mapped(large[[2, 3]])  # Places in any order are copied.


def test_the_file_has_no_name_and_goes_with_its_array(in_files, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    collected = pixels.collect(IMAGES)
    assert pixels.is_memory_mapped(collected) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("balanced", [False, True])
def test_training_sees_the_same_batches(balanced, monkeypatch):
    def batches():
        images = ImageSet(
            pixels.collect(SQUARES),
            labels=[0, 0, 0, 1, 1, 1, 1, 2, 2],
            batch_size=4,
            seed=3,
            augmentation=Augmentation(),
        )
        assert pixels.is_memory_mapped(images.images) == (pixels.MOST_IN_MEMORY == 0)
        images = images.balanced() if balanced else images
        dataset = images.dataset(start_step=2)
        assert dataset.element_spec["image"].shape == (4, 6, 6, 3)
        return [(batch["image"].numpy(), batch["label"].numpy()) for batch in dataset.take(5)]

    in_memory = batches()
    monkeypatch.setattr(pixels, "MOST_IN_MEMORY", 0)
    for one, other in zip(in_memory, batches(), strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_parts_and_mirrored_copies_of_a_set_in_a_file(in_files):
    images = from_arrays(SQUARES, image_size=6)
    assert pixels.is_memory_mapped(images.images)
    np.testing.assert_array_equal(images.chosen([7, 2, 2]).images, SQUARES[[7, 2, 2]])
    doubled = images.with_mirrored().images
    assert pixels.is_memory_mapped(doubled)
    np.testing.assert_array_equal(doubled, np.concatenate([SQUARES, SQUARES[:, :, ::-1]]))
    np.testing.assert_array_equal(images.images, SQUARES)
    assert images.fingerprint() == ImageSet(SQUARES).fingerprint()


def test_a_full_disk_is_an_error_that_names_the_folder(in_files, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(OSError, match="the folder that TMPDIR names") as caught:
        pixels.collect(IMAGES)
    assert caught.value.errno == errno.ENOSPC


def test_an_error_of_the_source_keeps_its_own_name(in_files):
    def damaged():
        yield from IMAGES
        raise FileNotFoundError(errno.ENOENT, "No such file", "shard.tfrecord")

    with pytest.raises(FileNotFoundError) as caught:
        pixels.collect(damaged())
    assert caught.value.filename == "shard.tfrecord"


def test_images_of_another_shape_are_refused(in_files):
    with pytest.raises(ValueError, match=r"Expected images of \(8, 6, 3\). Received: \(6, 6, 3\)"):
        pixels.collect([*IMAGES, SQUARES[0]])
