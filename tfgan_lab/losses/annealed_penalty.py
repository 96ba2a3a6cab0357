"""Penalties whose weight falls during training."""

import math

import keras
import tensorflow as tf

from tfgan_lab.losses.penalties import Penalty


@keras.saving.register_keras_serializable(package="tfgan_lab")
class AnnealedPenalty(Penalty):
    """Another penalty, with a weight that falls over the first training images.

    A strong penalty at the start lets the generator find all kinds of images before the
    discriminator gets sharp; a weak one later lets it see details. The weight's factor goes from 1
    to ``part`` as half a cosine over ``images`` training images, and stays there.

    Reference:
        The GAN is dead; long live the GAN! A Modern GAN Baseline, arXiv 2501.05441, where
        gamma falls to a tenth.

    Args:
        penalty: the ``Penalty``; it is logged as ever, with the factor.
        images: int from 1.
        part: float in [0, 1], what the factor falls to.

    Example:
        >>> import tfgan_lab as tgl
        >>> penalty = tgl.losses.AnnealedPenalty(tgl.losses.R1(gamma=3.0), images=40_000)
        >>> penalty.name
        'r1_penalty'
    """

    def __init__(self, penalty, images, part=0.1):
        super().__init__(penalty.interval)
        if images < 1:
            raise ValueError(f"Expected images from 1. Received: images={images}")
        if not 0 <= part <= 1:
            raise ValueError(f"Expected part in [0, 1]. Received: part={part}")
        self.penalty = penalty
        self.images = images
        self.part = part
        self.name = penalty.name
        self.variables = penalty.variables
        self.gradient_share = penalty.gradient_share
        self.differentiates_twice = penalty.differentiates_twice

    def __call__(self, batch):
        """See the class."""
        progress = tf.minimum(tf.cast(batch.images_seen, tf.float32) / self.images, 1.0)
        fallen = (1 - tf.cos(math.pi * progress)) / 2
        return (1 - (1 - self.part) * fallen) * self.penalty(batch)
