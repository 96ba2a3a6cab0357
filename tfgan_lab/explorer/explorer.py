"""What the page of an explorer asks a generator for, without the page."""

import pathlib

import numpy as np
import tensorflow as tf

from tfgan_lab.data import UnusableImageError
from tfgan_lab.latents import factorise, invert, principal_directions
from tfgan_lab.latents.generator import LatentGenerator
from tfgan_lab.plots.grids import to_uint8
from tfgan_lab.runs.reading.generation import draw_latents
from tfgan_lab.runs.reading.latent_files import read_targets

SEARCH = {"steps": 150, "starts": 4, "bank": 512}  # An answer within seconds at 32 pixels.


class Explorer:
    """Moves about in the latents of a generator.

    Args:
        generator: ``LatentGenerator``.
        num_directions: int, how many directions there are to move along.

    Attributes:
        vectors: float32 array of shape (k, latent_size), directions of unit length: those that
            the first dense layer stretches most or, where there is none, along which images
            vary most.

    Example:
        >>> import tfgan_lab as tgl
        >>> network = tgl.networks.transposed_generator(image_size=8, widths=(4, 4))
        >>> explorer = Explorer(LatentGenerator(network))
        >>> explorer.image(explorer.draw(seed=3)).shape
        (8, 8, 3)
    """

    def __init__(self, generator: LatentGenerator, num_directions=6):
        self.generator = generator
        self.vectors = _directions(generator, min(num_directions, generator.latents.size))
        # Compiled, for a slider asks for one image after the other.
        self._compiled = tf.function(generator)
        self.image(np.zeros(generator.latents.size), self.label())

    def label(self, chosen=None):
        """The class to make: the first unless chosen; ``None`` without classes.

        Args:
            chosen: int, or ``None``.
        """
        return int(chosen or 0) if self.generator.conditional else None

    def draw(self, seed) -> np.ndarray:
        """A draw of the latents, the first image of ``tfgan-lab generate --seed``.

        Args:
            seed: int from 0.

        Returns:
            float32 array of shape (latent_size,).
        """
        return draw_latents(self.generator.latents, 1, int(seed))[0]

    def moved(self, latents, positions) -> np.ndarray:
        """Latents moved along all directions at once.

        Args:
            latents: float array of shape (latent_size,).
            positions: k floats, lengths along each direction.

        Returns:
            float32 array of shape (latent_size,).
        """
        shifted = np.asarray(latents, np.float32) + np.float32(positions) @ self.vectors
        return np.asarray(self.generator.latents.clip(shifted), np.float32)

    def image(self, latents, label=None) -> np.ndarray:
        """The image of latents, uint8 of shape (height, width, channels).

        Args:
            latents: float array of shape (latent_size,).
            label: int with classes, else ``None``.
        """
        latents = self.generator.checked_latents(np.asarray(latents)[np.newaxis])
        labels = self.generator.checked_labels(label, 1)
        return to_uint8(np.clip(self._compiled(latents, labels)[0].numpy(), -1, 1))

    def search(self, path, label=None, progress=None):
        """Searches for the latents of an image.

        Args:
            path: of the image's file.
            label: int with classes, else ``None``.
            progress: function of (done, total), or ``None``.

        Returns:
            ``tfgan_lab.latents.Inversion`` of one target.

        Raises:
            ValueError: the file is no image; the message says why.
        """
        try:
            targets, _, _ = read_targets([path], self.generator)
        except UnusableImageError as error:
            # Without the folder, which is one of the server's own.
            raise ValueError(
                f"Expected an image. Received: {pathlib.Path(path).name}, {error.reason}"
            ) from error
        return invert(self.generator, targets, labels=label, progress=progress, **SEARCH)


def _directions(generator, count):
    try:
        return factorise(generator, count).vectors
    except ValueError:
        label = 0 if generator.conditional else None
        samples = max(500, 2 * generator.latents.size)
        return principal_directions(generator, count, labels=label, num_samples=samples).vectors
