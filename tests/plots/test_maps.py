import numpy as np
import pytest

from tfgan_lab.plots import pixel_maps


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


@pytest.mark.parametrize("rows", [{}, {"all": {}}])
def test_refuses_nothing(rows):
    with pytest.raises(ValueError, match="at least one map in every row"):
        pixel_maps(rows)
