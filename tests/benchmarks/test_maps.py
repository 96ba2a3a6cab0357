import keras
import numpy as np
import pytest

from benchmarks import maps
from benchmarks.drawn_regions import draw_plates_without_sauce, draw_sauce_regions
from tfgan_lab.data.drawn.plates import draw_plates


@pytest.mark.slow
def test_maps_of_a_classifier_point_at_the_sauce():
    """Wherever the plate lies: several times as much of their mass as of the image's area."""
    keras.utils.set_random_seed(0)
    network = maps.part_classifier(
        draw_plates_without_sauce(80, 32), draw_plates(80, 32)[0], steps=150
    )
    plates = draw_plates(40, 32, seed=1000)[0]
    regions = draw_sauce_regions(40, 32, seed=1000)
    moved, sauce = maps.shifted(plates, regions, np.random.default_rng(0))
    shares = maps.shares(network, moved, sauce, target=1)
    assert shares["uniform"] == sauce.mean(axis=(1, 2)).mean()
    assert shares["where it mostly is"] < 2 * shares["uniform"]
    for method in ("class_activation", "gradient_weighted", "elementwise"):
        assert shares[method] > 3 * shares["uniform"], shares


def test_shifts_move_images_and_regions_alike():
    images = np.arange(2 * 4 * 4).reshape(2, 4, 4, 1)
    moved, regions = maps.shifted(images, images[..., 0], np.random.default_rng(1))
    np.testing.assert_array_equal(moved[..., 0], regions)
    assert sorted(moved[0].ravel()) == list(range(16)) and (moved != images).any()


def test_patches_are_where_they_are_said_to_be():
    images = np.full((5, 16, 16, 3), 200, np.uint8)
    broken, regions = maps.patched(images, np.random.default_rng(0))
    np.testing.assert_array_equal((broken != images).all(axis=-1), regions == 1)
    assert (regions.sum(axis=(1, 2)) == 16).all() and (images == 200).all()
