"""StarGAN's losses, and its labels of domains, also of several data sets at once."""

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable
from tfgan_lab.losses.adversarial import Wasserstein, mean, ordered_sum
from tfgan_lab.losses.cyclegan import check_translation_loss


@keras.saving.register_keras_serializable(package="tfgan_lab")
class LabelSets(Configurable):
    """The label sets of one or more data sets, as one vector that ends in a mask.

    The vector holds the labels of all sets one after the other, zeros for those that are unknown,
    and, where there are several sets, a one-hot mask that says which set is known.

    Reference:
        StarGAN: Unified Generative Adversarial Networks for Multi-Domain Image-to-Image
        Translation, arXiv 1711.09020, section 3.2, equation 7.

    Args:
        sizes: number of labels in each set.
        exclusive: for each set, whether an image has exactly one of its labels (softmax) or any
            number of them (one sigmoid each); all are exclusive unless given.

    Example:
        >>> LabelSets((2, 3)).encode([1, 2], data_sets=[0, 1]).numpy().astype(int).tolist()
        [[0, 1, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0, 1]]
    """

    def __init__(self, sizes, exclusive=None):
        self.sizes = tuple(sizes)
        self.exclusive = (True,) * len(self.sizes) if exclusive is None else tuple(exclusive)
        if not self.sizes or len(self.exclusive) != len(self.sizes):
            raise ValueError(
                "Expected at least one size, and exclusive for each of them. "
                f"Received: sizes={self.sizes}, exclusive={self.exclusive}"
            )
        if any(size < 1 + alone for size, alone in zip(self.sizes, self.exclusive, strict=True)):
            raise ValueError(
                "Expected two labels or more in every exclusive set and one in others. "
                f"Received: sizes={self.sizes}"
            )

    @property
    def num_labels(self) -> int:
        """Labels of all sets together; what a discriminator classifies."""
        return sum(self.sizes)

    @property
    def vector_size(self) -> int:
        """Values of one vector, the mask included; what a generator is given."""
        return self.num_labels + (len(self.sizes) if len(self.sizes) > 1 else 0)

    def encode(self, labels, data_sets=None) -> tf.Tensor:
        """Makes the vectors of labels.

        Args:
            labels: ints of shape (batch,), counted within their set, where all sets are
                exclusive; else 0 or 1 of shape (batch, num_labels).
            data_sets: ints of shape (batch,), the set that each image's label is of; needed
                where there are several.

        Returns:
            float32 tensor of shape (batch, vector_size).

        Raises:
            ValueError: labels of another shape, or several sets and none named.
            tf.errors.InvalidArgumentError: an unknown label or set.
        """
        labels = tf.convert_to_tensor(labels)
        if data_sets is None:
            if len(self.sizes) > 1:
                raise ValueError(
                    f"Expected the data set of every image, of {len(self.sizes)}. Received: none"
                )
            data_sets = tf.zeros(tf.shape(labels)[:1], tf.int32)
        data_sets = tf.cast(data_sets, tf.int32)
        _check_below(data_sets, len(self.sizes), "data sets")
        mask = tf.one_hot(data_sets, len(self.sizes))
        if labels.shape.rank == 1 and all(self.exclusive):
            labels = tf.cast(labels, tf.int32)
            _check_below(labels, tf.gather(self.sizes, data_sets), "labels")
            offsets = [sum(self.sizes[:index]) for index in range(len(self.sizes))]
            values = tf.one_hot(tf.gather(offsets, data_sets) + labels, self.num_labels)
        elif labels.shape.rank == 2 and labels.shape[1] == self.num_labels:
            values = tf.cast(labels, tf.float32) * tf.repeat(mask, self.sizes, axis=1)
        else:
            raise ValueError(
                "Expected labels as ints of shape (batch,) where all sets are exclusive, or as 0 "
                f"and 1 of shape (batch, {self.num_labels}). Received: shape {labels.shape}"
            )
        return values if len(self.sizes) == 1 else tf.concat([values, mask], axis=1)

    def classification_loss(self, vectors, logits) -> tf.Tensor:
        """How badly logits tell the labels of the known set; unknown ones don't count.

        For an exclusive set the cross-entropy, else the sum of every label's.

        Reference:
            As the class, equations 2 and 3.

        Args:
            vectors: what ``encode`` returned.
            logits: float tensor of shape (batch, num_labels).

        Returns:
            float32 scalar, the mean over the batch.
        """
        logits = tf.cast(logits, tf.float32)
        values, mask = tf.split(vectors, [self.num_labels, -1], axis=1)
        mask = mask if len(self.sizes) > 1 else tf.ones_like(logits[:, :1])
        total = 0.0
        for index, exclusive in enumerate(self.exclusive):
            start = sum(self.sizes[:index])
            part = slice(start, start + self.sizes[index])
            if exclusive:
                entropy = tf.nn.softmax_cross_entropy_with_logits(values[:, part], logits[:, part])
            else:
                each = tf.nn.sigmoid_cross_entropy_with_logits(values[:, part], logits[:, part])
                entropy = tf.reduce_sum(each, axis=1)
            total += mean(mask[:, index] * entropy)
        return total


@keras.saving.register_keras_serializable(package="tfgan_lab")
class StarGANLoss(Configurable):
    """What ``StarGAN.compile(loss=...)`` takes: the adversarial loss, and the weights.

    Reference:
        As ``LabelSets``, equations 5 and 6, and 8 for the adversarial loss.

    Args:
        adversarial: an ``AdversarialLoss`` that is not relativistic; Wasserstein unless given,
            which needs a ``GradientPenalty``.
        classification_weight: float from 0.
        reconstruction_weight: float from 0.
    """

    def __init__(self, adversarial=None, classification_weight=1.0, reconstruction_weight=10.0):
        check_translation_loss(adversarial, classification_weight, reconstruction_weight)
        self.adversarial = adversarial or Wasserstein()
        self.classification_weight = classification_weight
        self.reconstruction_weight = reconstruction_weight

    def generator_loss(self, fake_logits, classification, reconstruction) -> tf.Tensor:
        """Returns the generator's total, a float32 scalar.

        Args:
            fake_logits: the discriminator's answer to translations, of any shape.
            classification: float32 scalar, of translations' wanted labels.
            reconstruction: float32 scalar, mean absolute error of the back-translations.
        """
        return ordered_sum(
            self.adversarial.generator_loss(None, fake_logits),
            self.classification_weight * classification,
            self.reconstruction_weight * reconstruction,
        )

    def discriminator_loss(self, real_logits, fake_logits, classification, seed=None) -> tf.Tensor:
        """Returns the discriminator's total without penalties, a float32 scalar.

        Args:
            real_logits: the discriminator's answer to real images, of any shape.
            fake_logits: its answer to translations.
            classification: float32 scalar, of real images' labels.
            seed: see ``AdversarialLoss``.
        """
        adversarial = self.adversarial.discriminator_loss(real_logits, fake_logits, seed=seed)
        return ordered_sum(adversarial, self.classification_weight * classification)


def _check_below(values, limit, what):
    # Not a ValueError: within a compiled step nothing else can look at values.
    message = f"Expected {what} from 0 and below their number."
    tf.debugging.assert_non_negative(values, message=message)
    tf.debugging.assert_less(values, limit, message=message)
