"""Confusion matrices."""

import numpy as np
from matplotlib.figure import Figure

MOST_NUMBERED = 12  # classes; with more the numbers could not be read


def confusion_map(counts, names, title="") -> Figure:
    """Shows how often each class is taken for each.

    Args:
        counts: int array of shape (n, n): of the row's class, how many are taken for the column's.
        names: n strings.
        title: str.

    Raises:
        ValueError: another shape.

    Example:
        >>> confusion_map([[3, 1], [0, 4]], ["cat", "dog"]).axes[0].get_ylabel()
        'conditioned on'
    """
    counts = np.asarray(counts)
    size = len(names)
    if counts.shape != (size, size) or not size:
        raise ValueError(f"Expected counts of shape ({size}, {size}). Received: {counts.shape}")
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    inches = 2.5 + 0.4 * min(size, 2 * MOST_NUMBERED)
    figure = Figure(figsize=(inches, inches), dpi=120, layout="constrained")
    axis = figure.subplots()
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axis.set(xticks=range(size), yticks=range(size), xlabel="taken for", ylabel="conditioned on")
    axis.set_xticklabels(names, rotation=45, ha="right", fontsize=8, parse_math=False)
    axis.set_yticklabels(names, fontsize=8, parse_math=False)
    if size <= MOST_NUMBERED:
        for row, column in np.argwhere(counts > 0):
            colour = "white" if shares[row, column] > 0.5 else "black"
            axis.text(column, row, f"{100 * shares[row, column]:.0f}", ha="center", va="center",
                      color=colour, fontsize=8)  # fmt: skip
    if title:
        axis.set_title(title, fontsize=10, parse_math=False)
    return figure
