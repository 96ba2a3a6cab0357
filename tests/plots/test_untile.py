import numpy as np
import pytest

from tfgan_lab.plots import tile_images, untile_images


@pytest.mark.parametrize("columns", [None, 1, 3])
@pytest.mark.parametrize("channels", [1, 3])
def test_takes_out_what_was_put_in(columns, channels):
    images = np.random.default_rng(0).integers(0, 256, (7, 6, 9, channels)).astype(np.uint8)
    sheet = tile_images(images, columns=columns)
    np.testing.assert_array_equal(untile_images(sheet, 6, 9, count=7), images)
    np.testing.assert_array_equal(untile_images(sheet, 6, 9, count=2), images[:2])


def test_refuses_sheets_of_other_images():
    sheet = tile_images(np.zeros((4, 8, 8, 3)), columns=2)
    for arguments in ((9, 8, 1), (8, 8, 5), (8, 8, 0)):
        with pytest.raises(
            ValueError, match=r"Expected a sheet of .*Received: shape \(22, 22, 3\)"
        ):
            untile_images(sheet, *arguments)
