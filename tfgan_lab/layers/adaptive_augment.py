"""ADA: as much augmentation as the discriminator's overfitting asks for."""

import keras

from tfgan_lab.controlled_value import ControlledValue
from tfgan_lab.layers.augmenter import Augmenter
from tfgan_lab.layers.diff_augment import DiffAugment

# A probability of 1 would never show the discriminator an image as it is, and the generator
# would learn the changes: they leak.
MOST = 0.99


@keras.saving.register_keras_serializable(package="tfgan_lab")
class AdaptiveAugment(Augmenter):
    """Applies each change with a probability p that follows a sign of overfitting.

    r_t = E[sign(D(x))] over training images is near 1 when the discriminator knows them by
    heart. Every ``interval`` batches p moves by sign(r_t - target) * images / images_to_full,
    and is clipped to [0, 1). Under a relativistic loss, D(x) counts from the middle between its
    means over real and generated images.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, section 3.

    Args:
        augmenter: a ``DiffAugment``; its default unless given.
        target: float in (-1, 1), where r_t is to be.
        images_to_full: number of images over which p could rise from 0 to 1.
        interval: int from 1, batches between two moves.

    Example:
        >>> float(AdaptiveAugment().probability)
        0.0
    """

    log_names = ("augment_probability", "real_sign")

    def __init__(self, augmenter=None, target=0.6, images_to_full=500_000, interval=4):
        self.augmenter = augmenter or DiffAugment()
        self.target = target
        self.images_to_full = images_to_full
        self.interval = interval
        self._controlled = ControlledValue(
            0.0, MOST, target, images_to_full, interval, name="augment_probability"
        )
        self.probability = self._controlled.value
        self.variables = self._controlled.variables

    def __call__(self, images, seed):
        """See the base class."""
        return self.augmenter(images, seed, probability=self.probability.value)

    def observe(self, real_logits):
        """Gathers signs, and moves the probability when a number of batches is together."""
        real_sign = self._controlled.observe(real_logits)
        return {"augment_probability": self.probability.value, "real_sign": real_sign}
