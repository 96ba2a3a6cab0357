"""How fast report R0's networks train, against the report's way and against PyTorch.

    python -m benchmarks.r0_step [--generator=transposed] [--rounds=5] [--seconds=4] [--table=FILE]

The same networks, update rule, batch and kind of images everywhere: (1) the report's two rounds
as it describes them, two ``tf.function``s in float32; (2) ``fit`` of this package with guard and
logs, in float32 and in the fastest precision this machine supports; (3) that ``fit``'s step in
a bare loop; (4) PyTorch, eager and compiled, where it is installed, on batches that lie ready in
memory.
"""

import itertools

import keras
import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from benchmarks.loops import bare_loop, fit_loop
from tfgan_lab import data, layers, networks
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.precision import resolve_precision

FLAGS = flags.FLAGS
flags.DEFINE_enum("generator", "transposed", ["transposed", "upsampling"], "R0's A or B")
flags.DEFINE_integer("batch_size", 32, "images in a step", lower_bound=1)
flags.DEFINE_bool("compiled", True, "measure compiled PyTorch too; compiling takes minutes")
flags.DEFINE_integer("image_size", 64, "height and width", lower_bound=8)

LATENT_SIZE = 128


def make_model(precision):
    """This package's model of the report."""
    return build_model(
        RunConfig.from_preset(
            f"r0-{FLAGS.generator}",
            drawn="plates",
            image_size=FLAGS.image_size,
            batch_size=FLAGS.batch_size,
            precision=precision,
        )
    )


def make_report(images):
    """The report's two compiled rounds, written out with nothing around them."""
    builder = {
        "transposed": networks.transposed_generator,
        "upsampling": networks.upsampling_generator,
    }[FLAGS.generator]
    config = builder(image_size=FLAGS.image_size).get_config()
    generator = keras.Sequential.from_config(layers.with_keras_own(config))
    discriminator = networks.convolutional_discriminator(image_size=FLAGS.image_size)
    generator_optimizer = keras.optimizers.Adam(1e-5)
    discriminator_optimizer = keras.optimizers.Adam(1e-6)
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    size = FLAGS.batch_size

    @tf.function
    def discriminator_round(images):
        fakes = generator(tf.random.normal((size, LATENT_SIZE)), training=False)
        labels = tf.concat([tf.ones((size, 1)), tf.zeros((size, 1))], axis=0)
        labels += tf.random.uniform((2 * size, 1), -0.05, 0.05)
        with tf.GradientTape() as tape:
            logits = discriminator(tf.concat([images, fakes], axis=0), training=True)
            loss = cross_entropy(labels, logits)
        weights = discriminator.trainable_variables
        discriminator_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    @tf.function
    def generator_round():
        with tf.GradientTape() as tape:
            fakes = generator(tf.random.normal((size, LATENT_SIZE)), training=True)
            logits = discriminator(fakes, training=False)
            loss = cross_entropy(tf.ones((size, 1)), logits)
        weights = generator.trainable_variables
        generator_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    batches = iter(images.dataset())

    def train(num_steps):
        for _ in range(num_steps):
            losses = discriminator_round(next(batches)["image"]), generator_round()
        float(losses[0]), float(losses[1])

    return train


def make_ways(images):
    """All ways by name; PyTorch's where it is installed and, for compiling, has a compiler."""
    fast = resolve_precision("auto")[0]
    ways = {
        "the report's way: two `tf.function`s, float32": make_report(images),
        "`fit`, float32": fit_loop(make_model("float32"), images),
    }
    if fast != "float32":
        ways[f"`fit`, {fast}: the default here"] = fit_loop(make_model(fast), images)
    ways["that step in a bare loop"] = bare_loop(make_model(fast), images)
    if harness.is_installed("torch"):
        from benchmarks.torch_r0 import make_rounds

        batch = next(iter(images.dataset()))["image"].numpy()
        modes = {"eager": False}
        if FLAGS.compiled and harness.has_compiler():
            modes["compiled"] = True
        for mode, precision in itertools.product(modes, ("float32", "bfloat16")):
            ways[f"PyTorch {mode}, {precision}"] = make_rounds(
                FLAGS.generator, batch, LATENT_SIZE, precision == "bfloat16", modes[mode]
            )
    return ways


def main(_):
    """Measures and reports."""
    images = data.plates(image_size=FLAGS.image_size, batch_size=FLAGS.batch_size)
    speeds = harness.measure(make_ways(images))
    title = f"R0, {FLAGS.generator}, {FLAGS.image_size} px, batch {FLAGS.batch_size}"
    table = harness.speed_table(title, "images per second", speeds, FLAGS.batch_size)
    harness.report("r0_step", table)


if __name__ == "__main__":
    app.run(main)
