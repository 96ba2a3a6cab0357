"""How fast batches come: this package's pipeline against Keras' layers in a map.

    python -m benchmarks.pipeline [--image_size=64] [--rounds=5] [--seconds=4] [--table=FILE]

Both shuffle 345 pictures in memory and flip, zoom and rotate them; this package's are functions of
seed and step, the others are drawn anew and differ from run to run.
"""

import keras
import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from tfgan_lab import data

FLAGS = flags.FLAGS
flags.DEFINE_integer("image_size", 64, "height and width of the pictures")
flags.DEFINE_integer("batch_size", 32, "pictures in a batch")


def make_usual(images):
    """The way of the tutorials: shuffle, batch, three layers in a parallel map."""
    layers = [
        keras.layers.RandomFlip("horizontal"),
        keras.layers.RandomZoom(0.1),
        keras.layers.RandomRotation(0.1),
    ]

    def augment(batch):
        batch = tf.cast(batch, tf.float32) / 127.5 - 1.0
        for layer in layers:
            batch = layer(batch, training=True)
        return batch

    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images)).repeat()
    dataset = dataset.batch(FLAGS.batch_size).map(augment, tf.data.AUTOTUNE)
    return make_run(dataset.prefetch(tf.data.AUTOTUNE))


def make_run(dataset):
    """A function that takes batches."""
    batches = iter(dataset)

    def run(num_batches):
        for _ in range(num_batches):
            next(batches)

    return run


def main(_):
    """Measures and reports."""
    shared = {"image_size": FLAGS.image_size, "batch_size": FLAGS.batch_size}
    augmented = data.plates(345, **shared, augmentation=data.Augmentation())
    plain = data.plates(345, **shared)
    ways = {
        "Keras' layers in a map": make_usual(augmented.images),
        "`Pictures` with the same augmentation": make_run(augmented.dataset()),
        "`Pictures` without": make_run(plain.dataset()),
    }
    title = f"pipeline, {FLAGS.image_size} px, batch {FLAGS.batch_size}"
    speeds = harness.measure(ways)
    lines = harness.table_lines(title, "pictures per second", speeds, FLAGS.batch_size, digits=0)
    harness.report("pipeline", lines)


if __name__ == "__main__":
    app.run(main)
