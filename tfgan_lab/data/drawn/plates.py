"""Drawn plates of spaghetti bolognese: images without a download whose modes can be counted.

Five tablecloths times four plates are the 20 modes. All else varies freely: noodles, sauce, basil,
cheese, the plate's place, size and rotation, the light. A scene is drawn first, in fractions of
the image, and painted afterwards, so that its content is the same at every image size.
"""

import dataclasses

import numpy as np
from PIL import Image, ImageDraw

from tfgan_lab.data.drawn.drawing import check_drawing, draw_each
from tfgan_lab.data.drawn.plates_reader import NUM_MODES as NUM_MODES
from tfgan_lab.data.drawn.plates_reader import PLATES, TABLECLOTHS
from tfgan_lab.data.drawn.plates_reader import mode_name as mode_name
from tfgan_lab.data.drawn.plates_reader import read_modes as read_modes

_PATTERNS = ("checks", "stripes", "linen")
_NOODLE = np.array([236, 198, 116])
_SAUCE = np.array([152, 48, 24])
_MINCE = np.array([128, 62, 32])
_BASIL = np.array([56, 128, 44])
_CHEESE = np.array([255, 243, 206])
_NOODLE_WIDTH = 0.026  # with its dark edge 2.5 pixels of 64: it still reads as a strand
_ALONG = np.concatenate([[0, 0.01, 0.025], np.linspace(0.05, 0.95, 15), [0.975, 0.99, 1]])
_ROUND_ENDS = np.concatenate([[0.3, 0.7, 0.9], np.ones(15), [0.9, 0.7, 0.3]])  # of the width
_OVAL = 0.9  # the heap's breadth to its length; its rotation would show in nothing else
_TURN = (0, 2 * np.pi)
_MIN_CANVAS = 256  # pixels; a stroke thinner than this grid would come and go


@dataclasses.dataclass(frozen=True)
class Scene:
    """All that is in an image, in fractions of its side; angles are in radians.

    Args:
        factors: dict of name -> int or float, what ``draw_plate`` returns.
        noodles: float array (n, points, 2), centre lines, in the order of painting.
        noodle_shades: float array (n,), brightness of each, about 1.
        sauce: float array (points, 2), outline.
        mince: float array (n, 4) of x, y, radius and brightness.
        leaves: float array (n, 4) of x, y, length and angle.
        flakes: float array (n, 4) of x, y, length and angle.
    """

    factors: dict
    noodles: np.ndarray
    noodle_shades: np.ndarray
    sauce: np.ndarray
    mince: np.ndarray
    leaves: np.ndarray
    flakes: np.ndarray


def draw_plates(count=345, image_size=64, seed=0):
    """Draws a data set.

    The default is the size of the spaghetti folder for which the first experiments were made.

    Args:
        count: int from 1.
        image_size: as of ``draw_plate``.
        seed: as of ``draw_plate``. Image ``i`` depends on ``seed`` and ``i`` alone.

    Returns:
        Uint8 array of shape (count, image_size, image_size, 3), and a dict of arrays of shape
        (count,): the factors of ``draw_plate``.

    Raises:
        ValueError: an argument out of range.

    Example:
        >>> images, factors = draw_plates(3, image_size=32)
        >>> images.shape, factors["mode"].shape
        ((3, 32, 32, 3), (3,))
    """
    return draw_each(lambda index: draw_plate(seed, index, image_size), count)


def draw_plate(seed, index, image_size=64):
    """Draws one image.

    Args:
        seed: int from 0, of the data set.
        index: int from 0, of the image.
        image_size: int from 16, height and width in pixels.

    Returns:
        Uint8 array of shape (image_size, image_size, 3), and the factors, a dict:
        ``tablecloth``, ``plate`` and ``mode`` are ints, the first two indices into
        ``TABLECLOTHS`` and ``PLATES``; ``pattern`` of the cloth, ``num_noodles``, ``num_leaves``
        and ``num_flakes`` (of cheese) are ints; ``centre_x``, ``centre_y``, ``radius``,
        ``heap_radius`` and ``sauce_radius`` are fractions of the image's side; ``rotation`` (of
        the heap's long axis), ``cloth_angle`` and ``light_angle`` are radians; ``cloth_period``
        is a fraction of the side; ``brightness`` and ``sauce_shade`` are about 1, ``warmth``
        about 0.

    Raises:
        ValueError: an argument out of range.

    Example:
        >>> image, factors = draw_plate(seed=0, index=7)
        >>> image.shape, mode_name(factors["mode"])
        ((64, 64, 3), 'yellow tablecloth, white plate')
    """
    check_drawing(seed, index, image_size)
    scene = sample_scene(np.random.default_rng([seed, index]))
    return paint_scene(scene, image_size), dict(scene.factors)


def sample_scene(rng):
    """Draws a ``Scene``, all of whose randomness comes from a ``np.random.Generator``."""
    factors = _sample_factors(rng)
    centre = np.array([factors["centre_x"], factors["centre_y"]])
    heap, sauce = factors["heap_radius"], factors["sauce_radius"]
    noodles = _sample_noodles(rng, factors["num_noodles"], heap, factors["rotation"])
    sauce_centre = centre + _in_disc(rng, 1, 0.12 * heap)[0]
    num_bits = int(4000 * sauce**2)
    return Scene(
        factors=factors,
        noodles=centre + noodles,
        noodle_shades=rng.uniform(0.88, 1.06, len(noodles)),
        sauce=sauce_centre + _sample_outline(rng, sauce),
        mince=_scatter(rng, num_bits, sauce_centre, 0.95 * sauce, (0.005, 0.013), (0.75, 1.35)),
        leaves=_scatter(rng, factors["num_leaves"], centre, 0.5 * heap, (0.1, 0.14), _TURN),
        flakes=_scatter(rng, factors["num_flakes"], centre, 0.7 * heap, (0.012, 0.036), _TURN),
    )


def _sample_factors(rng):
    """Draws the numbers that describe an image."""
    tablecloth = int(rng.integers(len(TABLECLOTHS)))
    plate = int(rng.integers(len(PLATES)))
    # Plate and shadow end within the inscribed circle: rotated, an image keeps a ring of cloth.
    radius = rng.uniform(0.35, 0.41)
    centre = 0.5 + _in_disc(rng, 1, 0.05)[0]
    heap_radius = radius * rng.uniform(0.66, 0.74)
    return {
        "tablecloth": tablecloth,
        "plate": plate,
        "mode": tablecloth * len(PLATES) + plate,
        "pattern": int(rng.integers(len(_PATTERNS))),
        "cloth_period": float(rng.uniform(0.11, 0.17)),
        "cloth_angle": float(rng.uniform(-0.3, 0.3)),
        "centre_x": float(centre[0]),
        "centre_y": float(centre[1]),
        "radius": float(radius),
        "rotation": float(rng.uniform(0, np.pi)),
        "heap_radius": float(heap_radius),
        "num_noodles": int(rng.integers(48, 65)),
        "sauce_radius": float(heap_radius * rng.uniform(0.42, 0.68)),
        "sauce_shade": float(rng.uniform(0.8, 1.2)),
        "num_leaves": int(rng.integers(4)),
        "num_flakes": int(rng.integers(6, 33)),
        "light_angle": float(rng.uniform(*_TURN)),
        "brightness": float(rng.uniform(0.9, 1.04)),
        "warmth": float(rng.uniform(-0.04, 0.04)),
    }


def _sample_noodles(rng, count, heap_radius, rotation):
    """Draws the noodles' centre lines about the origin, shape (count, points, 2)."""
    start = rng.uniform(*_TURN, (count, 1))
    span = rng.uniform(1.4, 4.0, (count, 1)) * rng.choice([-1, 1], (count, 1))
    phase = rng.uniform(*_TURN, (count, 1)) + rng.uniform(4, 9, (count, 1)) * _ALONG
    distance = heap_radius * np.sqrt(rng.uniform(0.06, 0.9, (count, 1)))
    distance = distance * (1 + rng.uniform(0.04, 0.16, (count, 1)) * np.sin(phase))
    lines = _polar(distance, start + span * _ALONG)
    lines += _in_disc(rng, count, 0.45 * heap_radius)[:, None]
    # What hangs out of the heap is bent back along its edge.
    length = np.linalg.norm(lines, axis=-1, keepdims=True)
    limit = heap_radius * rng.uniform(0.86, 1.0, (count, 1, 1))
    lines = lines / (1 + (length / limit) ** 6) ** (1 / 6)
    return lines * [1, _OVAL] @ _polar(1, rotation + np.array([0, np.pi / 2]))


def _sample_outline(rng, radius, num_points=48):
    """Draws a blob's outline about the origin, shape (points, 2)."""
    angle = np.linspace(*_TURN, num_points, endpoint=False)
    waves = np.arange(2, 7)[:, None]
    heights = rng.normal(0, 0.16, waves.shape) / np.sqrt(waves)
    wobble = heights * np.cos(waves * angle + rng.uniform(*_TURN, waves.shape))
    return _polar(radius * (1 + wobble.sum(axis=0)), angle)


def _scatter(rng, count, centre, radius, lengths, extras):
    """Draws things lying about: shape (count, 4) of x, y, length and an extra, uniform both."""
    places = centre + _in_disc(rng, count, radius)
    sizes = rng.uniform(*lengths, (count, 1))
    return np.concatenate([places, sizes, rng.uniform(*extras, (count, 1))], axis=1)


def _in_disc(rng, count, radius):
    """Draws points uniformly from a disc about the origin, shape (count, 2)."""
    return _polar(radius * np.sqrt(rng.uniform(0, 1, count)), rng.uniform(*_TURN, count))


def _polar(distance, angle):
    """Returns points by distance and angle, with x and y along a last axis of 2."""
    return np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=-1)


def paint_scene(scene, image_size):
    """Paints a scene, uint8 of shape (image_size, image_size, 3)."""
    halves = max(2, -(-_MIN_CANVAS // (2 * image_size)))
    size = 2 * halves * image_size
    # Half the canvas's resolution shows in nothing but the time, of which the table took half.
    table = Image.fromarray(_paint_table(scene.factors, size // 2))
    canvas = table.resize((size, size), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(canvas)
    shift = _NOODLE_WIDTH / 5 * _polar(1, scene.factors["light_angle"])  # towards the light
    num_buried = int(0.92 * len(scene.noodles))
    _paint_noodles(draw, scene, range(num_buried), _NOODLE, shift, size)
    _paint_sauce(draw, scene, shift, size)
    stained = 0.8 * _NOODLE + 0.2 * _SAUCE
    _paint_noodles(draw, scene, range(num_buried, len(scene.noodles)), stained, shift, size)
    _paint_garnish(draw, scene, shift, size)
    return _light(np.asarray(canvas.reduce(2 * halves)), scene.factors)


def _paint_table(factors, size):
    """Paints tablecloth, shadow and plate, uint8 of shape (size, size, 3)."""
    axis = ((np.arange(size) + 0.5) / size).astype(np.float32)
    x, y = axis[None, :] - factors["centre_x"], axis[:, None] - factors["centre_y"]
    light = _polar(1, factors["light_angle"]).astype(np.float32)
    radius, heap = factors["radius"], factors["heap_radius"]
    cloth = np.array(list(TABLECLOTHS.values())[factors["tablecloth"]], np.float32)
    away = np.hypot(x + 0.03 * light[0], y + 0.03 * light[1])
    shade = _cloth_shade(factors, axis) * (0.72 + 0.28 * _step(away, radius, 0.05))
    plate = np.array(list(PLATES.values())[factors["plate"]], np.float32)
    distance = np.hypot(x, y)
    slope = (x * light[0] + y * light[1]) / np.maximum(distance, 1e-6)
    gloss = 1 + 0.07 * slope * (1 - 2 * _step(distance, 0.94 * radius, 0.005))
    gloss -= 0.16 * np.exp(-(((distance - 0.74 * radius) / 0.012) ** 2))
    under = np.hypot(x + 0.012 * light[0], y + 0.012 * light[1])
    # The heap's shadow, and its dark inside, or the plate would shine through between noodles.
    gloss *= 0.55 + 0.45 * _step(under, heap, 0.03)
    dark = _step(distance, 0.7 * heap, 0.02)[..., None]
    inside = 1 - _step(distance, radius, 0.5 / size)
    food = (0.45 * _NOODLE).astype(np.float32)
    image = inside[..., None] * (food + dark * (gloss[..., None] * plate - food))
    image += (1 - inside[..., None]) * (shade[..., None] * cloth)
    return np.clip(image, 0, 255).astype(np.uint8)


def _cloth_shade(factors, axis):
    """Returns the cloth's pattern, float32 of shape (size, size) and mean about 1."""
    cos, sin = _polar(2 * np.pi / factors["cloth_period"], factors["cloth_angle"]).tolist()
    pattern = _PATTERNS[factors["pattern"]]
    threads = 5 if pattern == "linen" else 1
    u = np.sin(threads * (cos * axis[None, :] + sin * axis[:, None]))
    v = np.sin(threads * (cos * axis[:, None] - sin * axis[None, :]))
    if pattern == "checks":
        return 1 + 0.1 * (np.tanh(4 * u) + np.tanh(4 * v))
    if pattern == "stripes":
        return 1 + 0.14 * np.tanh(4 * u)
    return 1 + 0.07 * (u + v)


def _paint_noodles(draw, scene, indices, colour, shift, size):
    """Paints noodles, each with a dark edge and a gleam, without which a heap is one yellow."""
    lines = scene.noodles * size
    forward = np.gradient(lines, axis=1)
    sideways = np.stack([-forward[..., 1], forward[..., 0]], axis=-1)
    sideways *= _ROUND_ENDS[:, None] / np.linalg.norm(forward, axis=-1, keepdims=True)
    sideways *= 0.5 * _NOODLE_WIDTH * size
    edge, body, gleam = (
        np.concatenate([lines + w * sideways, (lines - w * sideways)[:, ::-1]], axis=1)
        for w in (1.5, 1, 0.3)
    )
    for index in indices:
        # The deeper a noodle lies, the less light comes to it.
        shade = scene.noodle_shades[index] * (0.74 + 0.26 * index / len(scene.noodles))
        _fill(draw, edge[index], 0.56 * shade * colour)
        _fill(draw, body[index], shade * colour)
        _fill(draw, gleam[index] + shift * size, 1.13 * shade * colour + 8)


def _paint_sauce(draw, scene, shift, size):
    """Paints the sauce: a blob, a little higher and lighter within, with bits of mince."""
    colour = scene.factors["sauce_shade"] * _SAUCE
    middle = scene.sauce.mean(axis=0)
    _fill(draw, (scene.sauce - 2 * shift) * size, 0.5 * colour)
    _fill(draw, scene.sauce * size, 0.85 * colour)
    _fill(draw, (middle + 0.78 * (scene.sauce - middle) + 2 * shift) * size, 1.1 * colour)
    for x, y, radius, shade in scene.mince:
        centre = np.array([x, y])
        _dot(draw, (centre - 0.6 * shift) * size, radius * size, 0.5 * colour)
        _dot(draw, centre * size, radius * size, shade * _MINCE)


def _paint_garnish(draw, scene, shift, size):
    """Paints flakes of cheese, and basil leaves: pointed ovals with a dark half and a rib."""
    for x, y, length, angle in scene.flakes:
        ends = np.array([x, y]) + np.outer([-0.5, 0.5], _polar(length, angle))
        _stroke(draw, (ends - shift) * size, 0.5 * _NOODLE, 0.012 * size)
        _stroke(draw, ends * size, _CHEESE, 0.011 * size)
    along = np.linspace(-1, 1, 13)
    half_width = 0.3 * (1 - along**2) * (1 - 0.25 * along)
    for x, y, length, angle in scene.leaves:
        forward = _polar(length, angle)
        sideways = np.array([-forward[1], forward[0]])
        rib = np.array([x, y]) + np.outer(along, 0.5 * forward)
        left, right = (rib + sign * np.outer(half_width, sideways) for sign in (1, -1))
        whole = np.concatenate([left, right[::-1]])
        _fill(draw, (whole - 2 * shift) * size, 0.35 * _SAUCE)
        _fill(draw, whole * size, 1.15 * _BASIL)
        _fill(draw, np.concatenate([left, rib[::-1]]) * size, 0.85 * _BASIL)
        _stroke(draw, rib * size, 1.6 * _BASIL, 0.007 * size)


def _light(image, factors):
    """Applies the light's brightness, warmth and falling off across the image."""
    axis = (np.arange(len(image)) + 0.5) / len(image) - 0.5
    x, y = _polar(1, factors["light_angle"])
    fall = factors["brightness"] * (1 + 0.08 * (x * axis[None, :] + y * axis[:, None]))
    tint = 1 + factors["warmth"] * np.array([1, 0, -1])
    return np.clip(image * fall[..., None] * tint + 0.5, 0, 255).astype(np.uint8)


def _stroke(draw, line, colour, width):
    """Draws a line through points, shape (n, 2), in pixels."""
    draw.line(line.ravel().tolist(), fill=_rgb(colour), width=max(1, round(width)))


def _fill(draw, outline, colour):
    """Fills the polygon of points, shape (n, 2), in pixels."""
    draw.polygon(outline.ravel().tolist(), fill=_rgb(colour))


def _dot(draw, centre, radius, colour):
    """Fills the circle about a centre, shape (2,), in pixels."""
    draw.ellipse([*(centre - radius), *(centre + radius)], fill=_rgb(colour))


def _rgb(colour):
    """Returns a colour as Pillow wants it."""
    return tuple(min(255, max(0, int(value))) for value in colour)


def _step(values, at, softness):
    """Returns a soft step from 0 to 1."""
    return np.clip((values - at) / (2 * softness) + 0.5, 0, 1)
