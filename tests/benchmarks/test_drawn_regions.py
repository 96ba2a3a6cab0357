import numpy as np

from benchmarks.drawn_regions import (
    draw_plates_without_sauce,
    draw_sauce_regions,
    draw_vehicles_without_wheels,
    draw_wheel_regions,
)
from tfgan_lab.data.drawn.plates import draw_plates
from tfgan_lab.data.drawn.vehicles import draw_vehicles


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


def test_vehicles_with_and_without_wheels_differ_at_the_wheels_alone():
    images = draw_vehicles(8, image_size=64, seed=3)[0]
    without = draw_vehicles_without_wheels(8, image_size=64, seed=3)
    regions = draw_wheel_regions(8, image_size=64, seed=3)
    changed = np.abs(images.astype(int) - without).sum(axis=-1)
    for index in range(8):
        # A wheel's edge may fall within a pixel on one grid and beside it on the other.
        assert changed[index][regions[index] == 0].sum() < 0.01 * changed[index].sum()
        assert changed[index][regions[index] == 1].mean() > 60
        left, right = regions[index][:, :32], regions[index][:, 32:]
        assert left.sum() > 0.3 * right.sum() > 0.09 * left.sum()
