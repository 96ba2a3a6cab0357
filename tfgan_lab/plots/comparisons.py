"""The same quantity of several runs, in one panel."""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

DWARFED = 30  # times the middle of all values: from there on the largest ones dwarf them


def compared_curves(curves, quantities, by="images") -> Figure:
    """Plots quantities over training, a panel for each and in it a line for each run.

    Args:
        curves: dict of a run's name to a dict of equally long arrays: the column ``by`` and
            whatever else was logged. A run lacks the lines of what it has not. Where a few values
            dwarf all others, the vertical axis is logarithmic.
        quantities: names of columns, a panel each; those that no run has are left out.
        by: column of the horizontal axis.

    Returns:
        ``matplotlib.figure.Figure``, one legend for all panels.

    Raises:
        ValueError: nothing to be plotted.

    Example:
        >>> curves = {"a": {"images": [8, 16], "kid": [0.5, 0.2]}, "b": {"images": [8], "kid": [1]}}
        >>> [len(axis.lines) for axis in compared_curves(curves, ["kid"]).axes]
        [2]
    """
    known = [
        name
        for name in quantities
        if any(np.size(each.get(name, ())) and by in each for each in curves.values())
    ]
    if not known:
        raise ValueError(
            f"Expected runs with a column {by} and one of {', '.join(quantities)}. Received: none"
        )
    columns = min(2, len(known))
    rows = math.ceil(len(known) / columns)
    legend_rows = math.ceil(len(curves) / 2)
    size = (4.4 * columns, 2.5 * rows + 0.22 * legend_rows + 0.2)
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axis in axes[len(known) :]:
        axis.set_axis_off()
    lines = {}
    for axis, quantity in zip(axes, known, strict=False):
        for index, (name, each) in enumerate(curves.items()):
            if not (np.size(each.get(quantity, ())) and by in each):
                continue
            # Ten colours, then the same ones dashed.
            style = {"color": f"C{index % 10}", "linestyle": ["-", "--", ":"][index // 10 % 3]}
            marker = "o" if np.size(each[by]) < 20 else ""
            (lines[name],) = axis.plot(
                each[by], each[quantity], marker=marker, markersize=3, linewidth=1, **style
            )
        values = np.concatenate([np.ravel(line.get_ydata()) for line in axis.lines])
        _choose_scale(axis, np.abs(values[np.isfinite(values)]))
        axis.set_ylabel(quantity.replace("_", " "), fontsize=9)
        axis.set_xlabel(by)
        axis.grid(alpha=0.3)
        axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axis.xaxis.set_major_formatter(EngFormatter(sep=""))
    legend = figure.legend(
        lines.values(), lines.keys(), loc="outside lower center", ncols=2, fontsize=8, frameon=False
    )
    for text in legend.get_texts():
        text.set_parse_math(False)  # A run may have two dollars in its name.
    return figure


def _choose_scale(axis, sizes):
    """Linear, unless a few values would press the rest into one line."""
    middle = np.median(sizes) if len(sizes) else 0.0
    if middle and sizes.max() > DWARFED * middle:
        # Values may be 0 or below: within the smallest ones it stays linear.
        axis.set_yscale("symlog", linthresh=max(np.quantile(sizes, 0.05), 1e-6))
