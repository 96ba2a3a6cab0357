"""Histograms: of a number for each image, and of pixels by channel."""

import numpy as np
from matplotlib.figure import Figure

_CHANNELS = {1: [("grey", "0.3")], 3: [("red", "C3"), ("green", "C2"), ("blue", "C0")]}


def histogram(values, label, bins=40) -> Figure:
    """Plots how often values occur, with their median as a line.

    Args:
        values: numbers, at least one.
        label: str, what they are, with their unit.
        bins: int, number of bars, or array of their edges.

    Raises:
        ValueError: no values.

    Example:
        >>> histogram([1, 2, 2], "bytes", bins=2).axes[0].get_xlabel()
        'bytes'
    """
    values = np.asarray(values, float)
    if not values.size:
        raise ValueError("Expected values for a histogram. Received: none")
    figure, axis = _panel()
    axis.hist(values, bins=bins, color="C0", edgecolor="white", linewidth=0.4)
    middle = np.median(values)
    axis.axvline(middle, color="C3", linewidth=1, label=f"median {middle:.4g}")
    axis.set(xlabel=label, ylabel="images")
    axis.legend(fontsize=8, frameon=False)
    return figure


def channel_histograms(counts) -> Figure:
    """Plots how often pixels have each value, a line for each channel.

    Args:
        counts: int array of shape (channels, 256), channels 1 or 3.

    Returns:
        ``matplotlib.figure.Figure``; shares of all pixels, on a scale on which the values at the
        ends, often clipped and many, don't press all others down.

    Example:
        >>> len(channel_histograms(np.ones((3, 256))).axes[0].lines)
        3
    """
    counts = np.asarray(counts, float)
    if counts.ndim != 2 or counts.shape[0] not in _CHANNELS or counts.shape[1] != 256:
        raise ValueError(f"Expected counts of shape (1 or 3, 256). Received: {counts.shape}")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axis = _panel()
    for (name, colour), line in zip(_CHANNELS[len(counts)], shares, strict=True):
        axis.plot(np.arange(256), line, color=colour, linewidth=1, label=name)
    top = shares[:, 1:-1].max()
    if top > 0:
        axis.set_ylim(0, 1.15 * top)
    axis.set(xlabel="pixel value", ylabel="share of pixels", xlim=(0, 255))
    axis.legend(fontsize=8, frameon=False)
    return figure


def _panel():
    figure = Figure(figsize=(6, 3), dpi=120, layout="constrained")
    axis = figure.subplots()
    axis.spines[["top", "right"]].set_visible(False)
    return figure, axis
