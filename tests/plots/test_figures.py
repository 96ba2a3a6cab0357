"""Figures: curves, histograms, maps and rows."""

import io

import numpy as np
import pytest

from tfgan_lab.plots import (
    channel_histograms,
    compared_curves,
    confusion_map,
    histogram,
    image_grid,
    image_rows,
    loss_curves,
    pixel_maps,
)


def test_curves_show_the_numbers():
    log = {
        "epoch": [1, 2, 3],
        "generator_loss": [3, 2, 1],
        "real_logits": [0, 1, 2],
        "discriminator_gradient_norm": [1, 10, 100],
    }
    axes = loss_curves(log, title="run").axes
    assert [axis.get_ylabel() for axis in axes] == ["loss", "mean logit", "gradient norm"]
    np.testing.assert_array_equal(axes[0].lines[0].get_xydata(), [[1, 3], [2, 2], [3, 1]])
    assert axes[2].get_yscale() == "log"


def test_a_panel_a_quantity_and_a_line_a_run():
    curves = {
        "first": {"images": [8, 16], "generator_loss": [1.0, 2.0], "r1_penalty": [0.1, 0.2]},
        "second": {"images": [8, 16, 24], "generator_loss": [3.0, 2.0, 1.0]},
    }
    figure = compared_curves(curves, ["generator_loss", "kid", "r1_penalty"])
    assert [axis.get_ylabel() for axis in figure.axes] == ["generator loss", "r1 penalty"]
    losses, penalties = figure.axes
    assert [line.get_ydata().tolist() for line in losses.lines] == [[1, 2], [3, 2, 1]]
    # A run has one colour everywhere, though the other lacks this quantity.
    assert len(penalties.lines) == 1
    assert penalties.lines[0].get_color() == losses.lines[0].get_color()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["first", "second"]


def test_eleven_runs_can_be_told_apart():
    curves = {str(index): {"images": [1], "kid": [index]} for index in range(11)}
    lines = compared_curves(curves, ["kid"]).axes[0].lines
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 11


@pytest.mark.parametrize(("largest", "scale"), [(8.0, "linear"), (80.0, "symlog")])
def test_a_few_large_values_press_the_others_into_no_line(largest, scale):
    curves = {"a": {"images": [1, 2, 3, 4], "kid": [0.5, -0.25, np.nan, largest]},
              "b": {"images": [1, 2], "kid": [1.0, 0.5]}}  # fmt: skip
    assert compared_curves(curves, ["kid"]).axes[0].get_yscale() == scale


def test_shares_of_each_row():
    figure = confusion_map([[3, 1], [0, 0]], ["cat", "dog"], title="one")
    (axis,) = figure.axes
    np.testing.assert_allclose(axis.images[0].get_array(), [[0.75, 0.25], [0, 0]])
    assert [text.get_text() for text in axis.texts] == ["75", "25"]
    assert [text.get_text() for text in axis.get_xticklabels()] == ["cat", "dog"]
    assert axis.get_title() == "one"


def test_many_classes_have_no_numbers():
    figure = confusion_map(np.eye(13), [str(label) for label in range(13)])
    assert not figure.axes[0].texts


def test_bars_count_and_the_line_is_the_median():
    (axis,) = histogram([1, 1, 2, 9], "bytes", bins=[0, 1.5, 5, 10]).axes
    assert [patch.get_height() for patch in axis.patches] == [2, 1, 1]
    np.testing.assert_array_equal(axis.lines[0].get_xdata(), [1.5, 1.5])
    assert axis.get_legend().get_texts()[0].get_text() == "median 1.5"


@pytest.mark.parametrize("channels", [1, 3])
def test_lines_are_shares(channels):
    counts = np.zeros((channels, 256))
    counts[:, 0], counts[:, 100] = 3, 1
    (axis,) = channel_histograms(counts).axes
    for line in axis.lines:
        assert line.get_ydata()[0] == 0.75 and line.get_ydata()[100] == 0.25
    assert axis.get_ylim()[1] == pytest.approx(1.15 * 0.25)  # Not that of the clipped value.
    assert len(axis.lines) == channels
    assert channel_histograms(np.zeros((channels, 256))).axes


def test_extremes_keep_their_values_and_the_rest_is_stretched():
    values = np.array([[51.0, 102.0], [102.0, 153.0]])
    figure = pixel_maps({"all": {"maximum": values, "mean": values}, "red": {"variance": values}})
    maximum, mean, variance, empty = figure.axes
    np.testing.assert_allclose(maximum.images[0].get_array(), values / 255)
    np.testing.assert_allclose(mean.images[0].get_array(), [[0, 0.5], [0.5, 1]])
    np.testing.assert_allclose(variance.images[0].get_array(), [[0, 0.5], [0.5, 1]])
    assert maximum.get_xlabel() == "maximum, 51.0 to 153.0" and variance.get_ylabel() == "red"
    assert not empty.images


def test_colours_are_stretched_together():
    values = np.zeros((1, 1, 3))
    values[0, 0] = 10, 20, 30
    (axis,) = pixel_maps({"all": {"mean": values}}).axes
    np.testing.assert_allclose(axis.images[0].get_array(), [[[0, 0.5, 1]]])


def test_a_row_for_each_with_its_name():
    rows = {"32 pixels": np.full((2, 32, 32, 3), -1.0), "grey": np.full((3, 8, 8, 1), 1.0)}
    figure = image_rows(rows, title="sizes")
    axes = np.array(figure.axes).reshape(2, 3)
    assert [axis.get_ylabel() for axis in axes[:, 0]] == ["32 pixels", "grey"]
    assert [len(axis.images) for axis in axes.ravel()] == [1, 1, 0, 1, 1, 1]
    assert axes[0, 1].images[0].get_array().max() == 0
    assert axes[1, 2].images[0].get_array().min() == 255
    assert figure.get_suptitle() == "sizes"


def test_names_may_have_dollars():
    name, images = "cost_$5_$6.png", np.zeros((2, 8, 8, 3))
    figures = [
        image_rows({name: images}, title=name),
        image_grid(images, title=name, labels=[name, "x"]),
        confusion_map(np.eye(2), [name, "x"], title=name),
        loss_curves({"epoch": [1, 2], "generator_loss": [0.7, 0.6]}, title=name),
        pixel_maps({name: {name: np.eye(2)}}),
        compared_curves({name: {"images": [8, 16], "kid": [0.5, 0.2]}}, ["kid"]),
    ]
    for figure in figures:
        figure.savefig(io.BytesIO(), format="png")


def test_a_run_that_has_only_begun_has_no_curve():
    curves = {"a": {"images": [8], "kid": [0.5]}, "b": {"images": [], "kid": []}}
    (axis,) = compared_curves(curves, ["kid"]).axes
    assert len(axis.lines) == 1
