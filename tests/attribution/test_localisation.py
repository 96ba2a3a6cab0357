import numpy as np
import pytest

from tfgan_lab.attribution import mass_inside


def test_share_of_the_mass():
    maps = np.array([[[3.0, 1.0], [-5.0, 0.0]], [[0.0, 0.0], [0.0, -1.0]]])
    regions = np.array([[[1, 0.5], [1, 0]], [[1, 1], [0, 0]]])
    inside = mass_inside(maps, regions)
    assert inside[0] == pytest.approx(3.5 / 4)  # What is negative counts for nothing.
    assert np.isnan(inside[1])


def test_a_uniform_map_has_the_region_s_area_inside():
    regions = np.random.default_rng(0).uniform(size=(3, 8, 8))
    inside = mass_inside(np.ones((3, 2, 2)), regions)
    np.testing.assert_allclose(inside, regions.mean(axis=(1, 2)))


def test_refuses_other_shapes():
    with pytest.raises(
        ValueError, match=r"Expected maps and regions .*\(2, 4, 4\) and \(3, 4, 4\)"
    ):
        mass_inside(np.ones((2, 4, 4)), np.ones((3, 4, 4)))
