"""Pictures from a released generator."""

import pathlib

import keras
import numpy as np

from tfgan_lab.files import write_atomically
from tfgan_lab.latents.distributions import Normal
from tfgan_lab.models import load_model
from tfgan_lab.plots.grids import png_bytes, tile_images
from tfgan_lab.randomness import Purpose, key


def load_generator(path) -> keras.Model:
    """Loads a released generator.

    Args:
        path: of a ``.keras`` file.

    Raises:
        ValueError: the file is missing, damaged, or no generator.
    """
    model = load_model(path, compile=False)
    if len(model.input_shape) != 2 or len(model.output_shape) != 4:
        raise ValueError(
            "Expected a generator from (batch, latent_size) to pictures. Received: a model from "
            f"{model.input_shape} to {model.output_shape}"
        )
    return model


def generate_files(path, folder, count, seed=0, batch_size=64) -> pathlib.Path:
    """Writes pictures of a released generator, a PNG each, and a sheet of all of them.

    Args:
        path: of a ``.keras`` file.
        folder: where to write.
        count: int from 1, number of pictures.
        seed: int, key of the latents; the same seed gives the same pictures.
        batch_size: int, pictures computed at once.

    Returns:
        Path of the sheet.
    """
    generator = load_generator(path)
    latents = Normal(generator.input_shape[-1]).sample(count, key(seed, 0, Purpose.SAMPLES))
    folder = pathlib.Path(folder)
    images = np.concatenate(
        [
            np.asarray(generator(latents[start : start + batch_size], training=False))
            for start in range(0, count, batch_size)
        ]
    )
    for index, image in enumerate(images):
        write_atomically(folder / f"{index:05d}.png", png_bytes(image))
    sheet = folder / "sheet.png"
    write_atomically(sheet, png_bytes(tile_images(images)))
    return sheet
