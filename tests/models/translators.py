"""Small translators and their batches."""

import keras
import tensorflow as tf

from tfgan_lab.losses import GradientPenalty, LabelSets
from tfgan_lab.models import CycleGAN, StarGAN, UpdateRule
from tfgan_lab.networks import (
    domain_discriminator,
    domain_translator,
    patch_discriminator,
    residual_translator,
)

PAPER = {"penalties": [GradientPenalty()], "update": UpdateRule(discriminator_steps=2)}


def make_cyclegan(seed=3, compiled=True, **arguments):
    """A CycleGAN on images of 16 pixels."""
    keras.utils.set_random_seed(seed)
    model = CycleGAN(
        [residual_translator(width=2, num_halvings=1, num_blocks=1) for _ in range(2)],
        [patch_discriminator(image_size=16, width=2, patch_size=16) for _ in range(2)],
        seed=seed,
        **arguments,
    )
    if compiled:
        model.compile()
    return model


def make_stargan(seed=3, label_sets=3, compiled=True, **arguments):
    """A StarGAN on images of 16 pixels."""
    keras.utils.set_random_seed(seed)
    sets = LabelSets([label_sets]) if isinstance(label_sets, int) else label_sets
    model = StarGAN(
        domain_translator(vector_size=sets.vector_size, width=2, num_halvings=1, num_blocks=1),
        domain_discriminator(num_labels=sets.num_labels, image_size=16, width=2, num_halvings=2),
        label_sets,
        seed=seed,
        **arguments,
    )
    if compiled:
        model.compile(**PAPER)
    return model


def unpaired(step=0):
    """A batch for the CycleGAN."""
    return {
        name: tf.random.stateless_uniform((2, 16, 16, 3), (step, number), -1, 1)
        for number, name in enumerate(["image_a", "image_b"])
    }


def labelled(step=0):
    """A batch for the StarGAN."""
    images = tf.random.stateless_uniform((3, 16, 16, 3), (step, 1), -1, 1)
    return {"image": images, "label": tf.constant([0, 2, 1])}


def batches(batch, start, stop):
    """A data set of the batches of some steps."""
    together = [batch(step) for step in range(start, stop)]
    stacked = {name: tf.stack([each[name] for each in together]) for name in together[0]}
    return tf.data.Dataset.from_tensor_slices(stacked)
