import io

import numpy as np
import pytest
from PIL import Image

from tfgan_lab.plots import (
    image_grid,
    loss_curves,
    png_bytes,
    tile_images,
    tile_rows,
    to_uint8,
)


def test_pixels_round_trip():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_uint8(levels / 127.5 - 1), levels)
    np.testing.assert_array_equal(to_uint8(np.array([-2.0, 2.0, 0.0])), [0, 255, 128])


def test_tiles_lie_row_by_row_with_a_margin():
    images = np.stack([np.full((3, 4, 1), value, np.uint8) for value in (10, 20, 30)])
    sheet = tile_images(images, columns=2)
    assert sheet.shape == (2 * 5 + 2, 2 * 6 + 2, 1)
    assert (sheet[2:5, 2:6] == 10).all() and (sheet[2:5, 8:12] == 20).all()
    assert (sheet[7:10, 2:6] == 30).all() and (sheet[7:10, 8:12] == 255).all()
    assert (sheet[:2] == 255).all() and (sheet[:, 6:8] == 255).all()


def test_small_images_are_enlarged_by_repeating_their_pixels():
    images = np.arange(12, dtype=np.uint8).reshape(1, 3, 4, 1)
    sheet = tile_images(images, least_side=7)  # 3 times: 2 times would be 6 pixels high
    np.testing.assert_array_equal(sheet[2:-2, 2:-2], images[0].repeat(3, 0).repeat(3, 1))
    np.testing.assert_array_equal(tile_images(images, least_side=3), tile_images(images))


@pytest.mark.parametrize("channels", [1, 3])
def test_png_round_trip(channels):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, channels)).astype(np.uint8)
    with Image.open(io.BytesIO(png_bytes(image))) as again:
        np.testing.assert_array_equal(np.asarray(again).reshape(image.shape), image)


@pytest.mark.parametrize(
    ("count", "rows", "columns"),
    [(1, 1, 1), (2, 1, 2), (6, 2, 3), (7, 2, 4), (16, 4, 4), (24, 4, 6), (25, 5, 5), (60, 6, 10)],
)
def test_grids_are_whole_where_they_can_be(count, rows, columns):
    sheet = tile_images(np.zeros((count, 8, 8, 1)))
    assert sheet.shape == (10 * rows + 2, 10 * columns + 2, 1)


@pytest.mark.parametrize("shape", [(2, 8, 8, 1), (5, 8, 8, 3), (1, 8, 8, 3)])
def test_image_grid_shows_every_image(shape):
    images = np.random.default_rng(0).uniform(-1, 1, shape)
    figure = image_grid(images, title="some", labels=[str(index) for index in range(shape[0])])
    shown = [axis.images[0].get_array() for axis in figure.axes if axis.images]
    assert len(shown) == shape[0]
    for image, array in zip(images, shown, strict=True):
        np.testing.assert_array_equal(np.squeeze(to_uint8(image)), array)
    assert [axis.get_xlabel() for axis in figure.axes[: shape[0]]] == [
        str(index) for index in range(shape[0])
    ]


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


def test_refuses():
    with pytest.raises(ValueError, match="Expected a column epoch"):
        loss_curves({"loss": [1]})
    with pytest.raises(ValueError, match=r"Expected images of shape .*Received: \(8, 8, 3\)"):
        tile_images(np.zeros((8, 8, 3)))
    with pytest.raises(ValueError, match=r"Received: \(0, 8, 8, 3\)"):
        tile_images(np.zeros((0, 8, 8, 3)))


def test_rows_of_different_lengths():
    rows = [np.full((3, 2, 2, 1), -1.0), np.zeros((0, 2, 2, 1)), np.full((1, 2, 2, 1), -1.0)]
    grid = tile_rows(rows)[..., 0]
    assert grid.shape == (3 * 4 + 2, 3 * 4 + 2)
    assert (grid[2:4, 10:12] == 0).all() and (grid[6:8] == 255).all()
    assert (grid[10:12, 2:4] == 0).all() and (grid[10:12, 6:] == 255).all()
