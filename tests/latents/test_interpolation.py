import numpy as np
import pytest

from tests.latents.generators import conditional_generator, linear_generator
from tfgan_lab.latents import (
    Normal,
    Uniform,
    between,
    closed_walk,
    interpolate,
    linear,
    smoothness,
    spherical,
)

RNG = np.random.default_rng(0)


def test_linear_by_hand():
    way = linear([1.0, 0.0], [0.0, 2.0], steps=5)
    assert way.tolist() == [[1, 0], [0.75, 0.5], [0.5, 1], [0.25, 1.5], [0, 2]]


def test_spherical_keeps_to_the_arc():
    way = spherical([1.0, 0.0, 0.0], [0.0, 0.0, 3.0], steps=4)
    angles = np.deg2rad([0, 30, 60, 90])
    expected = np.stack([np.cos(angles), 0 * angles, np.sin(angles)], axis=-1)
    np.testing.assert_allclose(way, expected * [[1], [5 / 3], [7 / 3], [3]], atol=1e-6)


def test_spherical_is_as_long_as_draws_are_where_linear_falls_short():
    start, end = RNG.normal(size=(2, 512))
    norms = Normal(512).norms(between(start, end, 9, "spherical"))
    assert norms == pytest.approx(1, abs=0.08)
    assert Normal(512).norms(between(start, end, 9))[4] == pytest.approx(0.5**0.5, abs=0.05)


def test_spherical_where_there_is_no_arc():
    one = np.float32([1, 2])
    np.testing.assert_allclose(spherical(one, one, 3), [one] * 3, rtol=1e-6)
    np.testing.assert_allclose(spherical(one, -one, 3), [one, 0 * one, -one], atol=1e-6)
    np.testing.assert_allclose(spherical(0 * one, one, 3), [0 * one, one / 2, one], atol=1e-6)
    np.testing.assert_allclose(spherical(one, 3 * one, 3), [one, 2 * one, 3 * one], rtol=1e-6)


def test_many_ways_at_once():
    start, end = RNG.normal(size=(2, 3, 8))
    for method in (linear, spherical):
        ways = method(start, end, 4)
        assert ways.shape == (4, 3, 8)
        np.testing.assert_allclose(ways[:, 1], method(start[1], end[1], 4), atol=1e-6)


def test_images_on_the_way():
    network = linear_generator(np.eye(4) / 2)
    images = interpolate(network, np.zeros(4), [1.0, -1, 0, 0.5], steps=3)
    assert images.reshape(3, 4).tolist() == [[0] * 4, [0.25, -0.25, 0, 0.125], [0.5, -0.5, 0, 0.25]]
    images = interpolate(conditional_generator(), [0.0, 0], [0.5, 1], steps=2, labels=1)
    assert images[1, 1, :, 0].tolist() == [0.5, 1]


@pytest.mark.parametrize("distribution", [Normal(16, mean=3.0), Uniform(16)])
def test_closed_walk_returns_evenly_to_where_it_began(distribution):
    walk = closed_walk(distribution, num_visited=5, frames=4, seed=2)
    assert walk.shape == (20, 16) and walk.dtype == np.float32
    assert distribution.norms(walk) == pytest.approx(1, abs=0.5)
    jumps = np.linalg.norm(walk - np.roll(walk, 1, axis=0), axis=1)
    assert jumps[0] < 1.5 * np.median(jumps)  # From the last to the first.
    np.testing.assert_array_equal(walk, closed_walk(distribution, 5, 4, seed=2))
    low, high = distribution.bounds
    assert low <= walk.min() and walk.max() <= high


def test_smoothness_by_hand():
    # On a line in the space of images: 0, 1, 0, 3.
    images = np.float64([0, 1, 0, 3])[:, None, None, None] * np.ones((2, 2, 1))
    found = smoothness(images)
    assert (found.length, found.direct) == (5, 3)
    assert found.detour == pytest.approx(5 / 3)
    assert found.largest_jump == pytest.approx(3 / (5 / 3))
    there_and_back = smoothness(images[:3])
    assert there_and_back.detour == np.inf and there_and_back.largest_jump == 1
    assert smoothness(images[:1].repeat(3, axis=0)).largest_jump == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: linear([1.0], [1.0, 2.0]), r"two latents of one shape.*\(1,\) and \(2,\)"),
        (lambda: spherical([1.0], [2.0], 1), "Expected at least 2 steps.*steps=1"),
        (lambda: between([1.0], [2.0], 3, "cubic"), "out of linear, spherical. Received: 'cubic'"),
        (lambda: closed_walk(Normal(2), 1), "at least 2 visits and 1 frame.*num_visited=1"),
        (lambda: smoothness(np.zeros((1, 2, 2, 1))), "Expected at least 2 images. Received: 1"),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
