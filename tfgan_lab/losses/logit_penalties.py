"""Penalties on the discriminator's answers, where those of ``penalties.py`` are on its slope."""

import keras
import tensorflow as tf

from tfgan_lab.losses.adversarial import mean
from tfgan_lab.losses.penalties import Penalty
from tfgan_lab.replicas import mean_over_replicas


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Consistency(Penalty):
    """D should answer the same to an image and to its augmented variant (balanced, bCR).

    weight * (E[(D(x) - D(T(x)))^2] + E[(D(G(z)) - D(T(G(z))))^2]).

    Reference:
        Improved Consistency Regularization for GANs, arXiv 2002.04724, algorithm 1.

    Args:
        augmenter: callable on (images, seed), such as ``tfgan_lab.layers.DiffAugment``.
        weight: float from 0.
        interval: see ``Penalty``.
    """

    name = "consistency_penalty"

    def __init__(self, augmenter, weight=10.0, interval=1):
        super().__init__(interval)
        self.augmenter = augmenter
        self.weight = weight

    def __call__(self, batch):
        """See the class."""
        total = 0.0
        pairs = (batch.real_images, batch.real_logits), (batch.fake_images, batch.fake_logits)
        for index, (images, logits) in enumerate(pairs):
            seed = tf.random.fold_in(batch.seed, index)
            variants = batch.discriminator(self.augmenter(images, seed), training=True)
            total += mean(tf.square(tf.cast(variants, tf.float32) - tf.cast(logits, tf.float32)))
        return self.weight * total


@keras.saving.register_keras_serializable(package="tfgan_lab")
class LeCam(Penalty):
    """Keeps D's answers to one kind of image from running away from the other's average.

    weight * (E[max(0, D(x) - F)^2] + E[max(0, R - D(G(z)))^2]), R and F being moving averages of
    D's answers to real and to generated images.

    Reference:
        Regularizing Generative Adversarial Networks under Limited Data, arXiv 2104.03310,
        equation 3.

    Args:
        weight: float from 0; 0.3 for small images.
        decay: float in [0, 1), of the averages, for each step.
        interval: see ``Penalty``.
    """

    name = "lecam_penalty"

    def __init__(self, weight=0.3, decay=0.99, interval=1):
        super().__init__(interval)
        if not 0 <= decay < 1:
            raise ValueError(f"Expected decay in [0, 1). Received: decay={decay}")
        self.weight = weight
        self.decay = decay
        self._real = keras.Variable(0.0, trainable=False, name="real_average")
        self._fake = keras.Variable(0.0, trainable=False, name="fake_average")
        # An average that starts at 0 is too small by this factor at first, as Adam's moments.
        self._share = keras.Variable(0.0, trainable=False, name="average_share")
        self.variables = [self._real, self._fake, self._share]

    def __call__(self, batch):
        """See the class; the averages move at every call."""
        real, fake = (tf.cast(each, tf.float32) for each in (batch.real_logits, batch.fake_logits))
        means = [mean_over_replicas(tf.stop_gradient(mean(each))) for each in (real, fake)]
        averages = []
        for variable, value in zip(self.variables, [*means, 1.0], strict=True):
            averages.append(self.decay * variable + (1 - self.decay) * value)
            variable.assign(averages[-1])
        real_average, fake_average = averages[0] / averages[2], averages[1] / averages[2]
        return self.weight * (
            mean(tf.square(tf.nn.relu(real - fake_average)))
            + mean(tf.square(tf.nn.relu(real_average - fake)))
        )
