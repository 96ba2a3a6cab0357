"""Curves that one can hover, as parts of a page that needs no network."""

import itertools
import typing

import numpy as np

MOST_POINTS = 1000  # of a curve; a longer one is shown as means of neighbours
_COLOURS = ("#1f77b4", "#e5802b", "#2ca02c", "#d04a4a", "#9467bd", "#8c6d5b", "#d66fb0", "#17a5b5")
_GREY = "#848484"  # Legible on white and on black: the page follows the reader's theme.


class EmbeddedCharts(typing.NamedTuple):
    """Charts as a page takes them.

    Attributes:
        resources: str, the library itself, for the page's head.
        script: str, what draws the charts, for the end of the body.
        parts: list of str, an element for each chart, for where it is to stand.
    """

    resources: str
    script: str
    parts: list


def curves_chart(title, by, columns, *, ending="", labels=None, log_scale=False):
    """A chart of values over training, with a sentence of all of them under the pointer.

    Args:
        title: str.
        by: (name, float array of shape (n,)) of the horizontal axis.
        columns: dict of name to float array of shape (n,), at least one; NaN where there is no
            value.
        ending: str, what all names end in and need not say.
        labels: dict of name to what the legend says; the name in words unless given.
        log_scale: bool, for values above 0 that grow or fall by orders of magnitude.

    Returns:
        ``bokeh.plotting.figure``, as wide as where it stands.

    Raises:
        ValueError: no columns, or columns of another length.

    Example:
        >>> chart = curves_chart("loss", ("epoch", [1, 2]), {"generator_loss": [0.7, 0.6]})
        >>> chart.title.text, chart.xaxis.axis_label
        ('loss', 'epoch')
    """
    # Here, because drawing pages is the only thing that needs it.
    from bokeh.models import ColumnDataSource, HoverTool, NumeralTickFormatter
    from bokeh.plotting import figure

    name, places = by[0], np.asarray(by[1], np.float64)
    columns = {key: np.asarray(values, np.float64) for key, values in columns.items()}
    lengths = {len(values) for values in columns.values()}
    if lengths != {len(places)}:
        raise ValueError(
            f"Expected columns of {len(places)} values each, at least one. "
            f"Received: {sorted(lengths) or 'none'}"
        )
    thinned = {key: _thinned(values) for key, values in {name: places, **columns}.items()}
    source = ColumnDataSource(thinned)
    chart = figure(
        title=title,
        height=260,
        sizing_mode="stretch_width",
        x_axis_label=name,
        y_axis_type="log" if log_scale else "linear",
        tools="",  # One that drags would keep a finger from scrolling the page.
        toolbar_location=None,
    )
    labels = labels or {key: shown(key.removesuffix(ending)) for key in columns}
    lines = [
        chart.line(name, key, source=source, color=colour, line_width=1.5, legend_label=label)
        for (key, label), colour in zip(labels.items(), itertools.cycle(_COLOURS), strict=False)
    ]
    if len(thinned[name]) < 20:  # One point is no line: short runs get markers.
        for line in lines:
            chart.scatter(name, line.glyph.y, source=source, color=line.glyph.line_color, size=5)
    tips = [(name, f"@{{{name}}}{{0,0.[0]}}")]
    tips += [(label, f"@{{{key}}}{{0.0000}}") for key, label in labels.items()]
    chart.xaxis.formatter = NumeralTickFormatter(format="0,0.[0]")
    chart.xaxis.ticker.desired_num_ticks = 5
    # One line answers for all, or there would be a box for each.
    chart.add_tools(HoverTool(renderers=lines[:1], tooltips=tips, mode="vline"))
    _follow_theme(chart)
    return chart


def embed_charts(charts) -> EmbeddedCharts:
    """Makes what a page needs to show charts, the library's own code included.

    Args:
        charts: list of what ``curves_chart`` returned; may be empty, then the page needs nothing.

    Returns:
        ``EmbeddedCharts``; the library makes up 1.3 MB of it.
    """
    if not charts:
        return EmbeddedCharts("", "", [])
    from bokeh.embed import components
    from bokeh.resources import Resources

    script, parts = components(tuple(charts))
    # Without the parts for tables, widgets and formulas, which are another 2.5 MB.
    resources = Resources(mode="inline", components=["bokeh"])
    return EmbeddedCharts(resources.render_js(), script, list(parts))


def shown(name) -> str:
    """A column's name as people read it.

    Args:
        name: str, such as ``generator_loss``.

    Example:
        >>> shown("generator_loss")
        'generator loss'
    """
    return name.replace("_", " ")


def _thinned(values):
    """Means of as many neighbours as it takes to have at most ``MOST_POINTS``."""
    group = -(-len(values) // MOST_POINTS)
    if group < 2:
        return values
    starts = np.arange(0, len(values), group)
    counts = np.add.reduceat(np.isfinite(values).astype(float), starts)
    sums = np.add.reduceat(np.nan_to_num(values, nan=0.0), starts)
    return np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)


def _follow_theme(chart):
    chart.background_fill_color = None
    chart.border_fill_color = None
    chart.outline_line_color = None
    chart.title.text_color = _GREY
    for axis in chart.axis:
        axis.axis_label_text_color = axis.major_label_text_color = _GREY
        axis.axis_line_color = axis.major_tick_line_color = _GREY
        axis.minor_tick_line_color = None
    chart.grid.grid_line_color = _GREY
    chart.grid.grid_line_alpha = 0.25
    legend = chart.legend[0]
    chart.add_layout(legend, "below")  # Inside it would hide curves on a narrow page.
    legend.orientation = "horizontal"
    legend.ncols = 2
    legend.click_policy = "hide"
    legend.background_fill_color = legend.border_line_color = None
    legend.label_text_color = _GREY
    legend.label_text_font_size = "12px"
    legend.padding = 0
    legend.location = "left"
