"""How fast images come: from every source, and as batches; and how long training waits for them.

    python -m benchmarks.pipeline [--image_size=64] [--rounds=5] [--seconds=4] [--table=FILE]

Sources: a folder of JPEG files (345 drawn plates of 256x256 pixels, or --data_dir) and what
`tfgan-lab convert` makes of it, against a bare `tf.data` loop that reads, decodes and resizes.

Batches: this package's pipeline against Keras' layers in a map. Both shuffle 345 images in memory
and flip, zoom and rotate them; this package's are functions of seed and step, the others are
redrawn and differ from run to run.

Waiting: share of a training loop's time in which there is no batch yet.
"""

import pathlib
import tempfile
import time

import keras
import tensorflow as tf
from absl import app, flags
from PIL import Image

from benchmarks import harness
from tfgan_lab import data
from tfgan_lab.runs import RunConfig, build_model

FLAGS = flags.FLAGS
flags.DEFINE_integer("image_size", 64, "height and width of the images")
flags.DEFINE_integer("batch_size", 32, "images in a batch")
flags.DEFINE_string("data_dir", "", "folder of JPEG files; plates are drawn unless given")
flags.DEFINE_integer("num_images", 345, "drawn plates in the folder", lower_bound=2)


def make_usual(images):
    """As the tutorials do it: shuffle, batch, three layers in a parallel map."""
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


def draw_folder(folder):
    """Writes plates as JPEG files."""
    for index, image in enumerate(data.plates(FLAGS.num_images, image_size=256).images):
        Image.fromarray(image).save(folder / f"{index:05d}.jpg", quality=90)


def make_bare(folder):
    """The shortest loop that has images of one size in batches at its end."""

    def decode(path):
        image = tf.image.decode_jpeg(tf.io.read_file(path), channels=3)
        size = (FLAGS.image_size, FLAGS.image_size)
        return tf.cast(tf.image.resize(image, size, antialias=True), tf.uint8)

    dataset = tf.data.Dataset.list_files(str(folder / "*.jpg")).map(decode, tf.data.AUTOTUNE)
    dataset = dataset.batch(FLAGS.batch_size).prefetch(tf.data.AUTOTUNE)
    num_images = len(list(folder.glob("*.jpg")))

    def run(amount):
        for _ in range(amount // num_images):
            for _ in dataset:
                pass

    return run


def make_read(path, num_images):
    """A function that reads a source whole, as often as it takes."""

    def run(amount):
        for _ in range(amount // num_images):
            data.from_source(path, image_size=FLAGS.image_size)

    return run


def measure_sources(work):
    """Lines of the table of sources."""
    folder = pathlib.Path(FLAGS.data_dir or work / "folder")
    if not FLAGS.data_dir:
        folder.mkdir()
        draw_folder(folder)
    source = data.sources.FolderSource(folder)
    for format in ("tfrecord", "npz"):
        data.convert(source, work / format, format=format, image_size=FLAGS.image_size)
    images = data.from_source(
        source, image_size=FLAGS.image_size, batch_size=FLAGS.batch_size, augmentation=None
    )
    take = make_run(images.dataset())
    count = len(images)
    ways = {
        "a bare `tf.data` loop over the folder": make_bare(folder),
        "the folder": make_read(folder, count),
        "TFRecord, by `tfgan-lab convert`": make_read(work / "tfrecord", count),
        "npz, by `tfgan-lab convert`": make_read(work / "npz", count),
        "from memory, as every later epoch": lambda amount: take(amount // FLAGS.batch_size + 1),
    }
    speeds = harness.measure(ways, multiple_of=count)
    title = f"source, {FLAGS.image_size} px"
    return harness.speed_table(title, "images per second", speeds, digits=0)


def measure_waiting():
    """Share of time in which a training loop has no batch, in percent, and the steps looked at."""
    config = RunConfig.from_preset(
        "from-scratch",
        drawn="plates",
        image_size=FLAGS.image_size,
        augment_zoom=0.1,
        augment_rotation=0.1,
    )
    model = build_model(config)
    images = data.plates(
        345, image_size=FLAGS.image_size, batch_size=config.batch_size, seed=config.seed
    )
    batches, step = iter(images.dataset()), tf.function(model.train_step)
    step(next(batches))
    waited, began, steps = 0.0, time.perf_counter(), 0
    while time.perf_counter() - began < FLAGS.seconds * FLAGS.rounds:
        asked = time.perf_counter()
        batch = next(batches)
        waited += time.perf_counter() - asked
        step(batch)["generator_loss"].numpy()
        steps += 1
    return 100 * waited / (time.perf_counter() - began), steps


def main(_):
    """Measures and reports."""
    shared = {"image_size": FLAGS.image_size, "batch_size": FLAGS.batch_size}
    augmented = data.plates(345, **shared, augmentation=data.Augmentation())
    plain = data.plates(345, **shared)
    ways = {
        "Keras' layers in a map": make_usual(augmented.images),
        "`ImageSet` with the same augmentation": make_run(augmented.dataset()),
        "`ImageSet` without": make_run(plain.dataset()),
    }
    title = f"pipeline, {FLAGS.image_size} px, batch {FLAGS.batch_size}"
    speeds = harness.measure(ways)
    batches = harness.speed_table(title, "images per second", speeds, FLAGS.batch_size, digits=0)
    with tempfile.TemporaryDirectory() as work:
        sources = measure_sources(pathlib.Path(work))
    share, steps = measure_waiting()
    waiting = (
        f"Preset `from-scratch` with flip, zoom and rotation waited {share:.2f} % of {steps} "
        "steps' time for batches."
    )
    harness.report("pipeline", sources, batches, [waiting])


if __name__ == "__main__":
    app.run(main)
