"""Images that latents are searched for, in whatever form, to what the generator could make."""

import numpy as np
import tensorflow as tf
from PIL import Image

_SLACK = 0.01  # Interpolated images overshoot [-1, 1] by rounding.


def as_targets(images, image_shape) -> np.ndarray:
    """Converts images to the size, channels and range of a generator's.

    An image of another size is cropped to its central square and resized with antialiasing, as
    training images are; one with transparency is laid on white; grey and colour are converted.

    Args:
        images: one or several of: a ``PIL.Image.Image``; an array of shape (height, width) or
            (height, width, 1 to 4), uint8, or float in [-1, 1]. An array with a further axis in
            front counts as several.
        image_shape: (height, width, channels 1 or 3) of the generator's images.

    Returns:
        float32 array of shape (n, height, width, channels) in [-1, 1].

    Raises:
        ValueError: no images, another shape or mode, values out of range or not finite.

    Example:
        >>> as_targets(np.zeros((2, 30, 20, 3), np.uint8), (8, 8, 1)).shape
        (2, 8, 8, 1)
    """
    if isinstance(images, Image.Image) or getattr(images, "ndim", 0) in (2, 3):
        images = [images]
    if len(images) == 0:
        raise ValueError("Expected at least 1 image to search latents for. Received: none")
    return np.stack([_as_target(image, image_shape) for image in images])


def _as_target(image, image_shape):
    if isinstance(image, Image.Image):
        if image.mode[0] in "IF":
            raise ValueError(
                "Expected images of 8 bits a channel. "
                f"Received: one of mode {image.mode}, more bits or a range of its own"
            )
        # By way of RGBA, for a palette or a mask may hold transparency.
        image = np.asarray(image.convert("RGBA"))
    image = _in_range(np.asarray(image))
    if image.ndim == 2:
        image = image[..., np.newaxis]
    if image.ndim != 3 or not 1 <= image.shape[-1] <= 4 or 0 in image.shape:
        raise ValueError(
            "Expected images of shape (height, width) or (height, width, 1 to 4). "
            f"Received: shape {image.shape}"
        )
    return _resized(_with_channels(image, image_shape[-1]), image_shape[:2])


def _in_range(image):
    """float32 in [-1, 1]."""
    if image.dtype == np.uint8:
        return image.astype(np.float32) / 127.5 - 1
    if not np.issubdtype(image.dtype, np.floating):
        raise ValueError(
            f"Expected images of uint8, or of floats in [-1, 1]. Received: {image.dtype}"
        )
    # Written so that NaN fails too.
    if image.size and not np.abs(image).max() <= 1 + _SLACK:
        raise ValueError(
            "Expected float images in [-1, 1] (x / 127.5 - 1 makes them from 0 to 255). "
            f"Received: values from {image.min():g} to {image.max():g}"
        )
    return np.clip(image.astype(np.float32), -1, 1)


def _with_channels(image, channels):
    """Lays on white what has transparency, the last of 2 or 4 channels; makes grey or colour."""
    if image.shape[-1] in (2, 4):
        opaque = (image[..., -1:] + 1) / 2
        image = opaque * image[..., :-1] + (1 - opaque)
    if channels == image.shape[-1]:
        return image
    if channels == 1:
        # The luma of ITU-R 601, as Pillow's.
        return (image @ np.float32([0.299, 0.587, 0.114]))[..., np.newaxis]
    return np.repeat(image, channels, axis=-1)


def _resized(image, size):
    if image.shape[:2] == tuple(size):
        return image
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = image[top : top + side, left : left + side]
    resized = tf.image.resize(square, size, method="bicubic", antialias=True)
    return np.clip(resized.numpy(), -1, 1)
