"""Plates with known regions: where the sauce lies, and the same plates without it."""

import dataclasses

import numpy as np
from PIL import Image, ImageDraw

from tfgan_lab.data.drawn.plates import paint_scene, sample_scene

_FINER = 4  # The regions' edges are drawn on a grid so much finer.


def draw_sauce_regions(count, image_size=64, seed=0) -> np.ndarray:
    """Draws where the sauce lies on the plates that ``draw_plates`` draws.

    Args:
        count: int, at least 1.
        image_size: int, height and width in pixels.
        seed: int, at least 0.

    Returns:
        float32 array of shape (count, image_size, image_size) in [0, 1]: the share of each pixel
        that lies within the sauce's outline. Noodles and leaves on top of it count as sauce.

    Example:
        >>> draw_sauce_regions(2, image_size=32).shape
        (2, 32, 32)
    """
    return np.stack([_region(_scene(seed, index), image_size) for index in range(count)])


def draw_plates_without_sauce(count, image_size=64, seed=0) -> np.ndarray:
    """Draws the plates that ``draw_plates`` draws, without sauce and mince.

    They differ from those nowhere but there, for what else is drawn does not depend on it.

    Args:
        count: int, at least 1.
        image_size: int, height and width in pixels.
        seed: int, at least 0.

    Returns:
        uint8 array of shape (count, image_size, image_size, 3).
    """
    images = []
    for index in range(count):
        scene = _scene(seed, index)
        nothing = np.repeat(scene.sauce.mean(axis=0, keepdims=True), len(scene.sauce), axis=0)
        images.append(
            paint_scene(
                dataclasses.replace(scene, sauce=nothing, mince=scene.mince[:0]), image_size
            )
        )
    return np.stack(images)


def _scene(seed, index):
    return sample_scene(np.random.default_rng([seed, index]))


def _region(scene, image_size):
    side = _FINER * image_size
    canvas = Image.new("L", (side, side), 0)
    ImageDraw.Draw(canvas).polygon((scene.sauce * side).ravel().tolist(), fill=255)
    return np.asarray(canvas.reduce(_FINER), np.float32) / 255
