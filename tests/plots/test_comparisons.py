import numpy as np
import pytest

from tfgan_lab.plots import compared_curves


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


def test_refuses_nothing():
    with pytest.raises(ValueError, match="Expected runs with a column images and one of kid"):
        compared_curves({"a": {"epoch": [1], "kid": [1]}}, ["kid"])


@pytest.mark.parametrize(("largest", "scale"), [(8.0, "linear"), (80.0, "symlog")])
def test_a_few_large_values_press_the_others_into_no_line(largest, scale):
    curves = {"a": {"images": [1, 2, 3, 4], "kid": [0.5, -0.25, np.nan, largest]},
              "b": {"images": [1, 2], "kid": [1.0, 0.5]}}  # fmt: skip
    assert compared_curves(curves, ["kid"]).axes[0].get_yscale() == scale
