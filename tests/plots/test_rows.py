import io

import numpy as np
import pytest

from tfgan_lab.plots import image_grid, image_rows, loss_curves, pixel_maps, tile_images
from tfgan_lab.plots.comparisons import compared_curves
from tfgan_lab.plots.confusion import confusion_map


def test_a_row_for_each_with_its_name():
    rows = {"32 pixels": np.full((2, 32, 32, 3), -1.0), "grey": np.full((3, 8, 8, 1), 1.0)}
    figure = image_rows(rows, title="sizes")
    axes = np.array(figure.axes).reshape(2, 3)
    assert [axis.get_ylabel() for axis in axes[:, 0]] == ["32 pixels", "grey"]
    assert [len(axis.images) for axis in axes.ravel()] == [1, 1, 0, 1, 1, 1]
    assert axes[0, 1].images[0].get_array().max() == 0
    assert axes[1, 2].images[0].get_array().min() == 255
    assert figure.get_suptitle() == "sizes"


@pytest.mark.parametrize("rows", [{}, {"a": np.zeros((0, 8, 8, 3))}, {"a": np.zeros((8, 8, 3))}])
def test_refuses_rows_without_images(rows):
    with pytest.raises(ValueError, match="Expected at least one image in every row"):
        image_rows(rows)


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


def test_no_more_columns_than_images():
    assert tile_images(np.zeros((3, 8, 8, 3)), columns=101).shape == (12, 32, 3)
