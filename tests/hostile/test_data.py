"""Images, arrays and records that were damaged, or made to hurt."""

import gzip
import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.hostile.strategies import changed_json, damaged

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 10, 3)).astype(np.uint8)
SIDES = st.sampled_from([0, 1, 9, 2**15, 2**16, 2**31 - 1, 2**31, 2**32 - 1])


def image_files():
    files = []
    for format, arguments in [
        ("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("GIF", {}), ("WEBP", {}),
        ("WEBP", {"lossless": True}), ("BMP", {}),
    ]:  # fmt: skip
        content = io.BytesIO()
        Image.fromarray(PIXELS).save(content, format, **arguments)
        files.append(content.getvalue())
    return files


def idx_file(shape=(3, 6, 5), kind=8, values=None):
    values = bytes(range(90)) if values is None else values
    return struct.pack(f">HBB{len(shape)}I", 0, kind, len(shape), *shape) + values


def npz_file(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


PIXEL_STACK = np.stack([PIXELS] * 3)
IMAGES = image_files()
IDX = [idx_file(), gzip.compress(idx_file(), mtime=0), idx_file((90,))]
NPZ = [
    npz_file(images=PIXEL_STACK, labels=np.arange(3)),
    npz_file(x_train=PIXEL_STACK[..., 0], names=np.array(["a", "b", "c"])),
]


FILES = {"image": IMAGES, "idx": IDX, "npz": NPZ}


@pytest.mark.parametrize("task", FILES)
@given(data=st.data())
def test_damaged_files(fine, task, data):
    fine(task, data.draw(damaged(FILES[task])))


@given(SIDES, SIDES, st.integers(0, 255), st.integers(0, 255))
def test_png_headers_that_lie(fine, width, height, depth, colours):
    head = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(10**6))), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts:
        content += struct.pack(">I", len(data)) + kind + data
        content += struct.pack(">I", zlib.crc32(kind + data))
    fine("image", content)


@given(st.lists(SIDES, min_size=1, max_size=8), st.sampled_from([8, 9, 11, 12, 13, 14]))
def test_idx_headers_that_lie(fine, shape, kind):
    fine("idx", idx_file(shape, kind))
    fine("idx", gzip.compress(idx_file(shape, kind), mtime=0))


@given(
    st.sampled_from(["|u1", "|O", "<U1000000000", "<f8", "V8", "M8[ns]", "nonsense", "<c16"]),
    st.lists(st.sampled_from([-1, 0, 1, 3, 2**31, 2**62, 2**70]), max_size=5),
    st.booleans(),
)
def test_npy_headers_that_lie(fine, dtype, shape, packed):
    header = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {tuple(shape)}, }}\n"
    content = b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header.encode() + bytes(64)
    if packed:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("images.npy", content)
        content = archive.getvalue()
    fine("npz", content)


def test_an_npz_that_unpacks_to_more_than_the_limit(fine):
    content = bytearray(NPZ[0])
    # The size in the archive's own list, of the first of its files.
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = struct.pack("<I", 2**32 - 2)
    assert fine("npz", bytes(content)).startswith("refused: Expected ")


def test_names_within_an_npz_lead_nowhere(fine):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in ("../../evil.npy", "/tmp/evil_of_tfgan_lab.npy", "a" * 250, "images.npy"):
            file.writestr(name, b"\x93NUMPY")
    assert fine("npz", content.getvalue()).startswith("refused: Expected arrays")


@given(
    changed_json(
        {"format": "tfrecord", "class_names": ["a"], "files": [{"file": "x", "sha256": "0"}]}
    )
)
def test_changed_manifests(fine, content):
    assert fine("manifest", content).startswith("refused: ")
