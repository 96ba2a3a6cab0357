"""What the discriminator looks at, during training."""

import pathlib

import numpy as np
import tensorflow as tf

from tfgan_lab import run_layout
from tfgan_lab.attribution import activation_maps, fine_layer
from tfgan_lab.attribution.heads import own_graph, pooled_head
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.callbacks.training_callback import TrainingCallback
from tfgan_lab.callbacks.writing import Events
from tfgan_lab.files import write_atomically
from tfgan_lab.plots.grids import png_bytes, tile_images, to_uint8
from tfgan_lab.plots.overlays import overlay

NUM_USUAL = 64  # images of each kind that tell what is usual
STRONG = 98  # per cent of all places are coloured less than the strongest colour


class DiscriminatorMaps(TrainingCallback):
    """Writes where the discriminator sees that images are fake, of the same images each time.

    The files are ``maps/epoch_00010.png`` and so on: a row of real images and below it their
    maps, then a row of generated ones, from fixed latents, and theirs. Red:
    evidence for fake; blue: evidence for real, beyond what is usual. TensorBoard shows them as
    ``discriminator_maps``. Training is not changed.

    Args:
        directory: path of the run.
        images: the ``ImageSet`` that the model trains on; those that ``fit`` got, unless given.
        every: int, period in epochs; the last epoch always counts.
        num_images: int, real images, and as many generated ones.
        method: see ``tfgan_lab.attribution.activation_maps``.
        layer: name of the discriminator's layer to look at; see ``fine_layer`` unless given.

    Example:
        >>> import tfgan_lab as tgl
        >>> maps = tgl.callbacks.DiscriminatorMaps("run", every=5)
    """

    def __init__(
        self,
        directory,
        images=None,
        every=10,
        num_images=8,
        method="elementwise",
        layer=None,
    ):
        super().__init__()
        self.folder = pathlib.Path(directory) / run_layout.MAPS
        self.images = images
        self.schedule = Schedule(every)
        self.num_images = num_images
        self.method, self.layer = method, layer
        self._events = Events(directory, ".maps")

    def on_train_begin(self, logs=None):
        """Checks that there are images to look at."""
        self.training_images(self.images)

    def on_epoch_end(self, epoch, logs=None):
        """Writes the maps where they are due."""
        epoch += 1
        if not self.schedule.is_due(epoch, last=self.params["epochs"]):
            return
        images = self.training_images(self.images)
        sheet = discriminator_sheet(
            self.model, images, self.num_images, method=self.method, layer=self.layer
        )
        write_atomically(self.folder / run_layout.epoch_sheet(epoch), png_bytes(sheet))
        with self._events.at(self.step):
            tf.summary.image("discriminator_maps", sheet[np.newaxis])

    def on_train_end(self, logs=None):
        """Closes the file of events."""
        self._events.close()


def discriminator_sheet(
    model, images, num_images=8, seed=None, *, method="elementwise", layer=None
) -> np.ndarray:
    """A sheet of real images, their maps, generated images and theirs, a row each.

    Of the maps that can be negative, what is the same in all images is taken away: they show what
    in *this* image speaks more for fake, or for real, than is usual. All maps of the sheet have
    one scale.

    Args:
        model: ``tfgan_lab.GAN`` or ``ConditionalGAN``.
        images: ``ImageSet``, with labels for a model with classes.
        num_images: int, images in a row; fewer where the set is smaller.
        seed: int, key of the latents; the model's own unless given. Of classes, all take turns.
        method: see ``tfgan_lab.attribution.activation_maps``.
        layer: the discriminator's layer to look at; the last whose output is at least 8x8 unless
            given, or the one that is pooled where the method looks at no other.

    Returns:
        uint8 array of shape (sheet_height, sheet_width, 3).
    """
    pooled = pooled_head(own_graph(model.discriminator)) is not None
    if layer is None and not (method == "class_activation" or (method == "auto" and pooled)):
        layer = fine_layer(model.discriminator)
    seed = model.seed if seed is None else seed
    kinds = _inputs(model, images, num_images, seed)
    found = [_maps(model, inputs, method, layer) for inputs in kinds]
    maps = [each.maps for each in found]
    if found[0].method != "gradient_weighted":
        usual = _usual_map(model, images, seed, method, layer)
        maps = [each - usual for each in maps]
    # A single strong place must not pale all others.
    scale, rows = np.percentile(np.abs(maps), STRONG), []
    for inputs, each in zip(kinds, maps, strict=True):
        batch = inputs[0]
        plain = np.broadcast_to(to_uint8(batch), (*batch.shape[:-1], 3))
        rows += [plain, overlay(batch, each, scale=scale)]
    return tile_images(np.concatenate(rows), columns=len(kinds[0][0]))


def _usual_map(model, images, seed, method, layer):
    """Evidence for fake that all images share, real or generated.

    Relativistic losses leave open where a logit's zero lies: such a discriminator may say the same
    of every image in the same corner, and the maps would show little else.
    """
    both = [_maps(model, inputs, method, layer).maps.mean(axis=0)
            for inputs in _inputs(model, images, NUM_USUAL, seed)]  # fmt: skip
    return (both[0] + both[1]) / 2


def _maps(model, inputs, method, layer):
    inputs = inputs if len(inputs) > 1 else inputs[0]
    return activation_maps(model.discriminator, inputs, "fake", method=method, layer=layer)


def _inputs(model, images, count, seed):
    """What the discriminator is given: of real images, and of as many generated ones."""
    real = images.sample(count)
    fake = model.generate(len(real), seed=seed)
    labels = _labels(model, images, len(real))
    return [[batch] if mine is None else [batch, mine]
            for batch, mine in zip((real, fake), labels, strict=True)]  # fmt: skip


def _labels(model, images, count):
    """Classes of the real and of the generated images, ``None`` without any."""
    if len(model.discriminator.inputs) == 1:
        return None, None
    places = np.linspace(0, len(images) - 1, count).round().astype(int)  # As ``sample`` does.
    return images.labels[places], np.arange(count, dtype=np.int32) % model.num_classes
