import numpy as np
import pytest

from experiments.aeroplane import draw_aeroplane, draw_aeroplanes
from tfgan_lab.data.drawn.plates import read_modes


def test_depends_on_seed_and_index_alone():
    several = draw_aeroplanes(4, image_size=32, seed=3)
    assert several.shape == (4, 32, 32, 3) and several.dtype == np.uint8
    for index, image in enumerate(several):
        np.testing.assert_array_equal(image, draw_aeroplane(3, index, 32))
    assert len({image.tobytes() for image in several}) == 4
    assert (draw_aeroplane(0) != draw_aeroplane(1)).any()


def test_is_the_same_at_every_size():
    large, small = draw_aeroplane(image_size=128), draw_aeroplane(image_size=32)
    reduced = large.reshape(32, 4, 32, 4, 3).mean(axis=(1, 3))
    assert np.abs(reduced - small).mean() < 3


def test_is_bright_at_the_edges_and_has_an_aeroplane_in_the_middle():
    for image in draw_aeroplanes(8).astype(float):
        sky, middle = image[:8].mean(axis=(0, 1)), image[20:44, 8:56]
        assert sky[2] > sky[0] > 60  # Blue, by day.
        assert np.ptp(middle, axis=(0, 1)).min() > 120


def test_is_no_plate():
    _, distances = read_modes(draw_aeroplanes(16), return_distances=True)
    assert distances.min() > 0.63


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: draw_aeroplane(seed=-1), "Expected seed of at least 0. Received: seed=-1"),
        (lambda: draw_aeroplane(image_size=8), "Expected image_size of at least 16"),
        (lambda: draw_aeroplanes(0), "Expected count of at least 1. Received: count=0"),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
