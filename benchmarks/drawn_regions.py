"""Drawn plates and vehicles with known regions: sauce and wheels, and the same without them.

Every function takes ``count``, ``image_size`` and ``seed``, as ``draw_plates`` and
``draw_vehicles`` do, and draws parts of those images.
"""

import dataclasses

import numpy as np
from PIL import Image, ImageDraw

from tfgan_lab.data.drawn import plates, vehicles
from tfgan_lab.data.drawn.vehicles_shapes import BODY_TYPES, SHAPES, fill, layers

_FINER = 4  # The regions' edges are drawn on a grid so much finer.


def draw_sauce_regions(count, image_size=64, seed=0) -> np.ndarray:
    """Where the sauce lies: the share of each pixel within its outline, also under noodles.

    Returns:
        float32 array of shape (count, image_size, image_size) in [0, 1].
    """

    def paint(index, draw, side):
        draw.polygon((_scene(seed, index).sauce * side).ravel().tolist(), fill=255)

    return _regions(paint, count, image_size)


def draw_plates_without_sauce(count, image_size=64, seed=0) -> np.ndarray:
    """The plates without sauce and mince; all else is drawn as it was."""
    images = []
    for index in range(count):
        scene = _scene(seed, index)
        nothing = np.repeat(scene.sauce.mean(axis=0, keepdims=True), len(scene.sauce), axis=0)
        scene = dataclasses.replace(scene, sauce=nothing, mince=scene.mince[:0])
        images.append(plates.paint_scene(scene, image_size))
    return np.stack(images)


def draw_wheel_regions(count, image_size=64, seed=0) -> np.ndarray:
    """Where the wheels are, with their arches; as of ``draw_sauce_regions``."""

    def paint(index, draw, side):
        factors = vehicles.sample_factors(np.random.default_rng([seed, index]))
        for outline, _ in layers(SHAPES[BODY_TYPES[factors["body_type"]]]):
            if len(outline) == 2:
                fill(draw, outline, 255, vehicles.place_vehicle(factors, side))

    return _regions(paint, count, image_size)


def draw_vehicles_without_wheels(count, image_size=64, seed=0) -> np.ndarray:
    """The vehicles without wheels and arches; all else is drawn as it was."""
    images = []
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        factors = vehicles.sample_factors(rng)
        images.append(vehicles.paint_scene(factors, rng, image_size, wheels=False))
    return np.stack(images)


def _scene(seed, index):
    return plates.sample_scene(np.random.default_rng([seed, index]))


def _regions(paint, count, image_size):
    regions, side = [], _FINER * image_size
    for index in range(count):
        canvas = Image.new("L", (side, side), 0)
        paint(index, ImageDraw.Draw(canvas), side)
        regions.append(np.asarray(canvas.reduce(_FINER), np.float32) / 255)
    return np.stack(regions)
