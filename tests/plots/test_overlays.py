import numpy as np
import pytest

from tfgan_lab.plots import overlay


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


def test_refuses_another_number():
    with pytest.raises(ValueError, match="Expected as many maps"):
        overlay(np.zeros((2, 8, 8, 3)), np.zeros((3, 8, 8)))
