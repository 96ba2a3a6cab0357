"""Curves over training."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator


def loss_curves(log, title="", by="epoch") -> Figure:
    """Plots losses, logits and gradient norms over the epochs or steps.

    Args:
        log: dict of equally long arrays: the column ``by`` and any of the names that models log.
        title: str.
        by: column of the horizontal axis.

    Returns:
        ``matplotlib.figure.Figure`` with one panel for each kind of quantity that is there.

    Raises:
        ValueError: no such column.

    Example:
        >>> figure = loss_curves({"epoch": [1, 2], "generator_loss": [0.7, 0.6]})
        >>> len(figure.axes)
        1
    """
    if by not in log:
        raise ValueError(f"Expected a column {by}. Received: {sorted(log)}")
    panels = {
        "loss": [name for name in log if name.endswith("_loss")],
        "mean logit": [name for name in log if name.endswith("_logits")],
        "gradient norm": [name for name in log if name.endswith("_gradient_norm")],
    }
    panels = {label: names for label, names in panels.items() if names}
    figure = Figure(figsize=(7, 2.4 * len(panels)), dpi=120, layout="constrained")
    axes = np.atleast_1d(figure.subplots(len(panels), 1, sharex=True))
    # One point is no line: short runs get markers.
    marker = "o" if len(log[by]) < 20 else ""
    for axis, (label, names) in zip(axes, panels.items(), strict=True):
        for name in names:
            axis.plot(log[by], log[name], marker=marker, markersize=3, linewidth=1, label=name)
        axis.set_ylabel(label)
        axis.legend(fontsize=8, frameon=False)
        axis.grid(alpha=0.3)
        if label == "gradient norm" and all((np.asarray(log[name]) > 0).all() for name in names):
            axis.set_yscale("log")
    axes[-1].set_xlabel(by)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    if title:
        figure.suptitle(title, fontsize=10, parse_math=False)
    return figure
