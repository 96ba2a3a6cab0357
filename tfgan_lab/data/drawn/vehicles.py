"""Drawn vehicles in side view: images without a download whose class can be read off.

Eight body types are the classes. All else varies freely: paint, sky, ground, what stands behind,
place, size, height, direction and light. A scene is numbers in fractions of the image, painted on
a large canvas, so that its content is the same at every image size.
"""

import colorsys

import numpy as np
from PIL import Image, ImageDraw

from tfgan_lab.data.drawn.drawing import check_drawing, draw_each
from tfgan_lab.data.drawn.vehicles_reader import NUM_TYPES as NUM_TYPES
from tfgan_lab.data.drawn.vehicles_reader import read_body_types as read_body_types
from tfgan_lab.data.drawn.vehicles_shapes import BODY_TYPES, SHAPES, fill, layers

_SKIES = ((176, 206, 232), (232, 214, 196), (214, 218, 222), (196, 224, 214), (222, 206, 226))
_GROUNDS = ((150, 150, 154), (188, 178, 156), (164, 184, 146), (228, 230, 234), (176, 160, 150))
_BEHIND = ("nothing", "hills", "houses")
_MIN_CANVAS = 256  # pixels; a window post thinner than this grid would come and go


def draw_vehicles(count=400, image_size=64, seed=0):
    """Draws a data set.

    Args:
        count: int from 1.
        image_size: as of ``draw_vehicle``.
        seed: as of ``draw_vehicle``. Image ``i`` depends on ``seed`` and ``i`` alone.

    Returns:
        Uint8 array of shape (count, image_size, image_size, 3), and a dict of arrays of shape
        (count,): the factors of ``draw_vehicle``.

    Raises:
        ValueError: an argument out of range.

    Example:
        >>> images, factors = draw_vehicles(3, image_size=32)
        >>> images.shape, factors["body_type"].shape
        ((3, 32, 32, 3), (3,))
    """
    return draw_each(lambda index: draw_vehicle(seed, index, image_size), count)


def draw_vehicle(seed, index, image_size=64, body_type=None):
    """Draws one image.

    Args:
        seed: int from 0, of the data set.
        index: int from 0, of the image.
        image_size: int from 16, height and width in pixels.
        body_type: int, index into ``BODY_TYPES``, to draw this one instead of the one that
            ``seed`` and ``index`` give; all else stays.

    Returns:
        Uint8 array of shape (image_size, image_size, 3), and the factors, a dict: ``body_type``,
        ``sky``, ``ground`` and ``behind`` (what stands behind) are ints; ``hue``, ``saturation``
        and ``value`` are those of the paint, in [0, 1]; ``centre_x``, ``ground_y`` and
        ``horizon_y`` are fractions of the image's side, as is ``unit``, half of the length a
        saloon would have; ``height`` and ``brightness`` are factors about 1; ``facing`` is 1 with
        the nose to the right and -1 to the left.

    Raises:
        ValueError: an argument out of range.

    Example:
        >>> image, factors = draw_vehicle(seed=0, index=7, body_type=2)
        >>> image.shape, BODY_TYPES[factors["body_type"]]
        ((64, 64, 3), 'estate')
    """
    check_drawing(seed, index, image_size)
    if body_type is not None and not 0 <= body_type < NUM_TYPES:
        raise ValueError(f"Expected body_type in [0, {NUM_TYPES}). Received: body_type={body_type}")
    rng = np.random.default_rng([seed, index])
    factors = sample_factors(rng)
    if body_type is not None:
        factors["body_type"] = int(body_type)
    return paint_scene(factors, rng, image_size), factors


def sample_factors(rng):
    """Draws the numbers that describe an image."""
    ground = rng.uniform(0.68, 0.78)
    return {
        "body_type": int(rng.integers(NUM_TYPES)),
        "sky": int(rng.integers(len(_SKIES))),
        "ground": int(rng.integers(len(_GROUNDS))),
        "behind": int(rng.integers(len(_BEHIND))),
        "hue": float(rng.uniform(0, 1)),
        "saturation": float(rng.uniform(0.6, 0.95)),
        "value": float(rng.uniform(0.45, 0.9)),
        # The longest is 1.08 units to each side: the image's edges stay free.
        "unit": float(rng.uniform(0.32, 0.4)),
        "height": float(rng.uniform(0.96, 1.04)),
        "centre_x": float(0.5 + rng.uniform(-0.03, 0.03)),
        "ground_y": float(ground),
        "horizon_y": float(ground - rng.uniform(0.08, 0.2)),
        "facing": int(rng.choice([-1, 1])),
        "brightness": float(rng.uniform(0.92, 1.04)),
    }


def paint_scene(factors, rng, image_size, wheels=True):
    """Paints a scene, uint8 of shape (image_size, image_size, 3)."""
    reduction = max(4, -(-_MIN_CANVAS // image_size))
    size = reduction * image_size
    canvas = Image.fromarray(_paint_background(factors, size))
    draw = ImageDraw.Draw(canvas)
    _paint_behind(draw, factors, rng, size)
    _paint_vehicle(draw, factors, size, wheels)
    light = np.asarray(canvas.reduce(reduction)).astype(np.float32) * factors["brightness"]
    return np.clip(light, 0, 255).astype(np.uint8)


def _paint_background(factors, size):
    """Paints sky, lighter towards the horizon, and ground, uint8 of shape (size, size, 3)."""
    y = ((np.arange(size) + 0.5) / size)[:, None]
    sky = np.array(_SKIES[factors["sky"]]) * (0.88 + 0.12 * y / factors["horizon_y"])
    ground = np.array(_GROUNDS[factors["ground"]]) * (1.04 - 0.16 * y)
    rows = np.where(y < factors["horizon_y"], sky, ground)
    return np.broadcast_to(rows[:, None], (size, size, 3)).astype(np.uint8)


def _paint_behind(draw, factors, rng, size):
    """Paints what stands on the horizon, pale with distance."""
    colour = tuple((0.86 * np.array(_SKIES[factors["sky"]])).astype(int))
    horizon, kind = factors["horizon_y"], _BEHIND[factors["behind"]]
    if kind == "hills":
        x = np.linspace(0, 1, 40)
        waves = sum(
            rng.uniform(0.01, 0.03) * np.sin(k * 4 * x + rng.uniform(0, 2 * np.pi))
            for k in (1, 2, 3)
        )
        ridge = np.stack([x, np.minimum(horizon - 0.06 + waves, horizon)], axis=1)
        outline = np.concatenate([ridge, [[1, horizon], [0, horizon]]])
        draw.polygon([tuple(point) for point in outline * size], fill=colour)
    elif kind == "houses":
        left = rng.uniform(-0.1, 0)
        while left < 1:
            right = left + rng.uniform(0.07, 0.16)
            top = horizon - rng.uniform(0.04, 0.14)
            box = np.array([left, top, right, horizon]) * size
            draw.rectangle(box.tolist(), fill=colour)
            left = right + rng.uniform(0, 0.06)


def _paint_vehicle(draw, factors, size, wheels):
    """Paints the vehicle and its shadow."""
    place = place_vehicle(factors, size)
    paint = colorsys.hsv_to_rgb(factors["hue"], factors["saturation"], factors["value"])
    known = {"paint": 255 * np.array(paint), "ground": np.array(_GROUNDS[factors["ground"]])}
    for outline, colour in layers(SHAPES[BODY_TYPES[factors["body_type"]]]):
        if len(outline) == 2 and not wheels:
            continue  # Only wheels are ovals.
        if isinstance(colour[0], str):
            colour = tuple((colour[1] * known[colour[0]]).astype(int).tolist())
        fill(draw, outline, colour, place)


def place_vehicle(factors, size):
    """Where the vehicle stands, as ``fill`` wants it."""
    return (
        factors["unit"] * size,
        factors["centre_x"] * size,
        factors["ground_y"] * size,
        factors["facing"],
        factors["height"],
    )
