"""Images that are nearly the same, and images unlike all others, from small thumbnails."""

import numpy as np

from tfgan_lab.data.pixels import area_weights

THUMBNAIL_SIZE = 16
"""Height and width, in pixels, of the thumbnails that images are compared by."""

MAX_HASH_DISTANCE = 8
"""Bits out of 64 in which the hashes of near-duplicates may differ."""

MAX_DIFFERENCE = 0.2
"""Mean absolute difference of near-duplicates' thumbnails, made equally bright, at most.

Over the median of the same for two images at random.
"""

_COMPONENTS = 50
_ROWS = 1024  # compared with all others at a time, to bound the memory


def thumbnails(images) -> np.ndarray:
    """Averages images down to thumbnails.

    Args:
        images: uint8 array of shape (n, size, size, 3) with size from 1; images smaller than a
            thumbnail are enlarged.

    Returns:
        uint8 array of shape (n, 16, 16, 3).
    """
    images = np.asarray(images)
    shares = area_weights(images.shape[1], THUMBNAIL_SIZE)
    rows = np.tensordot(images, shares.T, axes=(1, 0))  # (n, columns, channels, 16)
    return np.rint(np.einsum("ncko,pc->nopk", rows, shares)).astype(np.uint8)


def difference_hashes(thumbs) -> np.ndarray:
    """Perceptual hashes: where brightness rises from left to right.

    They hardly change when an image is compressed, resized, or made brighter or darker.

    Reference:
        The difference hash (dHash): 64 signs of differences between neighbours on a grid of 8 by
        9 grey values.

    Args:
        thumbs: uint8 array of shape (n, 16, 16, 3).

    Returns:
        bool array of shape (n, 64).

    Example:
        >>> ramp = np.arange(16, dtype=np.uint8)[None, None, :, None] * np.ones((1, 16, 1, 3))
        >>> difference_hashes(ramp.astype(np.uint8)).all()
        np.True_
    """
    grey = np.asarray(thumbs, np.float64) @ (0.299, 0.587, 0.114)
    rows = grey.reshape(len(grey), 8, 2, 16).mean(axis=2)
    # Nine columns out of sixteen, by linear interpolation.
    places = np.linspace(0, THUMBNAIL_SIZE - 1, 9)
    left = np.minimum(np.floor(places).astype(int), THUMBNAIL_SIZE - 2)
    part = places - left
    columns = (1 - part) * rows[..., left] + part * rows[..., left + 1]
    return (np.diff(columns, axis=2) > 0).reshape(len(grey), 64)


def near_duplicates(thumbs) -> list:
    """Groups of images that are nearly the same, or nearly the same mirrored.

    Hashes choose the pairs, thumbnails confirm them, by what the set's own images differ: aligned
    faces share many hashes. Of real images it finds all that were compressed again, made half as
    large or a fifth brighter, and most that lost 2 % at every edge. All pairs are looked at, some
    ten seconds for 60,000 images.

    Args:
        thumbs: uint8 array of shape (n, 16, 16, 3).

    Returns:
        List of sorted lists of places, each of at least two, in the order of their first place.

    Example:
        >>> photo = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), np.uint8)
        >>> near_duplicates(np.concatenate([photo, photo[:1, :, ::-1]]))
        [[0, 2]]
    """
    thumbs = np.asarray(thumbs)
    if len(thumbs) < 2:
        return []
    hashes = difference_hashes(thumbs)
    limit = MAX_DIFFERENCE * _usual_difference(thumbs)
    parents = np.arange(len(thumbs))
    for mirrored in (False, True):
        others = thumbs[:, :, ::-1] if mirrored else thumbs
        other_hashes = difference_hashes(others) if mirrored else hashes
        for one, two in _near_pairs(hashes, other_hashes):
            if _difference(thumbs[one], others[two]) <= limit:
                _join(parents, one, two)
    groups = {}
    for place in range(len(thumbs)):
        groups.setdefault(_root(parents, place), []).append(place)
    return [group for group in groups.values() if len(group) > 1]


def farthest(thumbs, count=12) -> np.ndarray:
    """The images farthest from the rest.

    Distance from the mean in units of the spread, in the 50 directions in which the thumbnails
    spread most (Mahalanobis' distance there). What few images have, such as the white corners
    of a round canvas, counts for more than what varies anyway.

    Args:
        thumbs: uint8 array of shape (n, 16, 16, 3).
        count: int, how many at most.

    Returns:
        Int array of places, the farthest first; empty where there are fewer than three images.
    """
    points = np.asarray(thumbs, np.float32).reshape(len(thumbs), -1)
    if len(points) < 3:
        return np.zeros(0, int)
    points -= points.mean(axis=0)
    spreads, directions = np.linalg.eigh(points.T @ points / len(points))
    # With few images every direction is that of a single one, and all are equally far.
    used = min(_COMPONENTS, len(points) // 4 + 1)
    spreads, directions = spreads[::-1][:used], directions[:, ::-1][:, :used]
    whole = spreads > 1e-6 * max(spreads[0], 1e-6)
    scores = points @ directions[:, whole] / np.sqrt(spreads[whole])
    return np.argsort(-(scores**2).sum(axis=1), kind="stable")[:count]


def _near_pairs(hashes, others):
    """Pairs (i, j) with i < j whose hashes differ in few bits, j's out of ``others``."""
    signs, other_signs = (np.where(bits, 1, -1).astype(np.float32) for bits in (hashes, others))
    for start in range(0, len(signs), _ROWS):
        # The product of signs is 64 less twice the bits that differ.
        distances = (64 - signs[start : start + _ROWS] @ other_signs.T) / 2
        for one, two in np.argwhere(distances <= MAX_HASH_DISTANCE):
            if start + one < two:
                yield start + one, two


def _usual_difference(thumbs):
    pairs = np.random.default_rng(0).integers(0, len(thumbs), (500, 2))
    return np.median([_difference(thumbs[i], thumbs[j]) for i, j in pairs if i != j])


def _difference(one, two):
    one, two = one.astype(np.float64), two.astype(np.float64)
    return np.abs((one - one.mean()) - (two - two.mean())).mean()


def _root(parents, place):
    while parents[place] != place:
        place = parents[place]
    return int(place)


def _join(parents, one, two):
    one, two = sorted((_root(parents, one), _root(parents, two)))
    parents[two] = one
