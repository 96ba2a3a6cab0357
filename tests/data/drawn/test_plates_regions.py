import numpy as np

from tfgan_lab.data.drawn.plates import draw_plates
from tfgan_lab.data.drawn.plates_regions import draw_plates_without_sauce, draw_sauce_regions


def test_plates_with_and_without_sauce_differ_where_the_sauce_is():
    images, factors = draw_plates(6, image_size=64, seed=3)
    without = draw_plates_without_sauce(6, image_size=64, seed=3)
    regions = draw_sauce_regions(6, image_size=64, seed=3)
    changed = np.abs(images.astype(int) - without).sum(axis=-1)
    for index in range(6):
        # Its shadow and its gleam reach a little beyond the outline.
        assert changed[index][regions[index] > 0].sum() > 0.9 * changed[index].sum()
        assert changed[index][regions[index] == 1].mean() > 60
        # A blob of wobbling outline has about the area of its disc.
        disc = np.pi * factors["sauce_radius"][index] ** 2
        assert 0.7 < regions[index].mean() / disc < 1.5
    assert regions.dtype == np.float32 and regions.min() == 0 and regions.max() == 1


def test_regions_are_of_any_size_and_of_the_seed():
    large, small = (draw_sauce_regions(2, image_size=size, seed=1) for size in (64, 32))
    np.testing.assert_allclose(large.reshape(2, 32, 2, 32, 2).mean(axis=(2, 4)), small, atol=0.2)
    assert np.abs(draw_sauce_regions(2, image_size=32, seed=2) - small).max() == 1
