import numpy as np
import pytest

from tfgan_lab.plots import image_rows


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
def test_refuses_rows_without_pictures(rows):
    with pytest.raises(ValueError, match="Expected at least one picture in every row"):
        image_rows(rows)
