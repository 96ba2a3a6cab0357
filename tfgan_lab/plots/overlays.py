"""Maps laid over the images that they are of."""

import matplotlib
import numpy as np
from PIL import Image

from tfgan_lab.plots.grids import to_uint8


def overlay(images, maps, strength=0.75, scale=None) -> np.ndarray:
    """Colours images, in grey, by maps: red where they are positive, blue where negative.

    Where a map is zero the image shows through; where it is strongest, of either sign, hardly.

    Args:
        images: array of shape (n, height, width, 1 or 3), float in [-1, 1] or uint8.
        maps: float array of shape (n, h, w), enlarged bilinearly.
        strength: float in [0, 1], how much the strongest place hides of the image.
        scale: float, the value of the strongest colour, so that maps compare; unless given, every
            map's own greatest absolute value.

    Returns:
        uint8 array of shape (n, height, width, 3).

    Raises:
        ValueError: another number of maps than of images.

    Example:
        >>> overlay(np.zeros((2, 8, 8, 3)), np.zeros((2, 4, 4))).shape
        (2, 8, 8, 3)
    """
    images, maps = to_uint8(images), np.asarray(maps, np.float32)
    if images.ndim != 4 or maps.ndim != 3 or len(images) != len(maps):
        raise ValueError(
            "Expected as many maps of shape (n, h, w) as images. "
            f"Received: maps {maps.shape}, images {images.shape}"
        )
    colours = matplotlib.colormaps["RdBu_r"]
    height, width = images.shape[1:3]
    overlaid = []
    for image, values in zip(images, maps, strict=True):
        greatest = np.abs(values).max() if scale is None else scale
        scaled = np.clip(values / max(greatest, 1e-12), -1, 1)
        large = Image.fromarray(scaled).resize((width, height), Image.Resampling.BILINEAR)
        scaled = np.asarray(large)
        weight = strength * np.abs(scaled)[..., np.newaxis]
        grey = image.astype(np.float32).mean(axis=-1, keepdims=True)
        colour = 255 * colours((scaled + 1) / 2)[..., :3]
        overlaid.append((1 - weight) * grey + weight * colour)
    return np.clip(np.rint(overlaid), 0, 255).astype(np.uint8)
