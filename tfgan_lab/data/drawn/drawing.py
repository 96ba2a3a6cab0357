"""What all drawn data sets do: draw every picture by itself."""

import numpy as np


def draw_each(draw, count) -> tuple:
    """Draws a data set.

    Args:
        draw: function from a picture's number to the picture and a dict of its factors.
        count: int, at least 1.

    Returns:
        Array of all pictures, and a dict of arrays of shape (count,): the factors.

    Raises:
        ValueError: no pictures are asked for.
    """
    if count < 1:
        raise ValueError(f"Expected count of at least 1. Received: count={count}")
    images, factors = zip(*map(draw, range(count)), strict=True)
    return np.stack(images), {name: np.array([f[name] for f in factors]) for name in factors[0]}
