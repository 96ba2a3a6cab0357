"""From a file of any kind to a square array of pixels, or to a reason why not."""

import contextlib
import io
import operator
import os
import pathlib
import stat
import struct

import numpy as np
from PIL import Image, ImageChops, PngImagePlugin

from tfgan_lab.data.image_formats import HEAD_BYTES, ReasonError, orientation, reader_of

MAX_PIXELS = 100_000_000
"""Pixels an image may have at most: a header of a few bytes can ask for any amount of memory."""

_MAX_BYTES = 2**29

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
    return list_files_and_folders(folder)[0]


def list_files_and_folders(folder) -> tuple:
    """Lists files as ``list_files`` does, and the folders that were entered.

    Args:
        folder: path.

    Returns:
        Both lists of paths.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
    """
    folder = pathlib.Path(folder)
    if not folder.exists():
        raise FileNotFoundError(f"Expected a folder of images. Received: {folder}, not there")
    if not folder.is_dir():
        raise NotADirectoryError(f"Expected a folder of images. Received: the file {folder}")
    files, folders = [], [folder]
    for here in folders:  # It grows on the way.
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (folders if is_folder else files).append(here / entry.name)
        except OSError:
            files.append(here)
    files.sort(key=lambda path: os.fsencode(path.relative_to(folder).as_posix()))
    return files, folders


def open_image(path, target_size=None) -> Image.Image:
    """Decodes the first frame of an image and turns it upright.

    JPEG, PNG, BMP, GIF and WebP, told by content and not by name. Nothing is decoded before the
    header's width and height are known to be within ``MAX_PIXELS``. Safe to call from many
    threads: it changes no settings of Pillow.

    Args:
        path: file, or the bytes of one.
        target_size: int from 1, side in pixels of the square it is wanted for. A larger JPEG is
            then decoded to a half, a quarter or an eighth, several times faster, and keeps at
            least twice ``target_size`` both ways. ``None`` for all pixels.

    Returns:
        ``PIL.Image.Image`` in a mode of its format's; ``format`` is set, and
        ``info["original_size"]`` is its upright (width, height) before any reduction.

    Raises:
        UnusableImageError: for whatever reason it cannot be used.
        ValueError: ``target_size`` below 1.

    Example:
        >>> open_image("cat.jpg").size  # doctest: +SKIP
        (4032, 3024)
    """
    if target_size is not None:
        target_size = _positive(target_size=target_size)
    with reasons_named(path):
        data, reader = _read(path)
        if reader is PngImagePlugin.PngImageFile:
            # Loading compares no checksums of pixels: of 2000 files with a changed byte, 187 came
            # out as other pixels and without an error.
            reader(io.BytesIO(data)).verify()
        image = reader(io.BytesIO(data))
        _check_size(image.size)
        original_size, format = image.size, image.format
        if target_size is not None:
            image.draft(None, (2 * target_size, 2 * target_size))
        image.load()
        if image.mode == "CMYK" and "adobe" not in image.info:
            # Pillow takes all four-colour JPEGs for inverted ones, which only Adobe's are.
            image = ImageChops.invert(image)
        turn = orientation(image.info.get("exif", b""))
        if turn in _UPRIGHT:
            image = image.transpose(_UPRIGHT[turn])
        if turn >= 5:
            original_size = original_size[::-1]
        image.format = format
        image.info["original_size"] = original_size
        return image


def read_image(path, image_size, channels=3) -> np.ndarray:
    """Reads an image as training sees it: its central square, resized.

    Args:
        path: file.
        image_size: int from 1, height and width to resize to, in pixels.
        channels: 3 for RGB, 1 for grey.

    Returns:
        uint8 array of shape (image_size, image_size, channels).

    Raises:
        UnusableImageError: for whatever reason it cannot be used.
        ValueError: an argument out of its range.

    Example:
        >>> read_image("cat.jpg", image_size=64).shape  # doctest: +SKIP
        (64, 64, 3)
    """
    channels, image = _one_or_three(channels), open_image(path, target_size=image_size)
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


def _read(path):
    """Bytes of an image, and Pillow's class that reads them; a file is looked at before."""
    if isinstance(path, bytes):
        return path, reader_of(path[:HEAD_BYTES])
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        is_link = os.path.islink(path)
        raise ReasonError(
            "a link to a folder, which is not followed"
            if is_link
            else "a folder that cannot be looked into"
        )
    if not stat.S_ISREG(status.st_mode):  # Opening a pipe would block.
        raise ReasonError("not a regular file")
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
        reader = reader_of(head)
        if status.st_size > _MAX_BYTES:
            raise ReasonError(
                f"{status.st_size / 2**20:.0f} MB are more than the limit of "
                f"{_MAX_BYTES / 2**20:.0f} MB"
            )
        return head + file.read(_MAX_BYTES), reader


def _check_size(size):
    width, height = size
    if width * height > MAX_PIXELS:
        raise ReasonError(
            f"{width} x {height} pixels are more than the limit of {MAX_PIXELS / 1e6:g} million"
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
    except Exception as error:
        raise UnusableImageError(path, _reason(path, error)) from error


def _reason(path, error):
    if isinstance(error, ReasonError):
        return str(error)
    if isinstance(error, MemoryError):
        return "more pixels than memory can hold"
    if isinstance(error, Image.DecompressionBombError):
        return f"more pixels than the limit of {MAX_PIXELS / 1e6:g} million"
    if isinstance(error, OSError) and error.errno is not None:
        return _reason_not_read(path, error)
    text = str(error) or type(error).__name__
    ends = EOFError | IndexError | struct.error
    # Pillow wraps what its readers of headers raise.
    if isinstance(error, ends) or isinstance(error.__cause__, ends) or "truncated" in text.lower():
        return "truncated: the file ends before the image is complete"
    if "not identified by this driver" in text:
        text = "its header makes no sense"
    return f"damaged: {text}"


def _reason_not_read(path, error):
    if isinstance(path, (str, os.PathLike)) and os.path.islink(path) and not os.path.exists(path):
        return "a broken link"
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    return f"cannot be read: {error.strerror or error}".lower()


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
