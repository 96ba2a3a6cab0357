"""Pictures that latents are searched for, in whatever form, to what the generator could make."""

import numpy as np
import tensorflow as tf
from PIL import Image

_SLACK = 0.01  # Interpolated pictures overshoot [-1, 1] by rounding.


def as_targets(pictures, image_shape) -> np.ndarray:
    """Converts pictures to the size, channels and range of a generator's.

    A picture of another size is cropped to its central square and resized with antialiasing, as
    training pictures are; one with transparency is laid on white; grey and colour are converted.

    Args:
        pictures: one or several of: a ``PIL.Image.Image``; an array of shape (height, width) or
            (height, width, 1 to 4), uint8, or float in [-1, 1]. An array with a further axis in
            front counts as several.
        image_shape: (height, width, channels 1 or 3) of the generator's pictures.

    Returns:
        float32 array of shape (n, height, width, channels) in [-1, 1].

    Raises:
        ValueError: no pictures, another shape or mode, values out of range or not finite.

    Example:
        >>> as_targets(np.zeros((2, 30, 20, 3), np.uint8), (8, 8, 1)).shape
        (2, 8, 8, 1)
    """
    if isinstance(pictures, Image.Image) or getattr(pictures, "ndim", 0) in (2, 3):
        pictures = [pictures]
    if len(pictures) == 0:
        raise ValueError("Expected at least 1 picture to search latents for. Received: none")
    return np.stack([_as_target(picture, image_shape) for picture in pictures])


def _as_target(picture, image_shape):
    if isinstance(picture, Image.Image):
        if picture.mode[0] in "IF":
            raise ValueError(
                "Expected pictures of 8 bits a channel. "
                f"Received: one of mode {picture.mode}, more bits or a range of its own"
            )
        # By way of RGBA, for a palette or a mask may hold transparency.
        picture = np.asarray(picture.convert("RGBA"))
    picture = _in_range(np.asarray(picture))
    if picture.ndim == 2:
        picture = picture[..., np.newaxis]
    if picture.ndim != 3 or not 1 <= picture.shape[-1] <= 4 or 0 in picture.shape:
        raise ValueError(
            "Expected pictures of shape (height, width) or (height, width, 1 to 4). "
            f"Received: shape {picture.shape}"
        )
    return _resized(_with_channels(picture, image_shape[-1]), image_shape[:2])


def _in_range(picture):
    """float32 in [-1, 1]."""
    if picture.dtype == np.uint8:
        return picture.astype(np.float32) / 127.5 - 1
    if not np.issubdtype(picture.dtype, np.floating):
        raise ValueError(
            f"Expected pictures of uint8, or of floats in [-1, 1]. Received: {picture.dtype}"
        )
    # Written so that NaN fails too.
    if picture.size and not np.abs(picture).max() <= 1 + _SLACK:
        raise ValueError(
            "Expected float pictures in [-1, 1] (x / 127.5 - 1 makes them from 0 to 255). "
            f"Received: values from {picture.min():g} to {picture.max():g}"
        )
    return np.clip(picture.astype(np.float32), -1, 1)


def _with_channels(picture, channels):
    """Lays on white what has transparency, the last of 2 or 4 channels; makes grey or colour."""
    if picture.shape[-1] in (2, 4):
        opaque = (picture[..., -1:] + 1) / 2
        picture = opaque * picture[..., :-1] + (1 - opaque)
    if channels == picture.shape[-1]:
        return picture
    if channels == 1:
        # The luma of ITU-R 601, as Pillow's.
        return (picture @ np.float32([0.299, 0.587, 0.114]))[..., np.newaxis]
    return np.repeat(picture, channels, axis=-1)


def _resized(picture, size):
    if picture.shape[:2] == tuple(size):
        return picture
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = picture[top : top + side, left : left + side]
    resized = tf.image.resize(square, size, method="bicubic", antialias=True)
    return np.clip(resized.numpy(), -1, 1)
