"""Drawn aeroplanes: images that no generator of anything else was trained on.

A user who searches for an image's latents wants to know what becomes of one from outside of the
class. An airliner in side view under the sky, painted on a large canvas and averaged down.
"""

import numpy as np
from PIL import Image, ImageDraw

from tfgan_lab.data.drawn.drawing import check_drawing

_SKIES = (((92, 148, 214), (206, 226, 243)), ((120, 166, 206), (244, 226, 204)),
          ((70, 110, 170), (176, 200, 226)))  # fmt: skip
_LIVERIES = ((196, 40, 44), (28, 70, 152), (22, 120, 92), (226, 132, 28), (92, 56, 130))
_BODY, _SHADE, _GLASS, _METAL = (242, 244, 247), (196, 203, 213), (44, 62, 88), (128, 137, 150)
_CANVAS = 512  # pixels, at least; thin lines are averaged, not missed

# Outlines in units of half the aeroplane's length, x forward and y down, from nose to tail.
_FUSELAGE = [
    (1.0, 0.03), (0.97, -0.03), (0.9, -0.075), (0.8, -0.105), (-0.5, -0.11), (-0.75, -0.1),
    (-1.0, -0.065), (-1.0, -0.035), (-0.62, 0.085), (-0.4, 0.11), (0.75, 0.11), (0.93, 0.085),
]  # fmt: skip
_BELLY = [(0.97, 0.055), (-0.5, 0.055), (-0.62, 0.085), (-0.4, 0.11), (0.75, 0.11), (0.93, 0.085)]
_FIN = [(-0.66, -0.1), (-0.88, -0.42), (-1.0, -0.42), (-0.96, -0.08)]
_FAR_WING = [(0.2, -0.02), (0.02, -0.2), (-0.06, -0.2), (-0.02, -0.02)]
_NEAR_WING = [(0.24, 0.04), (-0.26, 0.44), (-0.38, 0.44), (-0.14, 0.05)]
_TAILPLANE = [(-0.72, -0.04), (-0.96, 0.09), (-1.04, 0.09), (-0.94, -0.04)]
_ENGINE = [(0.17, 0.15), (0.19, 0.19), (0.17, 0.23), (-0.02, 0.22), (-0.04, 0.19), (-0.02, 0.16)]
_COCKPIT = [(0.93, -0.055), (0.87, -0.085), (0.83, -0.085), (0.84, -0.045), (0.92, -0.035)]


def draw_aeroplane(seed=0, index=0, image_size=64) -> np.ndarray:
    """Draws one aeroplane under the sky.

    Args:
        seed: int from 0.
        index: int from 0; sky, clouds, livery, place, size and slope depend on it and ``seed``.
        image_size: int from 16, height and width in pixels.

    Returns:
        uint8 array of shape (image_size, image_size, 3).

    Raises:
        ValueError: an argument out of its range.

    Example:
        >>> draw_aeroplane(image_size=32).shape
        (32, 32, 3)
    """
    check_drawing(seed, index, image_size)
    rng = np.random.default_rng([seed, index])
    factor = -(-_CANVAS // image_size)
    size = factor * image_size
    canvas = Image.fromarray(_sky(rng, size))
    _clouds(ImageDraw.Draw(canvas, "RGBA"), rng, size)
    _aeroplane(ImageDraw.Draw(canvas), rng, size)
    return np.asarray(canvas.reduce(factor)).copy()


def draw_aeroplanes(count=16, image_size=64, seed=0) -> np.ndarray:
    """Draws several.

    Args:
        count: int from 1.
        image_size: int from 16.
        seed: int from 0; image ``i`` depends on ``seed`` and ``i`` alone.

    Returns:
        uint8 array of shape (count, image_size, image_size, 3).

    Raises:
        ValueError: an argument out of its range.
    """
    if count < 1:
        raise ValueError(f"Expected count of at least 1. Received: count={count}")
    return np.stack([draw_aeroplane(seed, index, image_size) for index in range(count)])


def _sky(rng, size):
    """A sky that grows lighter downwards, uint8 of shape (size, size, 3)."""
    top, bottom = np.array(_SKIES[rng.integers(len(_SKIES))], np.float32)
    height = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    return np.broadcast_to(top + height * (bottom - top), (size, size, 3)).astype(np.uint8)


def _clouds(draw, rng, size):
    """Heaps of translucent ovals."""
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.uniform(0, 1), rng.uniform(0.1, 0.95)
        for _ in range(9):
            dx, dy = rng.uniform(-0.13, 0.13), rng.uniform(-0.025, 0.025)
            width, height = rng.uniform(0.05, 0.11), rng.uniform(0.02, 0.04)
            box = np.array([x + dx - width, y + dy - height, x + dx + width, y + dy + height])
            draw.ellipse((box * size).tolist(), fill=(255, 255, 255, 70))


def _aeroplane(draw, rng, size):
    """The airliner: far wing, fin, body, windows, near wing and engine, in that order."""
    livery = _LIVERIES[rng.integers(len(_LIVERIES))]
    half_length = rng.uniform(0.36, 0.42) * size
    slope = rng.uniform(-0.02, 0.26)
    centre = size * (0.5 + rng.uniform(-0.05, 0.05, 2))
    forward = rng.choice([-1, 1])
    turn = np.array([[np.cos(slope), -np.sin(slope)], [np.sin(slope), np.cos(slope)]])

    def fill(outline, colour):
        # It climbs: what is ahead is higher. Mirrored after that, or half of them would sink.
        points = np.array(outline) @ turn * half_length * [forward, 1] + centre
        draw.polygon([tuple(point) for point in points], fill=colour)

    fill(_FAR_WING, _METAL)
    fill(_FIN, livery)
    fill(_FUSELAGE, _BODY)
    fill(_BELLY, _SHADE)
    fill([(0.86, 0.0), (-0.9, 0.0), (-0.86, 0.035), (0.9, 0.035)], livery)
    fill(_COCKPIT, _GLASS)
    for x in np.arange(-0.6, 0.76, 0.075):
        fill([(x, -0.06), (x + 0.035, -0.06), (x + 0.035, -0.02), (x, -0.02)], _GLASS)
    fill(_TAILPLANE, _METAL)
    fill(_ENGINE, livery)
    fill(_NEAR_WING, _METAL)
