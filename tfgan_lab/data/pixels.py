"""Pixels: their range; and where they lie, in memory or, if there are too many, in a file."""

import collections
import itertools
import tempfile

import numpy as np

from tfgan_lab.files import named

MOST_IN_MEMORY = 256 * 2**20
"""Bytes of pixels that are kept in memory: 21,845 RGB images of 64x64, 1,365 of 256x256."""


def collect(images) -> np.ndarray:
    """Puts images of one shape together, however many they are.

    More than ``MOST_IN_MEMORY`` go into a temporary file that the array maps: the system keeps of
    it in memory what there is room for. The file has no name any more and is gone with the array.

    Args:
        images: iterable of uint8 arrays of one shape, at least one.

    Returns:
        uint8 array of shape (n, *shape); a ``np.memmap`` where it lies in a file.

    Raises:
        OSError: no room for the file; ``TMPDIR`` names another folder for it.
        ValueError: no images, or of different shapes.

    Example:
        >>> collect(np.full((4, 4, 3), value, np.uint8) for value in range(5)).shape
        (5, 4, 4, 3)
    """
    images, kept, num_bytes = iter(images), collections.deque(), 0
    for image in images:
        kept.append(image)
        num_bytes += image.nbytes
        if num_bytes > MOST_IN_MEMORY:
            return _write(itertools.chain(_drained(kept), images), image.shape)
    return np.stack(list(kept))


def is_memory_mapped(images) -> bool:
    """Whether an array lies in a file, as ``collect`` and ``np.memmap`` make them, or in memory.

    Args:
        images: array.
    """
    while isinstance(images, np.ndarray):
        if isinstance(images, np.memmap):
            return True
        images = images.base
    return False


def area_weights(size, cells) -> np.ndarray:
    """Each pixel's share in each cell of a coarser or finer grid, so that a product is a mean.

    Args:
        size: int, pixels along a side.
        cells: int, cells along it.

    Returns:
        float64 array of shape (cells, size), rows of sum 1.

    Example:
        >>> area_weights(3, 2).round(3).tolist()
        [[0.667, 0.333, 0.0], [0.0, 0.333, 0.667]]
    """
    edges, pixels = np.arange(cells + 1)[:, None] * (size / cells), np.arange(size)
    overlaps = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    return np.maximum(overlaps, 0) * (cells / size)


def check_range(images) -> None:
    """Checks that images are bytes, or floats in [-1, 1]; interpolated ones overshoot by rounding.

    Args:
        images: array.

    Raises:
        ValueError: another type, or values out of range or not finite.
    """
    if images.dtype == np.uint8:
        return
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(
            f"Expected images of uint8, or of floats in [-1, 1]. Received: {images.dtype}"
        )
    # Written so that NaN fails too.
    if images.size and not np.abs(images).max() <= 1.01:
        raise ValueError(
            "Expected float images in [-1, 1] (x / 127.5 - 1 makes them from 0 to 255). "
            f"Received: values from {images.min():g} to {images.max():g}"
        )


def _drained(images):
    """Lets go of images as they are taken, so that they don't lie in memory and in the file."""
    while images:
        yield images.popleft()


def _write(images, shape):
    folder = f"{tempfile.gettempdir()}, or in the folder that TMPDIR names"
    with named(folder):
        file = tempfile.TemporaryFile(prefix="tfgan-lab-")
    with file:
        for image in images:  # What fails in making them says so itself.
            if image.shape != shape:
                raise ValueError(f"Expected images of {shape}. Received: {image.shape}")
            with named(folder):
                file.write(np.ascontiguousarray(image, np.uint8).data)
        with named(folder):
            file.flush()
            return np.memmap(file, np.uint8, "r+").reshape(-1, *shape)
