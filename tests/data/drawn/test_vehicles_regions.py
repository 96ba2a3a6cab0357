import numpy as np

from tfgan_lab.data.drawn.vehicles import draw_vehicles
from tfgan_lab.data.drawn.vehicles_regions import draw_vehicles_without_wheels, draw_wheel_regions


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


def test_regions_are_of_the_seed():
    one, other = (draw_wheel_regions(1, image_size=32, seed=seed) for seed in (1, 2))
    assert one.shape == (1, 32, 32) and np.abs(one - other).max() > 0.5
