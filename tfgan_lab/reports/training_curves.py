"""The charts of a run: its log, its evaluations, and what the diagnosis read."""

import numpy as np

from tfgan_lab.reports.charts import curves_chart, shown

_COUNTERS = ("epoch", "step", "images", "seconds")
_PANELS = {
    "losses": "_loss",
    "mean logits": "_logits",
    "gradient norms": "_gradient_norm",
    "penalties": "_penalty",
}
_READINGS = {
    "variety and copies, healthy near 1": (
        "neighbour_ratio", "kernel_entropy_ratio", "coverage", "copying_ratio"
    ),
    "share of images of missing modes": ("missing_modes_share",),
    "what the discriminator is right about": (
        "real_right",
        "fake_right",
        "held_out_right",
        "ranked_right",
    ),
}  # fmt: skip


def log_charts(log) -> list:
    """Charts of what a run logged, one for each kind of value.

    Args:
        log: what ``tfgan_lab.callbacks.csv_log.read_log`` returned.

    Returns:
        List of charts; empty where no epoch is complete.

    Example:
        >>> log = {"epoch": np.array([1.0]), "generator_loss": np.array([0.7])}
        >>> [chart.title.text for chart in log_charts(log)]
        ['losses']
    """
    if not log or not len(log["epoch"]):
        return []
    left = [name for name in log if name not in _COUNTERS and np.isfinite(log[name]).any()]
    charts = []
    for title, ending in _PANELS.items():
        names = [name for name in left if name.endswith(ending)]
        left = [name for name in left if name not in names]
        if names:
            columns = {name: log[name] for name in names}
            positive = all((values[np.isfinite(values)] > 0).all() for values in columns.values())
            charts.append(
                curves_chart(
                    title,
                    ("epoch", log["epoch"]),
                    columns,
                    ending=ending,
                    log_scale=title == "gradient norms" and positive,
                )
            )
    if left:
        columns = {name: log[name] for name in left}
        charts.append(curves_chart("other values", ("epoch", log["epoch"]), columns))
    return charts


def compared_charts(curves, quantities) -> list:
    """Charts of the same quantity of several runs, over training images.

    Args:
        curves: as of ``tfgan_lab.plots.comparisons.compared_curves``.
        quantities: names of columns, a chart each; those that no run has are left out.

    Returns:
        List of charts. Where a run has no value at another one's place, but before and after it,
        what lies between the two stands there.

    Example:
        >>> curves = {"a": {"images": [8, 16], "kid": [0.5, 0.2]}, "b": {"images": [8], "kid": [1]}}
        >>> [chart.title.text for chart in compared_charts(curves, ["kid", "fid"])]
        ['kid']
    """
    charts = []
    for quantity in quantities:
        having = {name: each for name, each in curves.items() if np.size(each.get(quantity, ()))}
        if not having:
            continue
        places = np.unique(np.concatenate([each["images"] for each in having.values()]))
        columns = {
            name: np.interp(places, each["images"], each[quantity], left=np.nan, right=np.nan)
            for name, each in having.items()
        }
        by = ("training images", places)
        charts.append(
            curves_chart(
                shown(quantity), by, columns, labels=dict(zip(columns, columns, strict=True))
            )
        )
    return charts


def metric_charts(histories, released=None) -> list:
    """Charts of the measures that were taken more than once while a run trained.

    Beside each the same of real against real images, and a star at the reading whose
    generator was released.

    Args:
        histories: dict of a measure's name to a list of dicts as in ``metrics.json``.
        released: the reading, one of these dicts, or ``None``.
    """
    charts = []
    for name, history in histories.items():
        if len(history) < 2:
            continue
        columns = {name: [entry["value"] for entry in history]}
        baselines = [entry.get("real_baseline") for entry in history]
        if None not in baselines:
            columns["real against real"] = baselines
        by = ("training images", [entry["images"] for entry in history])
        chart = curves_chart(shown(name), by, columns)
        if released in history:
            chart.scatter(
                [released["images"]],
                [released["value"]],
                marker="star",
                size=14,
                color="#d1495b",
                legend_label="released",
            )
        charts.append(chart)
    return charts


def reading_charts(readings) -> list:
    """Charts of signals of failure.

    Args:
        readings: list of dicts, as in ``verdict.json``.

    Returns:
        List of charts; empty before the second reading.
    """
    if len(readings) < 2:
        return []
    images = [reading["images"] for reading in readings]
    charts = []
    for title, signals in _READINGS.items():
        there = [name for name in signals if any(name in reading for reading in readings)]
        columns = {name: [reading.get(name, np.nan) for reading in readings] for name in there}
        if columns:
            charts.append(curves_chart(title, ("training images", images), columns))
    return charts
