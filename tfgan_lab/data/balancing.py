"""Batches in which every class is as frequent: like ``pipeline``, a function of seed and step."""

import numpy as np
import tensorflow as tf

from tfgan_lab.randomness import Purpose, key


class BalancedOrder:
    """Which images a batch consists of, where every class is to come up as often.

    Training sees one endless stream. Each run of as many places as there are classes has every
    class once, in an order of its own; and the places of one class are passes over its images,
    each pass a new permutation. So a rare class repeats its images and a frequent one shows its
    own less often, all of them alike.

    Args:
        labels: int array of shape (n,); classes without images are left out.
        batch_size: int.
        seed: int.

    Example:
        >>> order = BalancedOrder([0, 0, 0, 0, 0, 0, 1, 1], batch_size=4, seed=0)
        >>> [int(index in (6, 7)) for step in range(2) for index in order(step)].count(1)
        4
    """

    def __init__(self, labels, batch_size, seed):
        labels = np.asarray(labels)
        counts = np.bincount(labels)
        counts = counts[counts > 0]
        with tf.device("CPU"):
            self._counts = tf.constant(counts, tf.int64)
            self._starts = tf.constant(np.cumsum(counts) - counts, tf.int64)
            self._members = tf.constant(np.argsort(labels, kind="stable"), tf.int64)
        self._batch_size, self._seed = batch_size, seed

    def __call__(self, step) -> tf.Tensor:
        """Returns the images' places, int64 of shape (batch_size,).

        Args:
            step: int or scalar int64 tensor, the batch's number from 0.
        """
        num_classes = tf.size(self._counts, tf.int64)
        places = tf.cast(step, tf.int64) * self._batch_size
        places += tf.range(self._batch_size, dtype=tf.int64)
        rounds = places // num_classes
        words = tf.bitcast(key(self._seed, 0, Purpose.CLASS_ORDER), tf.uint32)
        words = tf.reshape(words, (4,))
        chosen = _shuffled(places % num_classes, num_classes - 1, words[0], words[1], rounds)
        counts = tf.gather(self._counts, chosen)
        member = _shuffled(rounds % counts, counts - 1, words[2], chosen, rounds // counts)
        return tf.gather(self._members, tf.gather(self._starts, chosen) + member)


def _shuffled(index, highest, *words):
    """Where each index of 0 to ``highest`` goes under the permutation that three words name."""
    words = [tf.broadcast_to(tf.cast(word, tf.uint32), tf.shape(index)) for word in words]
    return tf.raw_ops.RandomIndexShuffle(
        index=index,
        seed=tf.stack(words, axis=1),
        max_index=tf.broadcast_to(highest, tf.shape(index)),
        rounds=4,
    )
