"""Images one after the other, as a GIF."""

import io

from PIL import Image

from tfgan_lab.plots.grids import enlarged


def gif_bytes(images, milliseconds=80, smallest_side=256) -> bytes:
    """Encodes images as an animation that repeats for ever.

    Args:
        images: as of ``enlarged``.
        milliseconds: int from 20, how long each image stays; GIF knows hundredths of a second.
        smallest_side: int, see there: viewers show a GIF of 32 pixels as a stamp.

    Raises:
        ValueError: no images, or not of that shape, or shown for too short.

    Example:
        >>> import numpy as np
        >>> gif_bytes(np.zeros((2, 8, 8, 3)))[:6]
        b'GIF89a'
    """
    images = enlarged(images, smallest_side)
    if milliseconds < 20:
        raise ValueError(
            "Expected at least 20 milliseconds, for viewers show less slowly. "
            f"Received: milliseconds={milliseconds}"
        )
    grey = images.shape[-1] == 1
    frames = [Image.fromarray(image[..., 0] if grey else image) for image in images]
    if not grey:
        # A palette for each: with one for all, as Pillow's default, colours come in bands.
        frames = [frame.quantize(256, Image.Quantize.MEDIANCUT) for frame in frames]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0
    )
    return buffer.getvalue()
