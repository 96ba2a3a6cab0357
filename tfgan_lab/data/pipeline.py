"""From decoded pictures to batches: batch k is a function of (seed, k) and of nothing else."""

import functools

import tensorflow as tf

from tfgan_lab.data.balancing import BalancedOrder
from tfgan_lab.randomness import Purpose, key


def batch_indices(step, batch_size, num_pictures, seed) -> tf.Tensor:
    """Which pictures batch ``step`` consists of.

    Training sees one endless stream: every ``num_pictures`` indices of it are a permutation of
    the whole set, a new one each time, and batches are consecutive pieces. So all batches are
    full, no picture is left out, and nothing has to be remembered between batches.

    Args:
        step: int or scalar int64 tensor, the batch's number from 0.
        batch_size: int.
        num_pictures: int.
        seed: int.

    Returns:
        int64 tensor of shape (batch_size,).
    """
    places = tf.cast(step, tf.int64) * batch_size + tf.range(batch_size, dtype=tf.int64)
    passes = places // num_pictures
    most_passes = batch_size // num_pictures + 2
    keys = tf.stack([key(seed, passes[0] + i, Purpose.ORDER) for i in range(most_passes)])
    words = tf.reshape(tf.bitcast(keys, tf.uint32), (most_passes, 4))[:, :3]
    # The raw operation: its wrapper in TensorFlow 2.21 pads matrices of seeds on the wrong side.
    return tf.raw_ops.RandomIndexShuffle(
        index=places % num_pictures,
        seed=tf.gather(words, passes - passes[0]),
        max_index=tf.cast(num_pictures - 1, tf.int64),
        rounds=4,
    )


def to_float(images) -> tf.Tensor:
    """Converts uint8 pixels to float32 in [-1, 1]: (x - 127.5) / 127.5."""
    return tf.cast(images, tf.float32) / 127.5 - 1.0


def batches(images, labels, *, batch_size, seed, augmentation=None, start_step=0, balanced=False):
    """An endless data set of batches from ``start_step`` on.

    Args:
        images: uint8 array of shape (n, height, width, channels).
        labels: int32 array of shape (n,), or ``None``.
        batch_size: int.
        seed: int.
        augmentation: callable on (float32 batch, seed), or ``None``.
        start_step: int, number of the first batch.
        balanced: whether every class is to come up as often, see ``BalancedOrder``; otherwise
            every picture does.

    Returns:
        ``tf.data.Dataset`` of dicts: ``image`` float32 in [-1, 1], and ``label`` where given.
    """
    with tf.device("CPU"):  # The set stays in main memory; batches travel.
        images = tf.constant(images)
        labels = None if labels is None else tf.constant(labels)

    if balanced:
        order = BalancedOrder(labels, batch_size, seed)
    else:
        order = functools.partial(
            batch_indices, batch_size=batch_size, num_pictures=len(images), seed=seed
        )

    def make_batch(step):
        indices = order(step)
        batch = {"image": to_float(tf.gather(images, indices))}
        batch["image"].set_shape((batch_size, *images.shape[1:]))
        if augmentation is not None:
            batch["image"] = augmentation(
                batch["image"], key(seed, step, Purpose.DATA_AUGMENTATION)
            )
        if labels is not None:
            batch["label"] = tf.gather(labels, indices)
        return batch

    steps = tf.data.Dataset.range(start_step, tf.int64.max)
    return steps.map(make_batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
