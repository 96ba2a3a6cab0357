"""From a file of any kind to a square array of pixels, or to a reason why not."""

import contextlib
import io
import operator
import os
import pathlib
import stat
import struct

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageChops,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from tfgan_lab.data import _containers

MAX_PIXELS = 100_000_000
"""Pixels an image may have at most: a header of a few bytes can ask for any amount of memory."""

_MAX_BYTES = 2**29

# Image.open would choose by itself, warn above a limit of its own that is one for the whole
# process, and follow an MPO to its further images.
_READERS = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "MPO": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class UnusableImageError(ValueError):
    """A file that cannot be used as an image.

    Args:
        path: the file.
        reason: a short phrase in plain words, to stand behind the file's name.
    """

    def __init__(self, path, reason):
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self):
        name = "an image in memory" if isinstance(self.path, bytes) else self.path
        return f"{name}: {self.reason}"


def list_files(folder) -> list[pathlib.Path]:
    """Lists everything under a folder that is not a folder itself.

    Hidden files, pipes and broken links are listed too, so that callers that read the images can
    name all that had to be left out. Links to folders are listed and not entered: they can lead
    round in circles, or out over a whole disk. A folder that may not be looked into is listed.

    Args:
        folder: path.

    Returns:
        Paths below ``folder``, sorted by the bytes of their relative posix path.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.

    Example:
        >>> list_files("images")  # doctest: +SKIP
        [PosixPath('images/cats/1.jpg'), PosixPath('images/dogs/1.jpg')]
    """
    folder = pathlib.Path(folder)
    if not folder.exists():
        raise FileNotFoundError(f"Expected a folder of images. Received: {folder}, not there")
    if not folder.is_dir():
        raise NotADirectoryError(f"Expected a folder of images. Received: the file {folder}")
    files, waiting = [], [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (waiting if is_folder else files).append(here / entry.name)
        except OSError:
            files.append(here)
    return sorted(files, key=lambda path: os.fsencode(path.relative_to(folder).as_posix()))


def open_image(path, max_pixels=MAX_PIXELS, target_size=None) -> Image.Image:
    """Decodes the first frame of an image and turns it upright.

    JPEG, MPO, PNG, BMP, GIF and WebP, told by content and not by name. Nothing is decoded before
    the header's width and height are known to be within the limit. Safe to call from many
    threads: it emits no warnings and changes no settings of Pillow.

    Args:
        path: file, or the bytes of one.
        max_pixels: int from 1, width times height at most.
        target_size: int from 1, side in pixels of the square it is wanted for. A larger JPEG is
            then decoded to a half, a quarter or an eighth, several times faster, and keeps at
            least twice ``target_size`` both ways. ``None`` for all pixels.

    Returns:
        ``PIL.Image.Image`` in a mode of its format's; ``format`` is set, and
        ``info["original_size"]`` is its upright (width, height) before any reduction.

    Raises:
        UnusableImageError: for whatever reason it cannot be used.
        ValueError: ``max_pixels`` or ``target_size`` below 1.

    Example:
        >>> open_image("cat.jpg").size  # doctest: +SKIP
        (4032, 3024)
    """
    max_pixels = _positive(max_pixels=max_pixels)
    if target_size is not None:
        target_size = _positive(target_size=target_size)
    with reasons_named(path):
        container = _read_container(path)
        if container.size:
            _check_size(container.size, max_pixels)
        image = _READERS[container.format](io.BytesIO(container.data))
        _check_size(image.size, max_pixels)
        original_size = image.size
        if target_size is not None:
            image.draft(None, (2 * target_size, 2 * target_size))
        image.load()
        if image.mode == "CMYK" and "adobe" not in image.info:
            # Pillow takes all four-colour JPEGs for inverted ones, which only Adobe's are.
            image = ImageChops.invert(image)
        # WebP keeps its EXIF to itself until opened.
        turn = _containers.orientation(container.exif or image.info.get("exif", b""))
        if turn in _UPRIGHT:
            image = image.transpose(_UPRIGHT[turn])
        if turn >= 5:
            original_size = original_size[::-1]
        image.format = container.format
        image.info["original_size"] = original_size
        return image


def read_image(path, image_size, channels=3, max_pixels=MAX_PIXELS) -> np.ndarray:
    """Reads an image as training sees it: its central square, resized.

    Args:
        path: file.
        image_size: int from 1, height and width to resize to, in pixels.
        channels: 3 for RGB, 1 for grey.
        max_pixels: int from 1, width times height at most.

    Returns:
        uint8 array of shape (image_size, image_size, channels).

    Raises:
        UnusableImageError: for whatever reason it cannot be used.
        ValueError: an argument out of its range.

    Example:
        >>> read_image("cat.jpg", image_size=64).shape  # doctest: +SKIP
        (64, 64, 3)
    """
    image_size, channels = _positive(image_size=image_size), _one_or_three(channels)
    image = open_image(path, max_pixels, target_size=image_size)
    with reasons_named(path):
        return fit_square(image, image_size, channels)


def fit_square(image, image_size, channels=3) -> np.ndarray:
    """Crops a decoded image to its central square and resizes it, with antialiasing.

    16 bits a pixel are scaled to 8 and transparency is laid on white. Colour profiles are not
    applied.

    Args:
        image: ``PIL.Image.Image`` of any mode.
        image_size: int from 1, height and width to resize to, in pixels.
        channels: 3 for RGB, 1 for grey (the luma of ITU-R 601).

    Returns:
        uint8 array of shape (image_size, image_size, channels).

    Raises:
        ValueError: an argument out of its range.

    Example:
        >>> fit_square(Image.new("L", (30, 20), 7), 2, channels=1).tolist()
        [[[7], [7]], [[7], [7]]]
    """
    image_size, channels = _positive(image_size=image_size), _one_or_three(channels)
    side = min(image.size)
    # Whole pixels, so that an image of the right height is cropped and not blurred.
    left, top = (image.width - side) // 2, (image.height - side) // 2
    # Cropped first: with resize's own box, what lies outside would bleed into the edges.
    image = to_channels(image.crop((left, top, left + side, top + side)), channels)
    image = image.resize((image_size, image_size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.array(image, np.uint8).reshape(image_size, image_size, channels)


def to_channels(image, channels=3) -> Image.Image:
    """Converts a decoded image to 8-bit RGB or grey, of its own size; see ``fit_square``.

    Args:
        image: ``PIL.Image.Image`` of any mode.
        channels: 3 for RGB, 1 for grey.
    """
    image = _to_8_bit(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image = image.convert("RGB" if image.mode not in ("L", "1") else "L")
    return image.convert("RGB" if channels == 3 else "L")


def _read_container(path):
    """Reads a regular file whole, after a look at its first bytes."""
    if isinstance(path, bytes):
        if not path:
            raise _containers.ContainerError("empty")
        return _containers.take_apart(path, _containers.identify(path[: _containers.HEAD_BYTES]))
    try:
        status = os.stat(path)
        # Opening a pipe would block.
        if stat.S_ISDIR(status.st_mode):
            is_link = os.path.islink(path)
            raise _containers.ContainerError(
                "a link to a folder, which is not followed"
                if is_link
                else "a folder that cannot be looked into"
            )
        if not stat.S_ISREG(status.st_mode):
            raise _containers.ContainerError("not a regular file")
        with open(path, "rb") as file:
            head = file.read(_containers.HEAD_BYTES)
            if not head:
                raise _containers.ContainerError("empty file")
            format = _containers.identify(head)
            if status.st_size > _MAX_BYTES:
                raise _containers.ContainerError(
                    f"{status.st_size / 2**20:.0f} MB are more than the limit of "
                    f"{_MAX_BYTES / 2**20:.0f} MB"
                )
            data = head + file.read(_MAX_BYTES)
    except OSError as error:
        raise _containers.ContainerError(_reason_not_read(path, error)) from error
    return _containers.take_apart(data, format)


def _reason_not_read(path, error):
    if os.path.islink(path) and not os.path.exists(path):
        return "a broken link"
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    return f"cannot be read: {error.strerror or error}".lower()


def _check_size(size, max_pixels):
    width, height = size
    if width * height > max_pixels:
        limit = f"{max_pixels / 1e6:g} million" if max_pixels >= 1_000_000 else f"{max_pixels}"
        raise _containers.ContainerError(
            f"{width} x {height} pixels are more than the limit of {limit}"
        )


@contextlib.contextmanager
def reasons_named(path):
    """Turns whatever Pillow raises on hostile bytes into one error with a readable reason.

    Args:
        path: the file that the error will name.

    Raises:
        UnusableImageError: anything was raised inside.

    Example:
        >>> with reasons_named("cat.jpg"):
        ...     fit_square(Image.new("L", (8, 8)), 4).shape
        (4, 4, 3)
    """
    try:
        yield
    except _containers.ContainerError as error:
        raise UnusableImageError(path, str(error)) from error
    except MemoryError as error:
        raise UnusableImageError(path, "more pixels than memory can hold") from error
    except Exception as error:
        raise UnusableImageError(path, _reason_not_decoded(error)) from error


def _reason_not_decoded(error):
    text = str(error) or type(error).__name__
    ends = EOFError | IndexError | struct.error
    # Pillow wraps what its readers of headers raise.
    if isinstance(error, ends) or isinstance(error.__cause__, ends) or "truncated" in text.lower():
        return "truncated: the file ends before the image is complete"
    if "not identified by this driver" in text:
        text = "its header makes no sense"
    return f"damaged: {text}"


def _to_8_bit(image):
    """Scales pixels of more than 8 bits to 0..255 by the range of their type."""
    if not image.mode.startswith(("I", "F")):
        return image
    pixels = np.asarray(image)
    # Both modes say nothing of their range: 16 bits, or 0 to 1, unless the pixels exceed it.
    full = 65535 if image.mode != "F" or pixels.max() > 255 else 255 if pixels.max() > 1 else 1
    full = max(full, float(pixels.max()))
    grey = Image.fromarray((pixels.clip(0) * (255 / full) + 0.5).astype(np.uint8))
    transparent = image.info.get("transparency")
    if transparent is not None:
        grey.putalpha(Image.fromarray(np.where(pixels == transparent, 0, 255).astype(np.uint8)))
    return grey


def _one_or_three(channels):
    if channels not in (1, 3):
        raise ValueError(f"Expected channels to be 1 or 3. Received: channels={channels!r}")
    return channels


def _positive(**argument):
    ((name, value),) = argument.items()
    with contextlib.suppress(TypeError):
        if operator.index(value) >= 1:
            return operator.index(value)
    raise ValueError(f"Expected {name} to be an integer from 1. Received: {name}={value!r}")
