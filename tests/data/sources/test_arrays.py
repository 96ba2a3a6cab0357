import io
import pickle
import zipfile

import numpy as np
import pytest

from tfgan_lab.data import from_arrays, from_source
from tfgan_lab.data.sources import NpzSource

PIXELS = np.random.default_rng(1).integers(0, 256, (4, 6, 6, 3)).astype(np.uint8)


def npz(path, **arrays):
    np.savez(path, **arrays)
    return path


def test_floats_round_to_the_same_bytes():
    floats = PIXELS / np.float32(127.5) - 1
    np.testing.assert_array_equal(
        from_arrays(floats, image_size=6).images, from_arrays(PIXELS, image_size=6).images
    )


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (
            PIXELS / 255.0,
            "floats in .-1, 1. with some below 0.*Received: values from 0.0039.* to 1",
        ),
        (PIXELS * 1.0, "floats in .-1, 1.*values from 1 to 255"),
        (np.full((3, 4, 4), np.nan), "floats in .-1, 1.*values from nan"),
        (PIXELS.astype(np.int32), "as uint8, or as floats.*Received: int32"),
        (PIXELS[0, 0], r"shape \(n, height, width\).*Received: shape \(6, 3\)"),
        (np.zeros((2, 4, 4, 2), np.uint8), "1 or 3 channels"),
        (PIXELS[:1], "at least 2 usable images in the array. Received: 1 of 1 images"),
        (PIXELS[:0], "at least 2 usable images in the array. Received: 0 of 0 images"),
        (PIXELS[:, :0], r"shape \(n, height, width\).*Received: shape \(4, 0, 6, 3\)"),
    ],
)
def test_refuses_arrays_that_are_no_images(images, message):
    with pytest.raises(ValueError, match=message):
        from_arrays(images)


def test_npz_as_keras_and_cifar_have_it(tmp_path):
    path = npz(tmp_path / "a.npz", x_test=PIXELS[:1], x_train=PIXELS, y_train=[[0], [1], [2], [1]])
    images = from_source(path, image_size=6)
    np.testing.assert_array_equal(images.images, PIXELS)
    np.testing.assert_array_equal(images.labels, [0, 1, 2, 1])
    np.save(tmp_path / "b.npy", PIXELS)
    np.testing.assert_array_equal(from_source(tmp_path / "b.npy", image_size=6).images, PIXELS)


class Bomb:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace):
        self.code = f"__import__('pathlib').Path({str(trace)!r}).touch()"

    def __reduce__(self):
        return eval, (self.code,)


@pytest.mark.parametrize("kind", ["npz", "npy", "pickle"])
def test_objects_are_never_unpickled(kind, tmp_path):
    trace, path = tmp_path / "exploded", tmp_path / f"a.{'npz' if kind == 'npz' else 'npy'}"
    objects = np.array([Bomb(trace)], dtype=object)
    if kind == "npz":
        np.savez(path, images=objects)
    elif kind == "npy":
        np.save(path, objects)
    else:
        path.write_bytes(pickle.dumps([Bomb(trace)]))
    with pytest.raises(ValueError, match="Received: pickled Python objects, which are never load"):
        NpzSource(path)
    assert not trace.exists()


def test_what_is_wrong_with_an_npz(tmp_path):
    with pytest.raises(ValueError, match="an array called images.*Received: photos, years"):
        NpzSource(npz(tmp_path / "a.npz", photos=PIXELS, years=[1]))
    whole = npz(tmp_path / "b.npz", images=PIXELS).read_bytes()
    for content in (whole[:-30], whole[: len(whole) // 2], b"PK\x03\x04nothing", b""):
        (tmp_path / "b.npz").write_bytes(content)
        with pytest.raises(ValueError, match="Expected arrays .*b.npz. Received: "):
            NpzSource(tmp_path / "b.npz")
    flipped = bytearray(whole)
    flipped[300] ^= 0xFF
    (tmp_path / "b.npz").write_bytes(flipped)
    with pytest.raises(ValueError, match="a damaged file .*CRC"):
        NpzSource(tmp_path / "b.npz")


def test_a_header_that_claims_more_than_there_is(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (2**40, 64, 64, 3)}
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("images.npy", header.getvalue())
    with pytest.raises(ValueError, match="Expected arrays .*Received: more than fits into memory"):
        NpzSource(tmp_path / "a.npz")
