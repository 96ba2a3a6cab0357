"""Drawn plates as domains: one factor, the tablecloth's or the plate's colour, tells them apart.

What a translation should change is known here to the pixel: the same scene is drawn again with the
factor's other value.
"""

import dataclasses

import numpy as np

from tfgan_lab.data.drawn.drawing import check_drawing
from tfgan_lab.data.drawn.plates import paint_scene, sample_scene
from tfgan_lab.data.drawn.plates_reader import PLATES, TABLECLOTHS, read_modes

FACTORS = {"tablecloth": tuple(TABLECLOTHS), "plate": tuple(PLATES)}
"""Names of a factor's values, in the order of their numbers."""


def draw_domains(factor, values, count, image_size=32, seed=0):
    """Draws plates of some domains.

    Args:
        factor: name out of ``FACTORS``.
        values: names of the factor's values, a domain each.
        count: int from 1, images of all domains together; which domain each is of is chance.
        image_size: int from 16, height and width in pixels.
        seed: int from 0; the images are those of ``draw_plates`` with a value out of these, from
            the first on.

    Returns:
        Uint8 array of shape (count, image_size, image_size, 3); int array of shape (count,) of
        places in ``values``; and of the scenes' indices, see ``draw_plate``.

    Raises:
        ValueError: an unknown factor or value, or a number out of range.

    Example:
        >>> images, domains, scenes = draw_domains("plate", ["white", "black"], 3)
        >>> images.shape, domains.tolist(), scenes.tolist()
        ((3, 32, 32, 3), [0, 1, 1], [2, 5, 6])
    """
    numbers = value_numbers(factor, values)
    check_drawing(seed, 0, image_size)
    if count < 1:
        raise ValueError(f"Expected count of at least 1. Received: count={count}")
    images, domains, scenes, index = [], [], [], 0
    while len(images) < count:
        scene = sample_scene(np.random.default_rng([seed, index]))
        if scene.factors[factor] in numbers:
            images.append(paint_scene(scene, image_size))
            domains.append(numbers.index(scene.factors[factor]))
            scenes.append(index)
        index += 1
    return np.stack(images), np.array(domains), np.array(scenes)


def draw_with(factor, value, scenes, image_size=32, seed=0) -> np.ndarray:
    """Draws scenes again with another value of a factor: what a translation should give.

    Args:
        factor: name out of ``FACTORS``.
        value: name of the factor's value.
        scenes: int array of shape (n,), see ``draw_domains``.
        image_size: as there.
        seed: as there.

    Returns:
        Uint8 array of shape (n, image_size, image_size, 3).

    Raises:
        ValueError: an unknown factor or value.

    Example:
        >>> images, domains, scenes = draw_domains("plate", ["white", "black"], 3)
        >>> black = draw_with("plate", "black", scenes)
        >>> [bool((one == other).all()) for one, other in zip(images, black)]
        [False, True, True]
    """
    (number,) = value_numbers(factor, [value])
    drawn = []
    for index in scenes:
        scene = sample_scene(np.random.default_rng([seed, int(index)]))
        factors = scene.factors | {factor: number}
        drawn.append(paint_scene(dataclasses.replace(scene, factors=factors), image_size))
    return np.stack(drawn)


def read_factor(images, factor) -> np.ndarray:
    """Reads a factor's values off images; ``read_modes`` states how often it errs.

    Args:
        images: array of shape (n, size, size, 3) with size in [32, 256]: uint8, or floats in
            [-1, 1].
        factor: name out of ``FACTORS``.

    Returns:
        Int array of shape (n,), numbers of values, as ``FACTORS`` has them.

    Raises:
        ValueError: an unknown factor, or no such images.

    Example:
        >>> images, domains, _ = draw_domains("tablecloth", ["blue", "grey"], 4)
        >>> [FACTORS["tablecloth"][value] for value in read_factor(images, "tablecloth")]
        ['grey', 'grey', 'blue', 'blue']
    """
    value_numbers(factor, ())
    cloths, plates = np.divmod(read_modes(images), len(PLATES))
    return cloths if factor == "tablecloth" else plates


def value_numbers(factor, values) -> list:
    """Numbers of a factor's values.

    Args:
        factor: name out of ``FACTORS``.
        values: names of values.

    Raises:
        ValueError: an unknown factor or value.

    Example:
        >>> value_numbers("tablecloth", ["yellow", "red"])
        [3, 0]
    """
    if factor not in FACTORS:
        raise ValueError(f"Expected a factor out of {', '.join(FACTORS)}. Received: {factor!r}")
    for value in values:
        if value not in FACTORS[factor]:
            raise ValueError(
                f"Expected values of {factor} out of {', '.join(FACTORS[factor])}. "
                f"Received: {value!r}"
            )
    return [FACTORS[factor].index(value) for value in values]
