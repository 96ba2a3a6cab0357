"""Images that latents are searched for, in whatever form, to what the generator could make."""

import numpy as np
from PIL import Image

from tfgan_lab.data.decoding import fit_square
from tfgan_lab.data.pixels import check_range


def as_targets(images, image_shape) -> np.ndarray:
    """Converts images to the size, channels and range of a generator's.

    An image of another size, mode or number of channels is fitted exactly as training images are:
    cropped to its central square, laid on white where it is transparent, and resized with
    antialiasing, all in 8 bits. One that the generator could have made stays as it is.

    Args:
        images: one or several of: a ``PIL.Image.Image``; an array of shape (height, width) or
            (height, width, 1 to 4), uint8, or float in [-1, 1]. An array with a further axis in
            front counts as several.
        image_shape: (height, width, channels 1 or 3) of the generator's images.

    Returns:
        float32 array of shape (n, height, width, channels) in [-1, 1].

    Raises:
        ValueError: no images, another shape, values out of range or not finite, or images to be
            fitted to a generator of images that are not square.

    Example:
        >>> as_targets(np.zeros((2, 30, 20, 3), np.uint8), (8, 8, 1)).shape
        (2, 8, 8, 1)
    """
    if isinstance(images, Image.Image) or getattr(images, "ndim", 0) in (2, 3):
        images = [images]
    if len(images) == 0:
        raise ValueError("Expected at least 1 image to search latents for. Received: none")
    return np.stack([_as_target(image, tuple(image_shape)) for image in images])


def _as_target(image, image_shape):
    if not isinstance(image, Image.Image):
        image = np.asarray(image)
        check_range(image)
        if image.shape == image_shape:
            return _to_float(image)
        image = _to_pillow(image)
    height, width, channels = image_shape
    if height != width:
        raise ValueError(
            f"Expected images of shape {image_shape}, as the generator makes them, for they are "
            f"not square and no other is fitted to that. Received: one of {image.size} pixels"
        )
    return _to_float(fit_square(image, height, channels))


def _to_pillow(image):
    if image.ndim == 2:
        image = image[..., np.newaxis]
    if image.ndim != 3 or not 1 <= image.shape[-1] <= 4 or 0 in image.shape:
        raise ValueError(
            "Expected images of shape (height, width) or (height, width, 1 to 4). "
            f"Received: shape {image.shape}"
        )
    if image.dtype != np.uint8:
        image = np.rint(np.clip(image, -1, 1) * 127.5 + 127.5).astype(np.uint8)
    return Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)


def _to_float(image):
    if image.dtype == np.uint8:
        return image / np.float32(127.5) - 1
    return np.clip(image.astype(np.float32), -1, 1)
