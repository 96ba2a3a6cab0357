"""Maps: a number for each pixel, shown as an image."""

import numpy as np
from matplotlib.figure import Figure

from tfgan_lab.plots.grids import without_frame


def pixel_maps(rows, inches=1.8) -> Figure:
    """Shows arrays as images, a row of them for each kind, each with its range below.

    Args:
        rows: dict of a row's name to a dict of a map's name to an array of shape (height, width)
            or (height, width, 3). Those called "minimum" and "maximum" are shown from 0 to 255,
            all others from their own lowest value to their highest, of all channels together: a
            mean of many images is nearly flat.
        inches: float, width of one map, at 120 dots an inch.

    Raises:
        ValueError: no maps.

    Example:
        >>> figure = pixel_maps({"all": {"mean": np.full((4, 4), 9.0)}})
        >>> figure.axes[0].get_xlabel()
        'mean, 9.0 to 9.0'
    """
    if not rows or not all(rows.values()):
        raise ValueError("Expected at least one map in every row. Received: none")
    columns = max(len(maps) for maps in rows.values())
    figure = Figure(
        figsize=(inches * columns + 0.3, (inches + 0.3) * len(rows)), dpi=120, layout="constrained"
    )
    axes = figure.subplots(len(rows), columns, squeeze=False)
    for axis in axes.ravel():
        without_frame(axis)
    for line, (row, maps) in zip(axes, rows.items(), strict=True):
        line[0].set_ylabel(row, fontsize=9, parse_math=False)
        for axis, (name, values) in zip(line, maps.items(), strict=False):
            values = np.asarray(values, float)
            low, high = values.min(), values.max()
            label = f"{name}, {low:.1f} to {high:.1f}"
            axis.set_xlabel(label, fontsize=7, parse_math=False)
            if name in ("minimum", "maximum"):
                low, high = 0.0, 255.0
            shown = (values - low) / (high - low if high > low else 1.0)
            axis.imshow(shown, cmap="gray", vmin=0, vmax=1)
    return figure
