"""Vehicles with known regions: where the wheels are, and the same vehicles without them."""

import numpy as np
from PIL import Image, ImageDraw

from tfgan_lab.data.drawn.vehicles import paint_scene, place_vehicle, sample_factors
from tfgan_lab.data.drawn.vehicles_shapes import BODY_TYPES, SHAPES, fill, layers

_FINER = 4  # The regions' edges are drawn on a grid so much finer.


def draw_wheel_regions(count, image_size=64, seed=0) -> np.ndarray:
    """Draws where the wheels, with their arches, are on the vehicles of ``draw_vehicles``.

    Args:
        count: int, at least 1.
        image_size: int, height and width in pixels.
        seed: int, at least 0.

    Returns:
        float32 array of shape (count, image_size, image_size) in [0, 1]: the share of each pixel
        that lies within a wheel.

    Example:
        >>> draw_wheel_regions(2, image_size=32).shape
        (2, 32, 32)
    """
    return np.stack([_region(_scene(seed, index)[0], image_size) for index in range(count)])


def draw_vehicles_without_wheels(count, image_size=64, seed=0) -> np.ndarray:
    """Draws the vehicles that ``draw_vehicles`` draws, without wheels and arches.

    Args:
        count: int, at least 1.
        image_size: int, height and width in pixels.
        seed: int, at least 0.

    Returns:
        uint8 array of shape (count, image_size, image_size, 3).
    """
    scenes = [_scene(seed, index) for index in range(count)]
    return np.stack(
        [paint_scene(factors, rng, image_size, wheels=False) for factors, rng in scenes]
    )


def _scene(seed, index):
    """The factors, and the generator as painting goes on with it."""
    rng = np.random.default_rng([seed, index])
    return sample_factors(rng), rng


def _region(factors, image_size):
    side = _FINER * image_size
    canvas = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(canvas)
    for outline, _ in layers(SHAPES[BODY_TYPES[factors["body_type"]]]):
        if len(outline) == 2:
            fill(draw, outline, 255, place_vehicle(factors, side))
    return np.asarray(canvas.reduce(_FINER), np.float32) / 255
