"""From decoded images to batches: batch k is a function of (seed, k) and of nothing else."""

import functools

import tensorflow as tf

from tfgan_lab.data.pixels import is_memory_mapped
from tfgan_lab.machine import usable_cores
from tfgan_lab.randomness import Purpose, key

# All of them lie in memory, and batches of large images are large.
MOST_BATCHES_AT_ONCE = 8
PREFETCHED = 2


def batch_indices(step, batch_size, num_images, seed, stream=0) -> tf.Tensor:
    """Which images batch ``step`` consists of.

    Training sees one endless stream: every ``num_images`` indices of it are a permutation of
    the whole set, a new one each time, and batches are consecutive pieces. So all batches are
    full, no image is left out, and nothing has to be remembered between batches.

    Args:
        step: int or scalar int64 tensor, the batch's number from 0.
        batch_size: int.
        num_images: int.
        seed: int.
        stream: int, distinguishes sets that are served together, so that no two have one order.

    Returns:
        int64 tensor of shape (batch_size,).
    """
    places = tf.cast(step, tf.int64) * batch_size + tf.range(batch_size, dtype=tf.int64)
    passes = places // num_images
    most_passes = batch_size // num_images + 2
    keys = tf.stack([key(seed, passes[0] + i, Purpose.ORDER, stream) for i in range(most_passes)])
    words = tf.reshape(tf.bitcast(keys, tf.uint32), (most_passes, 4))[:, :3]
    # The raw operation: its wrapper in TensorFlow 2.21 pads matrices of seeds on the wrong side.
    return tf.raw_ops.RandomIndexShuffle(
        index=places % num_images,
        seed=tf.gather(words, passes - passes[0]),
        max_index=tf.cast(num_images - 1, tf.int64),
        rounds=4,
    )


def to_float(images) -> tf.Tensor:
    """Converts uint8 pixels to float32 in [-1, 1]: (x - 127.5) / 127.5."""
    return tf.cast(images, tf.float32) / 127.5 - 1.0


def batches(images, labels, order, *, seed, augmentation=None, start_step=0, stream=0):
    """An endless data set of batches from ``start_step`` on.

    Args:
        images: uint8 array of shape (n, height, width, channels).
        labels: int32 array of shape (n,), or ``None``.
        order: function of a step that returns its images' places, int64 of shape (batch_size,):
            ``batch_indices``, or a ``BalancedOrder``.
        seed: int, key of the augmentation.
        augmentation: callable on (float32 batch, seed), or ``None``.
        start_step: int, number of the first batch.
        stream: see ``batch_indices``.

    Returns:
        ``tf.data.Dataset`` of dicts: ``image`` float32 in [-1, 1], and ``label`` where given.
    """
    take = _taking(images)
    take_labels = None if labels is None else _taking(labels)

    def make_batch(step):
        indices = order(step)
        batch = {"image": to_float(take(indices))}
        if augmentation is not None:
            batch["image"] = augmentation(
                batch["image"], key(seed, step, Purpose.DATA_AUGMENTATION, stream)
            )
        if take_labels is not None:
            batch["label"] = take_labels(indices)
        return batch

    options = tf.data.Options()
    # TensorFlow's tuner sleeps, up to a minute at a time, and a training that ends may wait for it.
    options.autotune.enabled = False
    steps = tf.data.Dataset.range(start_step, tf.int64.max)
    made = steps.map(make_batch, num_parallel_calls=min(usable_cores(), MOST_BATCHES_AT_ONCE))
    return made.prefetch(PREFETCHED).with_options(options)


def _taking(values):
    """A function from places, int64 of shape (n,), to the images or labels there."""
    if not is_memory_mapped(values):
        with tf.device("CPU"):  # The set stays in main memory; batches travel.
            values = tf.constant(values)
        return functools.partial(tf.gather, values)

    def take(places):  # A constant would bring the whole file into memory.
        taken = tf.numpy_function(values.__getitem__, [places], values.dtype, stateful=False)
        taken.set_shape((*places.shape, *values.shape[1:]))
        return taken

    return take
