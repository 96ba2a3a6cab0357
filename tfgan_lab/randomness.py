"""Randomness as a function of (seed, step, purpose, replica), never of what ran before.

A run that was killed and resumed at step k must draw at step k what an uninterrupted run draws
there. Generators with a state would have to be saved, and Keras saves theirs nowhere
(neither in ``.keras`` files nor in checkpoints). A key needs no saving.
"""

import enum

import tensorflow as tf

from tfgan_lab.replicas import replica_number


class Purpose(enum.IntEnum):
    """What a draw is for. Two purposes at one step never share numbers; keep the values fixed."""

    DATA_AUGMENTATION = 1
    DISCRIMINATOR_LATENTS = 2
    GENERATOR_LATENTS = 3
    LABEL_NOISE = 4
    SAMPLES = 5
    ORDER = 6
    REAL_AUGMENTATION = 7
    FAKE_AUGMENTATION = 8
    GENERATOR_AUGMENTATION = 9
    PENALTY = 10
    STATISTICS_LATENTS = 11
    IMAGE_POOL = 14
    TARGET_DOMAINS = 15
    INVERSION = 21
    COMPARISON = 22
    DIRECTIONS = 23
    WALK = 24
    CLASS_ORDER = 31


def key(seed, step, purpose: Purpose, index=0, shared=False) -> tf.Tensor:
    """Makes the seed of one stateless draw.

    Args:
        seed: int or scalar integer tensor, the run's seed.
        step: int or scalar integer tensor, number of training steps done before this one.
        purpose: what the draw is for.
        index: int, distinguishes draws of one purpose within a step. The replica's number is
            folded in besides, so that no two replicas draw the same.
        shared: bool, whether all replicas draw the same; the caller then draws for the whole
            batch and lets each replica have its part.

    Returns:
        int64 tensor of shape (2,), for the ``seed`` argument of ``tf.random.stateless_*``.

    Example:
        >>> tf.random.stateless_normal((2,), key(seed=1, step=7, purpose=Purpose.SAMPLES)).shape
        TensorShape([2])
    """
    base = tf.stack([tf.cast(seed, tf.int64), tf.cast(step, tf.int64)])
    for part in (int(purpose), index, 0 if shared else replica_number()):
        base = tf.random.experimental.stateless_fold_in(base, tf.cast(part, tf.int64))
    return base
