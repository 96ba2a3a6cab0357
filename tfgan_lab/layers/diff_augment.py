"""DiffAugment: random changes of images that gradients flow through."""

import keras
import tensorflow as tf

from tfgan_lab.layers.augmenter import Augmenter


@keras.saving.register_keras_serializable(package="tfgan_lab")
class DiffAugment(Augmenter):
    """Colour, translation and cutout, used on real and generated images alike in both steps.

    The discriminator never sees an image as it is, so it can't learn the few training images by
    heart; and because generated images go through the same changes, differentiably, the
    generator is not led to make changed images. Every image of a batch draws its own change.

    Reference:
        Differentiable Augmentation for Data-Efficient GAN Training, arXiv 2006.10738, section 3.2.

    Args:
        brightness: float from 0; a value uniform in [-brightness, brightness] is added.
        saturation: float in [0, 1]; the distance of each pixel from its grey is multiplied by a
            value uniform in [1 - saturation, 1 + saturation]. Without effect on grey images.
        contrast: float in [0, 1]; the same for the distance from the image's mean.
        translation: float in [0, 1); greatest shift either way as a fraction of the side; what is
            uncovered becomes 0, mid-grey.
        cutout: float in [0, 1); side of a square set to 0, as a fraction of the image's. It is
            the one most easily learned as part of the images when data are few.

    Example:
        >>> images = tf.zeros((2, 8, 8, 3))
        >>> DiffAugment()(images, seed=tf.constant([0, 1], tf.int64)).shape
        TensorShape([2, 8, 8, 3])
    """

    def __init__(self, brightness=0.5, saturation=1.0, contrast=0.5, translation=0.125, cutout=0.5):
        self.brightness = brightness
        self.saturation = saturation
        self.contrast = contrast
        self.translation = translation
        self.cutout = cutout
        greatest = {"brightness": float("inf"), "saturation": 1.0, "contrast": 1.0,
                    "translation": 0.999, "cutout": 0.999}  # fmt: skip
        for name, most in greatest.items():
            value = getattr(self, name)
            if not 0 <= value <= most:
                raise ValueError(f"Expected {name} from 0 to {most}. Received: {name}={value}")

    def __call__(self, images, seed, probability=None):
        """Changes a batch.

        Args:
            images: float tensor of shape (batch, height, width, channels) in [-1, 1].
            seed: int64 tensor of shape (2,), the batch's key.
            probability: float scalar tensor in [0, 1], with which each image takes each of the
                five changes, or ``None`` for always.

        Returns:
            Tensor of the same shape; colours may leave [-1, 1].
        """
        images = tf.convert_to_tensor(images)
        changes = {
            self._brighten: self.brightness,
            self._saturate: self.saturation if images.shape[-1] > 1 else 0,
            self._contrast: self.contrast,
            self._translate: self.translation,
            self._cut: self.cutout,
        }
        for index, (change, strength) in enumerate(changes.items()):
            if strength:
                key, gate = tf.unstack(tf.random.split(tf.random.fold_in(seed, index), 2))
                changed = change(images, key)
                if probability is not None:
                    taken = tf.random.stateless_uniform((tf.shape(images)[0], 1, 1, 1), gate)
                    changed = tf.where(taken < probability, changed, images)
                images = changed
        return images

    def _brighten(self, images, key):
        return images + _uniform(images, key, -self.brightness, self.brightness)

    def _saturate(self, images, key):
        grey = tf.reduce_mean(images, axis=3, keepdims=True)
        factor = _uniform(images, key, 1 - self.saturation, 1 + self.saturation)
        return grey + (images - grey) * factor

    def _contrast(self, images, key):
        level = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
        factor = _uniform(images, key, 1 - self.contrast, 1 + self.contrast)
        return level + (images - level) * factor

    def _translate(self, images, key):
        """Shifts by whole pixels, by gathering rows and then columns from a padded image."""
        batch, height, width = tf.unstack(tf.shape(images)[:3])
        shifts = []
        for size, part in zip((height, width), tf.unstack(tf.random.split(key, 2)), strict=True):
            most = tf.cast(tf.round(self.translation * tf.cast(size, tf.float32)), tf.int32)
            shifts.append(
                tf.random.stateless_uniform((batch, 1), part, -most, most + 1, dtype=tf.int32)
            )
        # One row and column of zeros around; whatever comes from outside is read from there.
        rows = tf.clip_by_value(tf.range(height)[None] - shifts[0] + 1, 0, height + 1)
        columns = tf.clip_by_value(tf.range(width)[None] - shifts[1] + 1, 0, width + 1)
        padded = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])
        shifted = tf.gather(padded, rows, axis=1, batch_dims=1)
        return tf.gather(shifted, columns, axis=2, batch_dims=1)

    def _cut(self, images, key):
        """Sets a square to 0 whose centre may lie anywhere in the image."""
        batch, height, width = tf.unstack(tf.shape(images)[:3])
        inside = []
        for size, part in zip((height, width), tf.unstack(tf.random.split(key, 2)), strict=True):
            side = tf.cast(tf.round(self.cutout * tf.cast(size, tf.float32)), tf.int32)
            centre = tf.random.stateless_uniform((batch, 1), part, 0, size, dtype=tf.int32)
            first, places = centre - side // 2, tf.range(size)[None]
            inside.append((places >= first) & (places < first + side))
        hole = inside[0][:, :, None, None] & inside[1][:, None, :, None]
        return images * tf.cast(~hole, images.dtype)


def _uniform(images, seed, low, high):
    drawn = tf.random.stateless_uniform((tf.shape(images)[0], 1, 1, 1), seed, low, high)
    return tf.cast(drawn, images.dtype)
