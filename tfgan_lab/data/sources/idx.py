"""The idx format of MNIST and its relatives, plain or compressed with gzip."""

import gzip
import math
import pathlib
import re
import struct
import zlib

import numpy as np

from tfgan_lab.data.sources.arrays import ArraySource

MAX_BYTES = 2**32
"""Bytes an array may have at most: a header of a few bytes can claim any number."""

_TYPES = {
    0x08: np.dtype("u1"),
    0x09: np.dtype("i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
_GZIP = b"\x1f\x8b"


class IdxSource(ArraySource):
    """Images in an idx file, with the labels of the idx file beside it.

    Args:
        path: file of bytes with three axes (or four, the last of them 1 or 3), such as
            ``train-images-idx3-ubyte.gz``. Labels are taken from where MNIST has them, here
            ``train-labels-idx1-ubyte`` with or without ``.gz``; without it there are none.

    Raises:
        ValueError: either file is damaged, or holds something else.
    """

    kind = "an idx file"

    def __init__(self, path):
        path = pathlib.Path(path)
        images = read_idx(path)
        if images.dtype != np.uint8 or images.ndim not in (3, 4):
            raise ValueError(
                f"Expected images in {path}: bytes with 3 or 4 axes. "
                f"Received: {images.dtype.name} with {images.ndim}"
            )
        labels = _labels_beside(path)
        super().__init__(images, None if labels is None else read_idx(labels), location=path)


def is_idx(head) -> bool:
    """Whether bytes are the beginning of an idx file, unpacked.

    Args:
        head: the first four bytes or more.

    Example:
        >>> is_idx(bytes([0, 0, 8, 3]))
        True
    """
    return len(head) >= 4 and head[:2] == b"\0\0" and head[2] in _TYPES and 1 <= head[3] <= 8


def read_idx(path) -> np.ndarray:
    """Reads an idx file, plain or compressed with gzip, told by content.

    Reference:
        The format's description on the pages of MNIST: two zero bytes, type, number of axes, the
        axes as 32-bit numbers, then the values, all with the highest byte first.

    Args:
        path: file.

    Returns:
        Array of the file's type and shape.

    Raises:
        ValueError: it is none, is damaged, or ends too early or too late.

    Example:
        >>> read_idx("train-labels-idx1-ubyte.gz").shape  # doctest: +SKIP
        (60000,)
    """
    try:
        with open(path, "rb") as file:
            compressed = file.read(2) == _GZIP
        with (gzip.open if compressed else open)(path, "rb") as file:
            return _read(file, path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"Expected a whole gzip file in {path}. Received: a damaged or truncated one ({error})"
        ) from error
    except MemoryError as error:
        raise ValueError(
            f"Expected an array that fits into memory in {path}. Received: a larger one"
        ) from error


def _read(file, path):
    head = file.read(4)
    if not is_idx(head):
        raise ValueError(
            f"Expected an idx file in {path}. Received: one that begins with {head.hex(' ')!r}"
        )
    num_axes = head[3]
    axes = file.read(4 * num_axes)
    if len(axes) < 4 * num_axes:
        raise ValueError(f"Expected {num_axes} axes in {path}. Received: a file truncated there")
    shape = struct.unpack(f">{num_axes}I", axes)
    dtype = _TYPES[head[2]]
    expected = math.prod(shape) * dtype.itemsize
    if expected > MAX_BYTES:
        raise ValueError(
            f"Expected at most {MAX_BYTES} bytes of values in {path}. "
            f"Received: a header that tells of {expected}"
        )
    values = file.read(expected + 1)
    if len(values) != expected:
        received = f"{len(values)}: the file is truncated" if len(values) < expected else "more"
        raise ValueError(
            f"Expected {expected} bytes of values in {path}, for {' x '.join(map(str, shape))} of "
            f"{dtype.name}. Received: {received}"
        )
    return np.frombuffer(values, dtype).reshape(shape)


def _labels_beside(path):
    """The file of labels that belongs to a file of images, or ``None``."""
    stem = re.sub(r"\.gz$", "", path.name)
    labels = re.sub(r"images([-.])idx[34]", r"labels\1idx1", stem)
    if labels == stem:
        return None
    candidates = [path.with_name(labels), path.with_name(f"{labels}.gz")]
    return next((each for each in candidates if each.exists()), None)
