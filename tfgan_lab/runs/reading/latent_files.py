"""Latents of people's own images, and the ways between them, as files."""

import io
import pathlib

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.data.decoding import UnusableImageError, list_files, read_image
from tfgan_lab.files import sha256_of, write_atomically, write_json
from tfgan_lab.latents.generator import LatentGenerator
from tfgan_lab.latents.interpolation import interpolate, smoothness
from tfgan_lab.latents.inversion import Inversion
from tfgan_lab.plots.animation import gif_bytes
from tfgan_lab.plots.grids import image_grid, png_bytes, tile_images, to_uint8
from tfgan_lab.runs.settings.validity import ConfigError

MOST_SHOWN = 24  # Rows of a figure; beyond, it could not be read.


def read_targets(paths, generator: LatentGenerator):
    """Reads images as training would have seen them.

    Args:
        paths: files, and folders whose usable images are all meant.
        generator: the ``LatentGenerator`` they are for; its images are square.

    Returns:
        uint8 array of shape (n, size, size, channels), n names, and (path, reason) of what a
        folder holds besides.

    Raises:
        UnusableImageError: a file that was named is no image.
        ConfigError: not one usable image, or a generator of images that are not square.
    """
    size, width, channels = generator.image_shape
    if size != width:
        raise ConfigError(
            f"Expected a generator of square images. Received: one of {size}x{width} pixels"
        )
    images, names, skipped = [], [], []
    for path in map(pathlib.Path, paths):
        for file in list_files(path) if path.is_dir() else [path]:
            try:
                images.append(read_image(file, size, channels))
                names.append(str(file))
            except UnusableImageError as error:
                if not path.is_dir():
                    raise
                skipped.append((str(file), error.reason))
    if not images:
        raise ConfigError(
            f"Expected at least 1 image in {', '.join(map(str, paths))}. Received: none"
        )
    return np.stack(images), names, skipped


def write_inversion(found: Inversion, names, folder) -> pathlib.Path:
    """Writes what was found: ``latents.npz``, ``inversion.json`` and ``inversion.png``.

    ``latents.npz`` holds ``latents`` and ``names``, and as uint8 images ``targets``, ``images``
    made from the latents, and ``kept_images`` after ``kept_steps`` of the search.

    Args:
        found: the ``Inversion``.
        names: of the targets.
        folder: where to write.

    Returns:
        Path of the figure.
    """
    folder = pathlib.Path(folder)
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        latents=found.latents,
        names=np.array(names),
        targets=to_uint8(found.targets),
        images=to_uint8(found.images),
        kept_steps=np.array(found.kept_steps),
        kept_images=to_uint8(found.kept_images),
    )
    write_atomically(folder / run_layout.INVERSION_LATENTS, buffer.getvalue())
    rows = [
        {
            "name": name,
            "mean_squared_error": float(found.errors[index]),
            "norm": float(found.norms[index]),
            "plausibility": float(found.plausibility[index]),
            "steps": int(found.steps_taken[index]),
            "loss": float(found.losses[index, -1]),
        }
        | _generator_of(folder)
        for index, name in enumerate(names)
    ]
    write_json(folder / run_layout.INVERSION_NUMBERS, rows)
    buffer = io.BytesIO()
    inversion_figure(found).savefig(buffer, format="png")
    figure = folder / run_layout.INVERSION_FIGURE
    write_atomically(figure, buffer.getvalue())
    return figure


def inversion_figure(found: Inversion, title=""):
    """A row for each target: itself, the images at the kept steps, and what was found.

    Args:
        found: the ``Inversion``; the first 24 targets are shown.
        title: str.

    Returns:
        ``matplotlib.figure.Figure``.
    """
    shown = min(len(found), MOST_SHOWN)
    parts = [found.targets[:shown, None], found.kept_images[:shown], found.images[:shown, None]]
    rows = np.concatenate(parts, axis=1)
    heads = ["target", *(f"step {step}" for step in found.kept_steps)]
    labels = []
    for error in found.errors[:shown]:
        labels += [*heads, f"found, {error:.4f}"]
    return image_grid(
        rows.reshape(-1, *rows.shape[2:]), columns=rows.shape[1], labels=labels, inches=1.2,
        title=title,
    )  # fmt: skip


def write_interpolation(generator, ends, folder, steps=16, method="linear", label=None) -> dict:
    """Writes the images between two latents: ``interpolation.png``, ``.gif`` and ``.json``.

    Args:
        generator: ``LatentGenerator``.
        ends: float array of shape (2, latent_size).
        folder: where to write.
        steps: int from 2, images of the grid.
        method: ``"linear"`` or ``"spherical"``.
        label: with classes, the class; else ``None``.

    Returns:
        Dict of what the JSON file holds: the method and its ``Smoothness``.
    """
    folder = pathlib.Path(folder)
    images = interpolate(generator, *ends, steps=steps, method=method, labels=label)
    write_atomically(folder / run_layout.INTERPOLATION_SHEET, png_bytes(tile_images(images)))
    # There and back, so that it repeats without a jump.
    animation = gif_bytes(np.concatenate([images, images[-2:0:-1]]))
    write_atomically(folder / run_layout.INTERPOLATION_ANIMATION, animation)
    found = smoothness(images)
    record = {
        "method": method,
        "steps": steps,
        "length": found.length,
        "direct": found.direct,
        "detour": found.detour if np.isfinite(found.detour) else None,
        "largest_jump": found.largest_jump,
    }
    write_json(folder / run_layout.INTERPOLATION_NUMBERS, record | _generator_of(folder))
    return record


def _generator_of(folder):
    """What tells a run's page later whether the run has released another generator since."""
    file = folder.absolute().parent / run_layout.GENERATOR
    return {"generator_sha256": sha256_of(file)} if file.is_file() else {}
