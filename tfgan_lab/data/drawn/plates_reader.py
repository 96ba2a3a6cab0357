"""The 20 modes of the drawn plates of spaghetti, and how they are read off pixels.

A circle is fitted: of many hypotheses of centre and radius, that one is kept whose rim looks most
like one of the plates and whose surroundings look most like one of the tablecloths.

Training turns, zooms and mirrors the images, and a turned image's corners are filled by
reflection, often with plate. So the tablecloth is read from a ring around the plate, cut off at
the image's inscribed circle, and not from the corners.
"""

import functools

import numpy as np

from tfgan_lab.data.drawn.pixel_reading import GRID, read_in_chunks, shrink

# Told apart by brightness or hue even where blur mixes a plate with its surroundings: terracotta
# would not do, for it is what white mixed with red or yellow looks like.
TABLECLOTHS = {
    "red": (186, 44, 48),
    "blue": (52, 86, 164),
    "green": (84, 142, 78),
    "yellow": (238, 194, 72),
    "grey": (150, 150, 152),
}
PLATES = {
    "white": (240, 238, 232),
    "black": (50, 48, 52),
    "turquoise": (70, 184, 190),
    "violet": (128, 72, 156),
}
NUM_MODES = len(TABLECLOTHS) * len(PLATES)

CLEAR_DISTANCE = 0.56
"""Distance returned by ``read_modes`` from which on an image is no plate at all."""

_TOLERANCE = 90.0  # RGB units; a pixel this far from a colour counts as wholly different
_CENTRES = np.linspace(-0.08, 0.08, 7)
_RADII = np.linspace(0.3, 0.46, 11)
_RIM = (0.76, 0.92)  # of the plate's radius; blur mixes food into it before, cloth after
_SURROUNDINGS = 1.08  # of the plate's radius


def mode_name(mode):
    """Names a mode.

    Args:
        mode: int in [0, 20), ``tablecloth * 4 + plate``.

    Returns:
        Str.

    Raises:
        ValueError: if there is no such mode.

    Example:
        >>> mode_name(0)
        'red tablecloth, white plate'
    """
    if not 0 <= mode < NUM_MODES:
        raise ValueError(f"Expected mode in [0, {NUM_MODES}). Received: mode={mode}")
    tablecloth, plate = divmod(int(mode), len(PLATES))
    return f"{list(TABLECLOTHS)[tablecloth]} tablecloth, {list(PLATES)[plate]} plate"


def read_modes(images, return_distances=False):
    """Reads the modes of images.

    Of 2000 drawn images each, of a seed that served no tuning, these are misread:

    ===================================================================  ========  ========
    images                                                               64 px     32 px
    ===================================================================  ========  ========
    as drawn                                                             0 %       0 %
    mirrored, zoomed by up to 0.1 and rotated by up to 0.1 turns         0 %       0 %
    and blurred by a Gaussian whose sigma is 1/64 of the image's side    0.05 %    0 %
    and with noise of standard deviation 20 RGB units on top             0.05 %    0.05 %
    without that noise, but with twice that sigma                        1.2 %     2.5 %
    ===================================================================  ========  ========

    All of these errors are in the plate, none in the tablecloth.

    Args:
        images: array of shape (n, size, size, 3) with size in [32, 256]: RGB, uint8, or floats
            in [-1, 1].
        return_distances: whether to return also how far each image is from its mode.

    Returns:
        Int array of shape (n,), modes in [0, 20). With ``return_distances`` a pair of it and a
        float array of shape (n,), 0 to 1: the root mean square of the differences of rim and of
        surroundings from the colours of the mode. The images of the table's first three rows
        have 0.50, 0.55 and 0.63 at most; pixel noise has 0.60 at least, one colour of tablecloth
        or plate all over 0.61, one grey 0.566. So 0.56 is a bound for what is no plate at all:
        it turns away nothing as drawn, less than 1 % of the third row, but 7 % of the noisy and 8 %
        of the softest at 32 pixels.

    Raises:
        ValueError: if shape, type or range is another.

    Example:
        >>> from tfgan_lab.data.drawn.plates import draw_plates
        >>> images, factors = draw_plates(4, image_size=32)
        >>> bool((read_modes(images) == factors["mode"]).all())
        True
    """
    modes, distances = read_in_chunks(images, _read_chunk)
    return (modes, distances) if return_distances else modes


def _read_chunk(images):
    """Reads modes and distances of some images."""
    pixels = shrink(images).reshape(len(images), GRID * GRID, 3)
    rims, surroundings = _circles()
    # Of shape (circles, n, colours); tensordot makes one product of what ``@`` would make n.
    plate_costs = np.tensordot(rims, _differences(pixels, PLATES), axes=(1, 1))
    cloth_costs = np.tensordot(surroundings, _differences(pixels, TABLECLOTHS), axes=(1, 1))
    best = (plate_costs.min(axis=-1) + cloth_costs.min(axis=-1)).argmin(axis=0)
    every = np.arange(len(images))
    plate_costs, cloth_costs = plate_costs[best, every], cloth_costs[best, every]
    modes = cloth_costs.argmin(axis=-1) * len(PLATES) + plate_costs.argmin(axis=-1)
    # Not the plain mean: an image of cloth alone is half right but no plate of spaghetti.
    return modes, np.hypot(plate_costs.min(axis=-1), cloth_costs.min(axis=-1)) / np.sqrt(2)


@functools.cache
def _circles():
    """Returns the hypotheses: weights of rims and of surroundings, (circles, 32 * 32) each.

    The rows sum to 1, so that a product with pixels is a mean.
    """
    axis = (np.arange(GRID) + 0.5) / GRID - 0.5
    x, y = (part.ravel() for part in np.meshgrid(axis, axis))
    centre_x, centre_y, radius = (
        part.ravel()[:, None] for part in np.meshgrid(_CENTRES, _CENTRES, _RADII)
    )
    distance = np.hypot(x - centre_x, y - centre_y)
    rims = (distance > _RIM[0] * radius) & (distance < _RIM[1] * radius)
    surroundings = (distance > _SURROUNDINGS * radius) & (np.hypot(x, y) < 0.5)
    # A big circle off the middle would leave a few pixels of surroundings, which say little.
    known = surroundings.sum(axis=1) >= 0.05 * GRID**2
    return tuple(
        (mask / mask.sum(axis=1, keepdims=True)).astype(np.float32)
        for mask in (rims[known], surroundings[known])
    )


def _differences(pixels, colours):
    """Returns how far pixels, (n, pixels, 3), are from colours: (n, pixels, colours), 0 to 1."""
    palette = np.array(list(colours.values()), np.float32)
    offsets = pixels[:, :, None, :] - palette
    return np.minimum(np.sqrt((offsets**2).sum(axis=-1)) / _TOLERANCE, 1)
