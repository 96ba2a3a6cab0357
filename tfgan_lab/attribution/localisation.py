"""Whether maps show the right place, where it is known."""

import numpy as np

from tfgan_lab.attribution.activation_maps import enlarge


def mass_inside(maps, regions) -> np.ndarray:
    """Share of a map's mass that lies within the true region.

    A map that says nothing, the same everywhere, has as much inside as the region has of the
    image, ``regions.mean(axis=(1, 2))``: compare the result with that.

    Args:
        maps: float array of shape (n, h, w); what is negative counts for nothing. Enlarged
            bilinearly where the regions are larger.
        regions: float or bool array of shape (n, height, width), share of every pixel that lies
            within the region.

    Returns:
        float64 array of shape (n,) in [0, 1]; NaN where a map is nowhere positive.

    Raises:
        ValueError: another number of regions than of maps.

    Example:
        >>> left = np.zeros((1, 2, 4)); left[..., :2] = 1
        >>> mass_inside(np.ones((1, 2, 4)), left), mass_inside(3 * left, left)
        (array([0.5]), array([1.]))
    """
    maps, regions = np.asarray(maps, float), np.asarray(regions, float)
    if maps.ndim != 3 or regions.ndim != 3 or len(maps) != len(regions):
        raise ValueError(
            "Expected maps and regions of shape (n, height, width). "
            f"Received: {maps.shape} and {regions.shape}"
        )
    if maps.shape != regions.shape:
        maps = enlarge(maps, *regions.shape[1:]).astype(float)
    positive = np.maximum(maps, 0)
    total = positive.sum(axis=(1, 2))
    inside = (positive * regions).sum(axis=(1, 2))
    return np.divide(inside, total, out=np.full(len(maps), np.nan), where=total > 0)
