"""Ways between latents, and how smoothly the images change along them."""

import dataclasses

import numpy as np

from tfgan_lab.latents.generator import as_generator
from tfgan_lab.randomness import Purpose, key


def linear(start, end, steps=16) -> np.ndarray:
    """Weighted means of two latents, from the first to the second, both included.

    In many dimensions the middle of two normal draws is shorter than either by a factor of about
    1.4, where the generator was never trained: its images tend to the usual ones there.

    Args:
        start: float array of shape (..., latent_size).
        end: the same.
        steps: int from 2, number of latents.

    Returns:
        float32 array of shape (steps, ..., latent_size).

    Raises:
        ValueError: fewer than 2 steps, or latents of different shapes.

    Example:
        >>> linear([0.0, 4.0], [1.0, 0.0], steps=3).tolist()
        [[0.0, 4.0], [0.5, 2.0], [1.0, 0.0]]
    """
    start, end, weights = _ends(start, end, steps)
    return ((1 - weights) * start + weights * end).astype(np.float32)


def spherical(start, end, steps=16) -> np.ndarray:
    """Latents along the arc between two, whose length goes from one's to the other's.

    Between normal draws all of them are as long as draws are.

    Reference:
        Sampling Generative Networks, arXiv 1609.04468, section 2; with the lengths interpolated
        by themselves.

    Args:
        start: as of ``linear``.
        end: as of ``linear``; opposite latents have no single arc, and give a straight way.
        steps: as of ``linear``.

    Returns:
        float32 array of shape (steps, ..., latent_size).

    Raises:
        ValueError: as of ``linear``.

    Example:
        >>> spherical([0.0, 2.0], [2.0, 0.0], steps=3)[1].round(3)
        array([1.414, 1.414], dtype=float32)
    """
    start, end, weights = _ends(start, end, steps)
    lengths = [np.linalg.norm(part, axis=-1, keepdims=True) for part in (start, end)]
    units = [
        part / np.maximum(length, 1e-12) for part, length in zip((start, end), lengths, strict=True)
    ]
    cosine = np.clip((units[0] * units[1]).sum(axis=-1, keepdims=True), -1, 1)
    angle = np.arccos(cosine)
    # Where the sine vanishes the arc is a point, or any of many; or one of both is nothing.
    straight = (np.sin(angle) < 1e-6) | (lengths[0] < 1e-12) | (lengths[1] < 1e-12)
    sine = np.where(straight, 1, np.sin(angle))
    arc = (np.sin((1 - weights) * angle) * units[0] + np.sin(weights * angle) * units[1]) / sine
    arc *= (1 - weights) * lengths[0] + weights * lengths[1]
    return np.where(straight, (1 - weights) * start + weights * end, arc).astype(np.float32)


METHODS = {"linear": linear, "spherical": spherical}


def between(start, end, steps=16, method="linear") -> np.ndarray:
    """Latents by ``linear`` or ``spherical``, the method given by name.

    Args:
        start: as of ``linear``.
        end: as of ``linear``.
        steps: as of ``linear``.
        method: name out of ``METHODS``.

    Raises:
        ValueError: another method, or as of ``linear``.
    """
    if method not in METHODS:
        raise ValueError(f"Expected a method out of {', '.join(METHODS)}. Received: {method!r}")
    return METHODS[method](start, end, steps)


def interpolate(generator, start, end, *, steps=16, method="linear", labels=None) -> np.ndarray:
    """Images on the way from one latent to another.

    Shown row by row in a grid they go from its upper left to its lower right, as report R0 shows
    them.

    Args:
        generator: whatever ``as_generator`` takes.
        start: float array of shape (latent_size,).
        end: float array of shape (latent_size,).
        steps: int from 2, number of images, the ends' included.
        method: ``"linear"``, the report's, or ``"spherical"``.
        labels: with classes, one for all or ``steps`` of them; else ``None``.

    Returns:
        float32 array of shape (steps, height, width, channels) in [-1, 1].

    Raises:
        ValueError: an argument out of its range.

    Example:
        >>> import tfgan_lab as tgl
        >>> generator = tgl.networks.transposed_generator(image_size=8, widths=(4, 4))
        >>> interpolate(generator, np.zeros(128), np.ones(128), steps=5).shape
        (5, 8, 8, 3)
    """
    generator = as_generator(generator)
    return generator.generate(between(start, end, steps, method), labels)


def closed_walk(latents, num_visited, frames=12, seed=0) -> np.ndarray:
    """A walk that visits draws one after the other, on arcs, and ends where it began.

    Args:
        latents: the ``LatentDistribution`` to draw from.
        num_visited: int from 2, number of draws.
        frames: int from 1, latents from one draw to before the next.
        seed: int, key of the draws.

    Returns:
        float32 array of shape (num_visited * frames, latent_size); the first follows on the last.

    Raises:
        ValueError: fewer than 2 draws or 1 frame.
    """
    if num_visited < 2 or frames < 1:
        raise ValueError(
            "Expected a walk of at least 2 visits and 1 frame from each to the next. "
            f"Received: num_visited={num_visited}, frames={frames}"
        )
    visited = latents.sample(num_visited, key(seed, 0, Purpose.WALK)).numpy()
    # About the mean, which is not 0 for every distribution.
    mean = np.float32(latents.moments[0])
    arcs = spherical(visited - mean, np.roll(visited, -1, axis=0) - mean, frames + 1)[:-1]
    walk = arcs.swapaxes(0, 1).reshape(-1, latents.size) + mean
    return np.asarray(latents.clip(walk))


@dataclasses.dataclass(frozen=True)
class Smoothness:
    """How images change along a way; distances are root mean square differences of pixels.

    Attributes:
        length: float, sum of the distances between neighbours.
        direct: float, distance between the first and the last image.
        detour: float from 1, ``length`` by ``direct``: 1 for cross-fading, more where the way
            leads over other images. Infinite where it ends where it began.
        largest_jump: float from 1, the largest distance between neighbours by the mean one: 1
            where all steps look alike; the number of steps where it all happens in one.
    """

    length: float
    direct: float
    detour: float
    largest_jump: float


def smoothness(images) -> Smoothness:
    """Measures how smoothly images change from each to the next.

    Compare ways of the same number of images only: more of them make every jump smaller.

    Args:
        images: float array of shape (n, height, width, channels), n from 2.

    Returns:
        ``Smoothness``.

    Raises:
        ValueError: fewer than 2 images.

    Example:
        >>> smoothness(np.linspace(0, 1, 5)[:, None, None, None] * np.ones((8, 8, 3)))
        Smoothness(length=1.0, direct=1.0, detour=1.0, largest_jump=1.0)
    """
    images = np.asarray(images, np.float64)
    if len(images) < 2:
        raise ValueError(f"Expected at least 2 images. Received: {len(images)}")
    flat = images.reshape(len(images), -1)
    jumps = np.sqrt((np.diff(flat, axis=0) ** 2).mean(axis=1))
    direct = float(np.sqrt(((flat[-1] - flat[0]) ** 2).mean()))
    length = float(jumps.sum())
    return Smoothness(
        length=length,
        direct=direct,
        detour=length / direct if direct else float("inf"),
        largest_jump=float(jumps.max() / jumps.mean()) if length else 1.0,
    )


def _ends(start, end, steps):
    """Both ends as float64, and the weights of the second, with axes to broadcast over them."""
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    if start.shape != end.shape or not start.ndim:
        raise ValueError(
            f"Expected two latents of one shape. Received: shapes {start.shape} and {end.shape}"
        )
    if steps < 2:
        raise ValueError(f"Expected at least 2 steps, for both ends. Received: steps={steps}")
    return start, end, np.linspace(0, 1, steps).reshape(-1, *[1] * start.ndim)
