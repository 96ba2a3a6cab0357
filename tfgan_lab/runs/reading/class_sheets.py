"""Images that show what the label does: every class at the same latents, and ways between."""

import pathlib

import numpy as np

from tfgan_lab.files import write_atomically
from tfgan_lab.latents.generator import LatentGenerator
from tfgan_lab.networks.conditional import class_mixing_generator
from tfgan_lab.plots.grids import png_bytes, tile_images
from tfgan_lab.runs.settings.validity import ConfigError

ROWS = 6  # latents whose way between two classes is shown


def labels_in_turns(generator: LatentGenerator, count):
    """Labels 0, 1, 2 and so on, and again from 0, and how many there are before.

    Args:
        generator: ``LatentGenerator`` with classes.
        count: int, number of labels.

    Returns:
        int array of shape (count,), and the number of classes.

    Raises:
        ConfigError: the generator doesn't show how many classes it has.
    """
    if generator.num_classes is None:
        raise ConfigError(
            "Expected labels for a generator with classes (--label), for it doesn't show how many "
            "it has. Received: none"
        )
    return np.arange(count) % generator.num_classes, generator.num_classes


def every_class(generator: LatentGenerator, latents) -> np.ndarray:
    """The same latents in every class.

    Args:
        generator: ``LatentGenerator`` with classes.
        latents: float array of shape (n, latent_size).

    Returns:
        float32 array of shape (num_classes, n, height, width, channels).
    """
    labels = np.repeat(np.arange(generator.num_classes), len(latents))
    images = generator.generate(np.tile(latents, (generator.num_classes, 1)), labels)
    return images.reshape(generator.num_classes, len(latents), *images.shape[1:])


def between_classes(generator: LatentGenerator, latents, classes, steps) -> np.ndarray:
    """The way from one class to another at fixed latents, see ``class_mixing_generator``.

    Args:
        generator: ``LatentGenerator`` with classes.
        latents: float array of shape (n, latent_size).
        classes: two ints, where the way begins and ends.
        steps: int from 2, images on it, both ends among them.

    Returns:
        float32 array of shape (n, steps, height, width, channels) in [-1, 1].
    """
    network = class_mixing_generator(generator.network)
    begin, end = np.eye(network.input_shape[1][-1], dtype=np.float32)[list(classes)]
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, np.newaxis]
    weights = (1 - share) * begin + share * end
    latents = np.asarray(latents, np.float32)
    rows = [
        network([np.repeat(latent[np.newaxis], steps, axis=0), weights], training=False)
        for latent in latents
    ]
    return np.clip(np.stack([np.asarray(row) for row in rows]), -1, 1)


def write_rows(rows, path) -> pathlib.Path:
    """Writes images as a sheet.

    Args:
        rows: float array of shape (rows, columns, height, width, channels) in [-1, 1].
        path: of the PNG file.

    Returns:
        The path.
    """
    sheet = tile_images(rows.reshape(-1, *rows.shape[2:]), columns=rows.shape[1])
    write_atomically(path, png_bytes(sheet))
    return path
