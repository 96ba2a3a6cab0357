"""Images put together: sheets, files, animations and overlays."""

import io

import numpy as np
import pytest
from PIL import Image

from tfgan_lab import plots
from tfgan_lab.plots import (
    gif_bytes,
    image_grid,
    overlay,
    png_bytes,
    tile_images,
    tile_rows,
    to_uint8,
    untile_images,
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


def test_rows_of_different_lengths():
    rows = [np.full((3, 2, 2, 1), -1.0), np.zeros((0, 2, 2, 1)), np.full((1, 2, 2, 1), -1.0)]
    grid = tile_rows(rows)[..., 0]
    assert grid.shape == (3 * 4 + 2, 3 * 4 + 2)
    assert (grid[2:4, 10:12] == 0).all() and (grid[6:8] == 255).all()
    assert (grid[10:12, 2:4] == 0).all() and (grid[10:12, 6:] == 255).all()


@pytest.mark.parametrize("columns", [None, 1, 3])
@pytest.mark.parametrize("channels", [1, 3])
def test_takes_out_what_was_put_in(columns, channels):
    images = np.random.default_rng(0).integers(0, 256, (7, 6, 9, channels)).astype(np.uint8)
    sheet = tile_images(images, columns=columns)
    np.testing.assert_array_equal(untile_images(sheet, 6, 9, count=7), images)
    np.testing.assert_array_equal(untile_images(sheet, 6, 9, count=2), images[:2])


@pytest.mark.parametrize("channels", [1, 3])
def test_frames_come_back(channels):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (5, 8, 8, channels)).astype(np.uint8)
    with Image.open(io.BytesIO(gif_bytes(images, milliseconds=50, smallest_side=12))) as animation:
        assert animation.n_frames == 5 and animation.size == (16, 16)
        assert animation.info["loop"] == 0 and animation.info["duration"] == 50
        for index, image in enumerate(images):
            animation.seek(index)
            shown = np.asarray(animation.convert("RGB"))[::2, ::2]
            np.testing.assert_array_equal(shown, np.broadcast_to(image, shown.shape))


def test_red_speaks_for_and_blue_against():
    images = np.zeros((1, 4, 4, 3))
    maps = np.array([[[2.0, 2.0, 0.0, 0.0], [2.0, 2.0, 0.0, 0.0], [-2.0, -2.0, 0.0, 0.0],
                      [-2.0, -2.0, 0.0, 0.0]]])  # fmt: skip
    result = overlay(images, maps).astype(int)[0]
    red, blue, neutral = result[0, 0], result[3, 0], result[0, 3]
    assert red[0] > red[2] + 40 and blue[2] > blue[0] + 40
    assert neutral.tolist() == [128, 128, 128]


def test_maps_are_scaled_each_by_itself_and_grey_images_stay_what_they_are():
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 1)).astype(np.uint8)
    maps = np.ones((2, 2, 2)) * np.array([1.0, 100.0])[:, None, None]
    colour = overlay(images, maps) - overlay(images, maps, strength=0.0)
    assert colour.shape == (2, 8, 8, 3)
    np.testing.assert_array_equal(overlay(images, 0 * maps), images.repeat(3, axis=-1))
    single = overlay(images[1:], maps[:1])
    np.testing.assert_array_equal(overlay(images, maps)[1:], single)


def test_one_scale_for_all_lets_maps_compare():
    images = np.zeros((3, 4, 4, 3))
    maps = np.ones((3, 2, 2)) * np.array([1.0, 4.0, 9.0])[:, None, None]
    result = overlay(images, maps, scale=4.0).astype(int)
    weak, strong, clipped = (image[0, 0, 0] - image[0, 0, 2] for image in result)
    assert 0 < weak < strong == clipped


def test_no_more_columns_than_images():
    assert tile_images(np.zeros((3, 8, 8, 3)), columns=101).shape == (12, 32, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.loss_curves({"loss": [1]}), "Expected a column epoch"),
        (lambda: tile_images(np.zeros((8, 8, 3))), r"images of shape .*Received: \(8, 8, 3\)"),
        (lambda: tile_images(np.zeros((0, 8, 8, 3))), r"Received: \(0, 8, 8, 3\)"),
        (lambda: gif_bytes(np.zeros((0, 8, 8, 3))), "images of shape .*Received: .0, 8, 8, 3."),
        (
            lambda: gif_bytes(np.zeros((1, 8, 8, 3)), milliseconds=5),
            "at least 20 milliseconds.*milliseconds=5",
        ),
        (lambda: overlay(np.zeros((2, 8, 8, 3)), np.zeros((3, 8, 8))), "Expected as many maps"),
        (
            lambda: plots.compared_curves({"a": {"epoch": [1], "kid": [1]}}, ["kid"]),
            "Expected runs with a column images and one of kid",
        ),
        (
            lambda: plots.confusion_map(np.zeros((2, 3)), ["a", "b"]),
            r"Expected counts of shape \(2, 2\). Received: \(2, 3\)",
        ),
        (lambda: plots.histogram([], "bytes"), "Expected values for a histogram"),
        (
            lambda: plots.channel_histograms(np.zeros((2, 256))),
            r"shape \(1 or 3, 256\). Received: \(2, 256\)",
        ),
        (lambda: plots.pixel_maps({}), "at least one map in every row"),
        (lambda: plots.pixel_maps({"all": {}}), "at least one map in every row"),
        (lambda: plots.image_rows({}), "at least one image in every row"),
        (
            lambda: plots.image_rows({"a": np.zeros((0, 8, 8, 3))}),
            "at least one image in every row",
        ),
        (lambda: plots.image_rows({"a": np.zeros((8, 8, 3))}), "at least one image in every row"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("side", "count"), [((9, 8), 1), ((8, 8), 5), ((8, 8), 0)])
def test_refuses_sheets_of_other_images(side, count):
    sheet = tile_images(np.zeros((4, 8, 8, 3)), columns=2)
    with pytest.raises(ValueError, match=r"Expected a sheet of .*Received: shape \(22, 22, 3\)"):
        untile_images(sheet, *side, count)
