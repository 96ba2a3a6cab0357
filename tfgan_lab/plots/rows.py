"""Rows of images, each with a name: runs, epochs or settings side by side."""

from matplotlib.figure import Figure

from tfgan_lab.plots.grids import show_image, to_uint8, without_frame


def image_rows(rows, title="", inches=0.9) -> Figure:
    """Shows a row of images for each of several things, one below the other.

    Args:
        rows: dict of a row's name to an array of shape (n, height, width, 1 or 3), float in
            [-1, 1] or uint8. Rows may differ in size and number of images; every image is
            shown equally large.
        title: str.
        inches: float, width of one image, at 120 dots an inch.

    Raises:
        ValueError: no rows, or one without images.

    Example:
        >>> import numpy as np
        >>> len(image_rows({"a": np.zeros((2, 8, 8, 3)), "b": np.zeros((3, 16, 16, 1))}).axes)
        6
    """
    rows = {name: to_uint8(images) for name, images in rows.items()}
    if not rows or any(images.ndim != 4 or not len(images) for images in rows.values()):
        raise ValueError("Expected at least one image in every row. Received: none")
    columns = max(map(len, rows.values()))
    size = (inches * columns + 1.8, (inches + 0.05) * len(rows) + (0.3 if title else 0.1))
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    axes = figure.subplots(len(rows), columns, squeeze=False)
    for axis in axes.ravel():
        without_frame(axis)
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        line[0].set_ylabel(name, fontsize=8, rotation=0, ha="right", va="center", parse_math=False)
        for axis, image in zip(line, images, strict=False):
            show_image(axis, image)
    if title:
        figure.suptitle(title, fontsize=10, parse_math=False)
    return figure
