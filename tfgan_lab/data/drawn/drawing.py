"""What all drawn data sets do: check what is asked for, and draw every image by itself."""

import numpy as np

from tfgan_lab.data.pixels import collect


def draw_each(draw, count) -> tuple:
    """Draws a data set.

    Args:
        draw: function from an image's number to the image and a dict of its factors.
        count: int, at least 1.

    Returns:
        Array of all images, and a dict of arrays of shape (count,): the factors.

    Raises:
        ValueError: no images are asked for.
    """
    if count < 1:
        raise ValueError(f"Expected count of at least 1. Received: count={count}")
    factors = {}

    def draw_one(index):
        image, facts = draw(index)
        if not factors:
            factors.update({name: np.empty(count, np.array(facts[name]).dtype) for name in facts})
        for name, fact in facts.items():
            factors[name][index] = fact
        return image

    return collect(map(draw_one, range(count))), factors


def check_drawing(seed, index, image_size) -> None:
    """Checks the numbers that name a drawn image.

    Args:
        seed: int from 0, of the data set.
        index: int from 0, of the image.
        image_size: int from 16, height and width in pixels.

    Raises:
        ValueError: one is out of its range.
    """
    bounds = ("seed", seed, 0), ("index", index, 0), ("image_size", image_size, 16)
    for name, value, least in bounds:
        if value < least:
            raise ValueError(f"Expected {name} of at least {least}. Received: {name}={value}")
