import gzip
import struct

import numpy as np
import pytest

from tfgan_lab.data import from_source
from tfgan_lab.data.sources import IdxSource, read_idx


def idx(code, shape, values):
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values


def write(tmp_path, content, name="a-images-idx3-ubyte"):
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


IMAGES = idx(8, (3, 2, 2), bytes(range(12)))
# Without the time of packing, or the bytes would be others at each collection.
PACKED = gzip.compress(IMAGES, mtime=0)


@pytest.mark.parametrize("packed", [False, True])
def test_bytes_by_hand(tmp_path, packed):
    path = write(tmp_path, PACKED if packed else IMAGES)
    np.testing.assert_array_equal(read_idx(path), np.arange(12).reshape(3, 2, 2))


@pytest.mark.parametrize(
    ("code", "kind"), [(9, "i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")]
)
def test_other_types_have_the_highest_byte_first(tmp_path, code, kind):
    values = np.array([-2, 0, 100], kind)
    np.testing.assert_array_equal(read_idx(write(tmp_path, idx(code, (3,), values.tobytes()))),
                                  [-2, 0, 100])  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an idx file in .*begins with ''"),
        (b"\0\0\x07\x01", "begins with '00 00 07 01'"),
        (IMAGES[:9], "Expected 3 axes in .*truncated"),
        (IMAGES[:-1], "12 bytes of values.*3 x 2 x 2 of uint8. Received: 11: .* truncated"),
        (IMAGES + b"\0", "12 bytes of values.*Received: more"),
        (idx(8, (2**31, 28, 28), b""), "at most 4294967296 bytes.*a header that tells of 16836"),
        (PACKED[:-9], "whole gzip file.*damaged or truncated"),
        (PACKED[:-8] + bytes(8), "whole gzip file.*CRC"),
        (b"\x1f\x8b" + bytes(30), "whole gzip file.*damaged or truncated"),
    ],
    ids="empty,unknown type,cut in the header,cut in the values,too long,too large,packed and cut,"
    "packed with a wrong sum,packed noise".split(","),
)
def test_damaged_files_are_named(tmp_path, content, message):
    with pytest.raises(ValueError, match=message):
        read_idx(write(tmp_path, content))


def test_images_and_the_labels_beside_them(tmp_path):
    path = write(tmp_path, PACKED, "t10k-images-idx3-ubyte.gz")
    assert from_source(path, image_size=2, channels=1).labels is None
    write(tmp_path, idx(8, (3,), b"\1\0\7"), "t10k-labels-idx1-ubyte")
    images = from_source(path, image_size=2, channels=1)
    np.testing.assert_array_equal(images.labels, [1, 0, 7])
    np.testing.assert_array_equal(images.images[..., 0], np.arange(12).reshape(3, 2, 2))
    write(tmp_path, idx(8, (2,), b"\1\0"), "t10k-labels-idx1-ubyte")
    with pytest.raises(ValueError, match="one label for each of the 3 images.*Received: 2"):
        IdxSource(path)


def test_only_bytes_with_two_axes_each_are_images(tmp_path):
    with pytest.raises(ValueError, match="images in .*3 or 4 axes. Received: uint8 with 1"):
        IdxSource(write(tmp_path, idx(8, (2,), b"\1\0"), "train-labels-idx1-ubyte"))
    floats = idx(0x0D, (2, 2, 2), bytes(32))
    with pytest.raises(ValueError, match="images in .*Received: float32 with 3"):
        IdxSource(write(tmp_path, floats))


def test_real_digits(real_images):
    digits = from_source(real_images / "mnist" / "t10k-images-idx3-ubyte.gz", channels=1,
                         image_size=28)  # fmt: skip
    assert len(digits) == 10_000
    # The counts of the digits in MNIST's test set.
    np.testing.assert_array_equal(
        np.bincount(digits.labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    )
