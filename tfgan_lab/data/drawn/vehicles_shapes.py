"""Outlines of the drawn vehicles: what the painter paints and the reader looks for."""

import dataclasses

BODY_TYPES = (
    "saloon", "hatchback", "estate", "coupe", "convertible", "suv", "pickup", "van",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Shape:
    """A body type in side view, its nose to the right.

    The unit is half the length of a saloon; x is forward from the middle, y up from the ground.

    Args:
        body: outline of the paint, from the lower rear corner over the roof to the lower front.
        glass: outlines of the windows.
        axles: x of the rear and the front axle.
        wheel: radius of the tyres.
    """

    body: tuple
    glass: tuple
    axles: tuple
    wheel: float


SHAPES = {
    "saloon": Shape(
        ((-1.0, 0.12), (-1.0, 0.38), (-0.95, 0.45), (-0.64, 0.47), (-0.4, 0.7), (0.12, 0.71),
         (0.42, 0.46), (0.88, 0.4), (0.99, 0.3), (1.0, 0.12)),
        (((-0.55, 0.47), (-0.36, 0.65), (-0.14, 0.66), (-0.14, 0.47)),
         ((-0.09, 0.47), (-0.09, 0.66), (0.09, 0.66), (0.32, 0.47))),
        (-0.6, 0.6), 0.17,
    ),
    "hatchback": Shape(
        ((-0.76, 0.12), (-0.8, 0.4), (-0.77, 0.48), (-0.46, 0.72), (0.06, 0.73), (0.38, 0.47),
         (0.7, 0.41), (0.8, 0.31), (0.8, 0.12)),
        (((-0.62, 0.48), (-0.41, 0.66), (-0.19, 0.67), (-0.19, 0.48)),
         ((-0.14, 0.48), (-0.14, 0.67), (0.04, 0.67), (0.28, 0.48))),
        (-0.5, 0.5), 0.17,
    ),
    "estate": Shape(
        ((-1.0, 0.12), (-1.0, 0.42), (-0.95, 0.5), (-0.86, 0.71), (0.12, 0.72), (0.42, 0.46),
         (0.88, 0.4), (0.99, 0.3), (1.0, 0.12)),
        (((-0.88, 0.48), (-0.8, 0.66), (-0.5, 0.67), (-0.5, 0.48)),
         ((-0.45, 0.48), (-0.45, 0.67), (-0.14, 0.67), (-0.14, 0.48)),
         ((-0.09, 0.48), (-0.09, 0.67), (0.09, 0.67), (0.32, 0.48))),
        (-0.6, 0.6), 0.17,
    ),
    "coupe": Shape(
        ((-0.95, 0.11), (-0.97, 0.34), (-0.9, 0.41), (-0.34, 0.56), (-0.02, 0.57), (0.32, 0.39),
         (0.86, 0.31), (0.97, 0.23), (0.97, 0.11)),
        (((-0.56, 0.41), (-0.3, 0.515), (-0.05, 0.52), (0.18, 0.4)),),
        (-0.58, 0.58), 0.17,
    ),
    "convertible": Shape(
        ((-0.95, 0.12), (-0.97, 0.37), (-0.9, 0.43), (-0.5, 0.44), (-0.44, 0.4), (0.2, 0.4),
         (0.26, 0.43), (0.86, 0.37), (0.97, 0.28), (0.97, 0.12)),
        (((0.02, 0.64), (0.08, 0.65), (0.32, 0.42), (0.2, 0.42)),),
        (-0.58, 0.58), 0.17,
    ),
    "suv": Shape(
        ((-0.94, 0.24), (-0.95, 0.58), (-0.94, 0.68), (-0.9, 0.94), (0.2, 0.95), (0.4, 0.64),
         (0.86, 0.6), (0.95, 0.5), (0.95, 0.24)),
        (((-0.85, 0.65), (-0.83, 0.87), (-0.6, 0.87), (-0.6, 0.65)),
         ((-0.52, 0.65), (-0.52, 0.88), (-0.2, 0.88), (-0.2, 0.65)),
         ((-0.12, 0.65), (-0.12, 0.88), (0.16, 0.88), (0.31, 0.65))),
        (-0.58, 0.6), 0.24,
    ),
    "pickup": Shape(
        ((-1.08, 0.2), (-1.08, 0.5), (-0.3, 0.5), (-0.26, 0.84), (0.18, 0.85), (0.44, 0.57),
         (0.96, 0.53), (1.06, 0.44), (1.06, 0.2)),
        (((-0.18, 0.57), (-0.16, 0.79), (0.14, 0.79), (0.34, 0.57)),),
        (-0.66, 0.66), 0.2,
    ),
    "van": Shape(
        ((-1.0, 0.15), (-1.0, 0.98), (-0.95, 1.03), (0.4, 1.02), (0.72, 0.62), (0.94, 0.52),
         (1.0, 0.42), (1.0, 0.15)),
        (((0.14, 0.62), (0.14, 0.93), (0.37, 0.93), (0.6, 0.62)),),
        (-0.62, 0.62), 0.17,
    ),
}  # fmt: skip


GLASS, TYRE, RIM = (44, 56, 74), (26, 26, 28), (188, 192, 198)
LAMP, TAIL = (255, 240, 180), (210, 34, 30)


def layers(shape) -> list:
    """Lists what a vehicle consists of, in the order of painting.

    Args:
        shape: a ``Shape``.

    Returns:
        List of (outline, colour): the outline is a list of points, or a pair of two opposite
        corners of an oval's box; the colour is RGB, or a pair of ``"ground"`` or ``"paint"``
        and a factor on it.
    """
    rear, front = shape.body[0], shape.body[-1]
    shadow = [(rear[0], 0.02), (front[0], 0.02), (front[0] - 0.06, -0.05), (rear[0] + 0.06, -0.05)]
    beneath = [(rear[0] + 0.04, 0.03), (rear[0] + 0.04, rear[1]), (front[0] - 0.04, front[1]),
               (front[0] - 0.04, 0.03)]  # fmt: skip
    sill = rear[1] + 0.05
    lamp, tail = shape.body[-2], min(shape.body[1][1], 0.5)
    parts = [
        (shadow, ("ground", 0.55)),
        (beneath, ("ground", 0.28)),
        (list(shape.body), ("paint", 1.0)),
        ([rear, (rear[0], sill), (front[0], sill), front], ("paint", 0.75)),
        *((list(outline), GLASS) for outline in shape.glass),
        ([(lamp[0] - 0.08, lamp[1] + 0.01), (lamp[0], lamp[1] - 0.01), (lamp[0], lamp[1] - 0.07),
          (lamp[0] - 0.08, lamp[1] - 0.06)], LAMP),
        ([(rear[0], tail), (rear[0] + 0.05, tail), (rear[0] + 0.05, tail - 0.09),
          (rear[0], tail - 0.09)], TAIL),
    ]  # fmt: skip
    for axle in shape.axles:
        for share, colour in [(1.15, ("paint", 0.45)), (1.0, TYRE), (0.55, RIM)]:
            radius = share * shape.wheel
            parts.append(([(axle - radius, shape.wheel + radius),
                           (axle + radius, shape.wheel - radius)], colour))  # fmt: skip
    return parts


def fill(draw, outline, colour, place) -> None:
    """Fills one outline of ``layers``.

    Args:
        draw: a ``PIL.ImageDraw.Draw``.
        outline: see ``layers``.
        colour: int or RGB, as the canvas has it.
        place: (unit, centre, ground, facing, height): half of a saloon's length, x of the
            vehicle's middle and y of the ground, in pixels; 1 with the nose to the right and -1
            to the left; factor of all heights.
    """
    unit, centre, ground, facing, height = place
    points = [(centre + facing * unit * x, ground - height * unit * y) for x, y in outline]
    if len(points) > 2:
        draw.polygon(points, fill=colour)
    else:
        (left, top), (right, bottom) = points
        draw.ellipse((min(left, right), top, max(left, right), bottom), fill=colour)
