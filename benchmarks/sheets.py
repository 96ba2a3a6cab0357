"""Sheets of images for the eye: what was generated, unlabelled beside real ones, beside nearest."""

import numpy as np
from PIL import Image

from tfgan_lab.metrics import distances
from tfgan_lab.plots import tile_images, to_uint8

COLUMNS = 8
NUM_CONTACT = 64
NUM_BLIND = 16  # of each kind
NUM_NEAREST = 8


def enlarged(images, side) -> np.ndarray:
    """Images at another size, bicubic, as a viewer would show them.

    Args:
        images: array of shape (n, height, width, 3), float in [-1, 1] or uint8.
        side: int, height and width to bring them to.

    Returns:
        uint8 array of shape (n, side, side, 3).

    Example:
        >>> enlarged(np.zeros((2, 8, 8, 3)), 16).shape
        (2, 16, 16, 3)
    """
    resized = [
        np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))
        for image in to_uint8(images)
    ]
    return np.stack(resized)


def contact_sheet(images, side=128) -> np.ndarray:
    """The first 64 images in rows of 8.

    Args:
        images: array of shape (n, height, width, 3), float in [-1, 1] or uint8.
        side: int, pixels of one image on the sheet.

    Returns:
        uint8 array of shape (height, width, 3).
    """
    return tile_images(enlarged(images[:NUM_CONTACT], side), COLUMNS)


def blind_sheet(generated, reals, seed=0, side=160) -> tuple:
    """Sixteen real and sixteen generated images in random order, and which is which.

    Args:
        generated: array of shape (n, height, width, 3), float in [-1, 1] or uint8.
        reals: array of shape (m, height, width, 3).
        seed: int, key of the choice and of the order.
        side: int, pixels of one image on the sheet.

    Returns:
        (sheet, key): uint8 array of shape (height, width, 3); and a list with a dict for every
        tile, row by row, of ``row`` and ``column`` from 1, ``source``, ``"real"`` or
        ``"generated"``, and ``index``, its place in the array.

    Raises:
        ValueError: fewer than sixteen of a kind.
    """
    sources = {"real": to_uint8(reals), "generated": to_uint8(generated)}
    fewest = min(map(len, sources.values()))
    if fewest < NUM_BLIND:
        raise ValueError(f"Expected at least {NUM_BLIND} images of each kind. Received: {fewest}")
    rng = np.random.default_rng(seed)
    chosen = [
        (source, int(index))
        for source, images in sources.items()
        for index in rng.choice(len(images), NUM_BLIND, replace=False)
    ]
    chosen = [chosen[place] for place in rng.permutation(len(chosen))]
    tiles = np.stack([sources[source][index] for source, index in chosen])
    key = [
        {
            "row": place // COLUMNS + 1,
            "column": place % COLUMNS + 1,
            "source": source,
            "index": index,
        }
        for place, (source, index) in enumerate(chosen)
    ]
    return tile_images(enlarged(tiles, side), COLUMNS), key


def nearest_sheet(generated, reals, generated_features, real_features, side=128) -> np.ndarray:
    """Generated images, each with its nearest training image to the right of it.

    Eight of them from the one nearest to a training image, where copies would be, to the farthest,
    in equal steps of rank.

    Args:
        generated: array of shape (n, height, width, 3), float in [-1, 1] or uint8.
        reals: array of shape (m, height, width, 3).
        generated_features: float array of shape (n, d).
        real_features: float array of shape (m, d).
        side: int, pixels of one image on the sheet.

    Returns:
        uint8 array of shape (height, width, 3).
    """
    between = distances(generated_features, real_features)
    ranks = np.linspace(0, len(generated) - 1, min(NUM_NEAREST, len(generated))).astype(int)
    chosen = np.argsort(between.min(axis=1))[ranks]
    pairs = np.stack(
        [to_uint8(generated)[chosen], to_uint8(reals)[between[chosen].argmin(axis=1)]], axis=1
    )
    return tile_images(enlarged(pairs.reshape(-1, *pairs.shape[2:]), side), COLUMNS)
