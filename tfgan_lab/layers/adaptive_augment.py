"""ADA: as much augmentation as the discriminator's overfitting asks for."""

import keras
import tensorflow as tf

from tfgan_lab.layers.augmenter import Augmenter
from tfgan_lab.layers.diff_augment import DiffAugment
from tfgan_lab.replicas import mean_over_replicas, num_replicas

# A probability of 1 would never show the discriminator a picture as it is, and the generator
# would learn the changes: they leak.
MOST = 0.99


@keras.saving.register_keras_serializable(package="tfgan_lab")
class AdaptiveAugment(Augmenter):
    """Applies each change with a probability p that follows a sign of overfitting.

    r_t = E[sign(D(x))] over training pictures is near 1 when the discriminator knows them by
    heart. Every ``interval`` batches p moves by sign(r_t - target) * pictures / images_to_full,
    and is clipped to [0, 1). Under a loss that compares real with generated pictures, D(x) counts
    from the middle between its means over both.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, section 3.

    Args:
        augmenter: a ``DiffAugment``; its default unless given.
        target: float in (-1, 1), where r_t is to be.
        images_to_full: number of pictures over which p could rise from 0 to 1.
        interval: int from 1, batches between two moves.

    Example:
        >>> float(AdaptiveAugment().probability)
        0.0
    """

    log_names = ("augment_probability", "real_sign")

    def __init__(self, augmenter=None, target=0.6, images_to_full=500_000, interval=4):
        if not -1 < target < 1:
            raise ValueError(f"Expected target in (-1, 1). Received: target={target}")
        if images_to_full < 1 or interval < 1:
            raise ValueError(
                "Expected images_to_full and interval from 1. "
                f"Received: images_to_full={images_to_full}, interval={interval}"
            )
        self.augmenter = augmenter or DiffAugment()
        self.target = target
        self.images_to_full = images_to_full
        self.interval = interval
        self.probability = keras.Variable(0.0, trainable=False, name="augment_probability")
        self._sign_sum = keras.Variable(0.0, trainable=False, name="sign_sum")
        self._num_images = keras.Variable(0.0, trainable=False, name="num_images")
        self._num_batches = keras.Variable(0, dtype="int32", trainable=False, name="num_batches")
        self.variables = [
            self.probability,
            self._sign_sum,
            self._num_images,
            self._num_batches,
        ]

    def __call__(self, images, seed):
        """See the base class."""
        return self.augmenter(images, seed, probability=self.probability.value)

    def observe(self, real_logits):
        """Gathers signs, and moves the probability when a number of batches is together."""
        logits = tf.cast(real_logits, tf.float32)
        signs = num_replicas() * mean_over_replicas(tf.reduce_sum(tf.sign(logits)))
        sign_sum = self._sign_sum + signs
        num_images = self._num_images + num_replicas() * tf.cast(tf.size(logits), tf.float32)
        num_batches = self._num_batches + 1
        real_sign = sign_sum / num_images
        move = tf.sign(real_sign - self.target) * num_images / self.images_to_full
        moved = tf.clip_by_value(self.probability + move, 0.0, MOST)
        full = num_batches >= self.interval
        self.probability.assign(tf.where(full, moved, self.probability))
        self._sign_sum.assign(tf.where(full, 0.0, sign_sum))
        self._num_images.assign(tf.where(full, 0.0, num_images))
        self._num_batches.assign(tf.where(full, 0, num_batches))
        return {"augment_probability": self.probability.value, "real_sign": real_sign}
