"""Images within a page, so that it is one file."""

import base64
import io
import pathlib

import numpy as np
from PIL import Image

from tfgan_lab.plots.grids import to_uint8

_QUALITY = 95  # About a quarter of the PNG's bytes for photographs, and no difference to the eye.


def png_uri(path) -> str | None:
    """A PNG file as an address; ``None`` where there is none.

    Args:
        path: of the file.
    """
    path = pathlib.Path(path)
    if not path.exists():
        return None
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def webp_uri(image) -> str:
    """An image as an address, as WebP, which every browser since 2020 shows.

    Args:
        image: array of shape (height, width, 1 or 3), float in [-1, 1] or uint8.

    Example:
        >>> webp_uri(np.zeros((8, 8, 3)))[:23]
        'data:image/webp;base64,'
    """
    image = to_uint8(image)
    if image.shape[-1] == 1:
        image = np.repeat(image, 3, axis=-1)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "WEBP", quality=_QUALITY)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
