"""What all readers of drawn images do: check them, read them piece by piece, and shrink them."""

import numpy as np

from tfgan_lab.data.pixels import area_weights, check_range

GRID = 32  # pixels; images are averaged to this size before anything is measured
_CHUNK = 128  # images at a time, to bound the memory


def read_in_chunks(images, read) -> tuple:
    """Reads images, some at a time.

    Args:
        images: array of shape (n, size, size, 3) with size in [32, 256]: uint8, or floats in
            [-1, 1].
        read: function from some of them to an int array and a float array, one value an image.

    Returns:
        Int array and float array of shape (n,).

    Raises:
        ValueError: another shape, type or range.
    """
    images = np.asarray(images)
    shape = images.shape
    if len(shape) != 4 or shape[3] != 3 or shape[1] != shape[2] or not 32 <= shape[1] <= 256:
        raise ValueError(
            "Expected images of shape (n, size, size, 3) with size in [32, 256]. "
            f"Received: shape={shape}"
        )
    check_range(images)
    numbers, distances = np.zeros(len(images), np.int64), np.zeros(len(images))
    for start in range(0, len(images), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        numbers[chunk], distances[chunk] = read(images[chunk])
    return numbers, distances


def shrink(images) -> np.ndarray:
    """Averages images over areas, to float32 of shape (n, 32, 32, 3) in 0 to 255.

    Args:
        images: as of ``read_in_chunks``.
    """
    weights = area_weights(images.shape[1], GRID).astype(np.float32)
    values = images.astype(np.float32)
    if images.dtype != np.uint8:
        values = (values + 1) * 127.5
    return np.einsum("gh,nhwc,kw->ngkc", weights, values, weights, optimize=True)
