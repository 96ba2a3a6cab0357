"""Grids of images, as arrays for PNG files and as figures for reports."""

import io
import math

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

MARGIN = 2  # pixels between two images of a tiled grid


def to_uint8(images) -> np.ndarray:
    """Converts images to 8 bit.

    Args:
        images: float array in [-1, 1], of any shape; what lies outside is clipped. uint8 arrays
            are returned as they are.

    Returns:
        uint8 array of the same shape.
    """
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    return np.clip(np.rint(images * 127.5 + 127.5), 0, 255).astype(np.uint8)


def enlarged(images, least_side) -> np.ndarray:
    """Images of 8 bits, enlarged by a whole factor by repeating their pixels where they are small.

    Args:
        images: array of shape (n, height, width, 1 or 3), float in [-1, 1] or uint8.
        least_side: int, height and width in pixels from which on they stay.

    Raises:
        ValueError: no images, or not of that shape.
    """
    images = to_uint8(images)
    if images.ndim != 4 or not len(images) or images.shape[-1] not in (1, 3):
        raise ValueError(
            f"Expected images of shape (n, height, width, 1 or 3). Received: {images.shape}"
        )
    factor = max(1, -(-least_side // min(images.shape[1:3])))
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def tile_images(images, columns=None, least_side=1) -> np.ndarray:
    """Puts images side by side, row by row, on white, pixel by pixel.

    Args:
        images: as of ``enlarged``, as is ``least_side``.
        columns: int; unless given, the grid is whole if it can be, and about half again as wide
            as high.
        least_side: int from 1.

    Returns:
        uint8 array of shape (height, width, 1 or 3) of the whole grid.

    Raises:
        ValueError: no images, or not of that shape.

    Example:
        >>> tile_images(np.zeros((6, 8, 8, 3))).shape
        (22, 32, 3)
    """
    images = enlarged(images, least_side)
    count, height, width, channels = images.shape
    columns = min(columns or _columns(count), count)
    rows = math.ceil(count / columns)
    cell = (height + MARGIN, width + MARGIN)
    sheet = np.full((rows * cell[0] + MARGIN, columns * cell[1] + MARGIN, channels), 255, np.uint8)
    for index, image in enumerate(images):
        top = (index // columns) * cell[0] + MARGIN
        left = (index % columns) * cell[1] + MARGIN
        sheet[top : top + height, left : left + width] = image
    return sheet


def tile_rows(rows) -> np.ndarray:
    """Puts rows of images below each other, on white; a short row leaves places free.

    Args:
        rows: list of arrays as ``tile_images`` takes them, all of one image's shape; one row or
            more must have images, others may be empty.

    Returns:
        uint8 array of shape (height, width, 1 or 3) of the whole grid.

    Example:
        >>> tile_rows([np.zeros((3, 8, 8, 1)), np.zeros((1, 8, 8, 1))]).shape
        (22, 32, 1)
    """
    rows = [to_uint8(row) for row in rows]
    columns = max(len(row) for row in rows)
    white = np.full((columns, *rows[0].shape[1:]), 255, np.uint8)
    padded = [np.concatenate([row, white[len(row) :]]) for row in rows]
    return tile_images(np.concatenate(padded), columns)


def untile_images(sheet, height, width, count) -> np.ndarray:
    """Takes images out of a sheet that ``tile_images`` has made.

    Args:
        sheet: uint8 array of shape (sheet_height, sheet_width, channels).
        height: int, of one image.
        width: int, of one image.
        count: int from 1, how many, from the upper left, row by row.

    Returns:
        uint8 array of shape (count, height, width, channels).

    Raises:
        ValueError: the sheet is not of such images, or of fewer.

    Example:
        >>> sheet = tile_images(np.zeros((6, 8, 8, 3)))
        >>> untile_images(sheet, 8, 8, count=5).shape
        (5, 8, 8, 3)
    """
    sheet = np.asarray(sheet)
    cell = np.array([height, width]) + MARGIN
    rows, columns = (np.array(sheet.shape[:2]) - MARGIN) // cell
    whole = (cell * (rows, columns) + MARGIN == sheet.shape[:2]).all()
    if not whole or not 1 <= count <= rows * columns:
        raise ValueError(
            f"Expected a sheet of at least {count} images of {height}x{width}. Received: shape "
            f"{sheet.shape}"
        )
    inside = sheet[MARGIN:, MARGIN:].reshape(rows, cell[0], columns, cell[1], sheet.shape[-1])
    images = inside.swapaxes(1, 2).reshape(rows * columns, *cell, sheet.shape[-1])
    return images[:count, :height, :width]


def png_bytes(image) -> bytes:
    """Encodes one image, of shape (height, width, 1 or 3), as PNG."""
    image = to_uint8(image)
    buffer = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(buffer, "PNG")
    return buffer.getvalue()


def show_image(axis, image) -> None:
    """Shows one image of 8 bits, of shape (height, width, 1 or 3), on an axis of a figure."""
    grey = image.shape[-1] == 1
    axis.imshow(image[..., 0] if grey else image, cmap="gray" if grey else None, vmin=0, vmax=255)


def without_frame(axis) -> None:
    """Takes frame and ticks from an axis, and leaves its labels."""
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)


def image_grid(images, columns=None, title="", labels=(), inches=1.5) -> Figure:
    """Shows images as a figure, with a title and a label under each where given.

    Args:
        images: as of ``enlarged``.
        columns: as of ``tile_images``.
        title: str.
        labels: n strings, or none.
        inches: float, width of one image, at 120 dots an inch.

    Example:
        >>> image_grid(np.zeros((2, 8, 8, 3)), title="black").get_suptitle()
        'black'
    """
    images = to_uint8(images)
    columns = columns or _columns(len(images))
    rows = math.ceil(len(images) / columns)
    columns = min(columns, len(images))
    height = inches * images.shape[1] / images.shape[2]
    size = (inches * columns, (height + 0.1) * rows + 0.4)
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    axes = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for axis in axes:
        axis.set_axis_off()
    for index, (axis, image) in enumerate(zip(axes, images, strict=False)):
        show_image(axis, image)
        if labels:
            # A label needs an axis that is on; only its frame and ticks go.
            axis.set_axis_on()
            without_frame(axis)
            axis.set_xlabel(labels[index], fontsize=8, parse_math=False)
    if title:
        figure.suptitle(title, fontsize=10, parse_math=False)
    return figure


def _columns(count):
    ideal = math.sqrt(1.5 * count)
    bearable = range(math.ceil(math.sqrt(count)), math.ceil(math.sqrt(3 * count)) + 1)
    whole = [columns for columns in bearable if count % columns == 0]
    return min(whole, key=lambda columns: abs(columns - ideal), default=math.ceil(ideal))
