"""What the discriminator looks at, as training goes on."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.attribution import activation_maps, fine_layer
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.files import write_atomically
from tfgan_lab.plots.grids import png_bytes, tile_images, to_uint8
from tfgan_lab.plots.overlays import overlay


class DiscriminatorMaps(keras.callbacks.Callback):
    """Writes where the discriminator sees that pictures are fake, of the same pictures each time.

    The files are ``maps/epoch_00010.png`` and so on: a row of real pictures and below it their
    maps, then a row of generated ones, from fixed latents, and theirs. Red speaks for fake, blue
    for real. TensorBoard shows them as ``discriminator_maps``. Training is not changed.

    Args:
        directory: path of the run.
        pictures: the ``Pictures`` that the model trains on; those that ``fit`` got, unless given.
        every: int, period in epochs; the last epoch always counts.
        num_images: int, real pictures, and as many generated ones.
        method: see ``tfgan_lab.attribution.activation_maps``.
        layer: name of the discriminator's layer to look at; see ``fine_layer`` unless given.

    Example:
        >>> import tfgan_lab as tgl
        >>> maps = tgl.callbacks.DiscriminatorMaps("run", every=5)
    """

    def __init__(
        self,
        directory,
        pictures=None,
        every=10,
        num_images=8,
        method="elementwise",
        layer=None,
    ):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.pictures = pictures
        self.schedule = Schedule(every)
        self.num_images = num_images
        self.method, self.layer = method, layer

    def on_epoch_end(self, epoch, logs=None):
        """Writes the maps where they are due."""
        epoch += 1
        if not self.schedule.is_due(epoch, last=self.params["epochs"]):
            return
        pictures = self.pictures or self.model.training_pictures
        sheet = discriminator_sheet(
            self.model, pictures, self.num_images, method=self.method, layer=self.layer
        )
        write_atomically(self.directory / "maps" / f"epoch_{epoch:05d}.png", png_bytes(sheet))
        folder = str(self.directory / "events")
        writer = tf.summary.create_file_writer(folder, filename_suffix=".maps")
        with writer.as_default(step=int(self.model.step.numpy())):
            tf.summary.image("discriminator_maps", sheet[np.newaxis])
        writer.close()


def discriminator_sheet(
    model, pictures, num_images=8, seed=None, *, method="elementwise", layer=None
) -> np.ndarray:
    """A sheet of real pictures, their maps, generated pictures and theirs, a row each.

    Args:
        model: ``tfgan_lab.GAN`` or ``ConditionalGAN``.
        pictures: ``Pictures``, with labels for a model with classes.
        num_images: int, pictures in a row; fewer where the set is smaller.
        seed: int, key of the latents; the model's own unless given. Of classes, all take turns.
        method: see ``tfgan_lab.attribution.activation_maps``.
        layer: the discriminator's layer to look at; the last whose output is at least 8x8 unless
            given.

    Returns:
        uint8 array of shape (sheet_height, sheet_width, 3).
    """
    discriminator = model.discriminator
    layer = layer or fine_layer(discriminator)
    real = pictures.sample(num_images)
    fake = model.generate(len(real), seed=model.seed if seed is None else seed)
    rows = []
    for images, labels in zip((real, fake), _labels(model, pictures, len(real)), strict=True):
        inputs = images if labels is None else [images, labels]
        found = activation_maps(discriminator, inputs, "fake", method=method, layer=layer)
        plain = np.broadcast_to(to_uint8(images), (*images.shape[:-1], 3))
        rows += [plain, overlay(images, found.maps)]
    return tile_images(np.concatenate(rows), columns=len(real))


def _labels(model, pictures, count):
    """Classes of the real and of the generated pictures, ``None`` without any."""
    if len(model.discriminator.inputs) == 1:
        return None, None
    places = np.linspace(0, len(pictures) - 1, count).round().astype(int)  # As ``sample`` does.
    return pictures.labels[places], np.arange(count, dtype=np.int32) % model.num_classes
