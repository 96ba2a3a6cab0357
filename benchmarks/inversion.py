"""How fast latents are found: many targets at once against one after the other.

    python -m benchmarks.inversion [--generator=FILE] [--targets=64] [--rounds=5] [--table=FILE]

The search of report R0 everywhere (one start, Adam with learning rate 1, 40 steps), so the same
number of passes through the generator: (1) the report's way, an eager loop of GradientTape and
Keras' Adam for every target; (2) ``invert`` for one target after the other, which compiles again
each time; (3) ``invert`` with all targets at once, compiling included. Then what each setting finds
of targets that the generator made itself.
"""

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from tfgan_lab import networks
from tfgan_lab.latents import LatentGenerator, invert
from tfgan_lab.markdown import table_lines

FLAGS = flags.FLAGS
flags.DEFINE_string(
    "generator", "", "a .keras file; an untrained residual generator of --image_size unless given"
)
flags.DEFINE_integer("image_size", 32, "height and width of the untrained generator's images")
flags.DEFINE_integer("targets", 64, "number of targets", lower_bound=1)
flags.DEFINE_integer("steps", 40, "updates for each target", lower_bound=1)
flags.DEFINE_bool("errors", True, "find the targets with the default settings too; takes a minute")


def make_report(generator, targets):
    """The report's loop, for as many targets as asked for."""

    def run(num_targets):
        for target in targets[:num_targets]:
            noise = tf.Variable(tf.random.normal((1, generator.latents.size)))
            optimizer = keras.optimizers.Adam(1.0)
            for _ in range(FLAGS.steps):
                with tf.GradientTape() as tape:
                    image = generator.network(noise, training=False)
                    loss = tf.reduce_mean((image - target) ** 2)
                optimizer.apply_gradients([(tape.gradient(loss, noise), noise)])

    return run


def make_invert(generator, targets, together):
    """``invert``, all targets at once or one after the other."""

    def run(num_targets):
        chosen = targets[:num_targets]
        for each in [chosen] if together else chosen:
            invert(generator, each, preset="r0", steps=FLAGS.steps, keep=())

    return run


def error_lines(generator, targets):
    """A Markdown table of what the settings find."""
    rows = []
    for name, changes in [
        ("the report's, one start, 40 steps", {"preset": "r0"}),
        ("the report's with 200 steps", {"preset": "r0", "steps": 200}),
        ("the default, 200 steps", {}),
        ("the default with one start", {"starts": 1}),
    ]:
        errors = invert(generator, targets, keep=(), **changes).errors
        median, high = (f"{np.quantile(errors, part):.5f}" for part in (0.5, 0.9))
        rows.append([name, median, high, f"{np.mean(errors < 1e-3):.0%}"])
    return table_lines(["settings", "median MSE", "90 % below", "below 0.001"], rows)


def main(_):
    """Measures and reports."""
    generator = LatentGenerator(
        FLAGS.generator or networks.residual_generator(image_size=FLAGS.image_size)
    )
    latents = generator.latents.sample(FLAGS.targets, tf.constant([7, 7], tf.int64))
    targets = generator.generate(latents)
    ways = {
        "the report's way: an eager loop for each": make_report(generator, targets),
        "`invert`, one after the other": make_invert(generator, targets, together=False),
        "`invert`, all at once": make_invert(generator, targets, together=True),
    }
    speeds = harness.measure_fixed(ways, FLAGS.targets)
    height, width, channels = generator.image_shape
    title = f"{FLAGS.targets} targets of {height}x{width}x{channels}, {FLAGS.steps} steps"
    tables = [harness.speed_table(title, "targets per second", speeds, digits=2)]
    if FLAGS.errors:
        tables.append(error_lines(generator, targets))
    harness.report("inversion", *tables)


if __name__ == "__main__":
    app.run(main)
