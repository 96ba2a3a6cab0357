"""How near a training step comes to what the processor's convolutions can do.

    python -m benchmarks.roofline [--rounds=5] [--seconds=4] [--table=FILE]

Counts the arithmetic in a step, nearly all of it convolutions, forward and for both gradients;
divides by the step's time; and holds it against a single forward convolution like those in the
middle of the same networks, in the same arithmetic.
"""

import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from tfgan_lab.runs import RunConfig, build_model, load_images
from tfgan_lab.runs.training.precision import resolve_precision

FLAGS = flags.FLAGS
flags.DEFINE_integer("image_size", 64, "height and width of the images")

# Preset, and channels in and out, kernel, and halvings from the image's side of a convolution.
CASES = {"r0-transposed": (256, 256, 4, 1), "from-scratch": (32, 32, 3, 1)}


def count_operations(function) -> int:
    """Floating-point operations in a call of a concrete function."""
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
    profile = profiler.profile(function.graph, options=options.with_empty_output().build())
    return profile.total_float_ops


def make_step(preset):
    """The compiled step, its operations, and how many images it takes."""
    config = RunConfig.from_preset(preset, drawn="plates", image_size=FLAGS.image_size)
    batches = iter(load_images(config).dataset())
    model = build_model(config)
    step = tf.function(model.train_step)
    operations = count_operations(step.get_concrete_function(next(batches)))

    def run(num_steps):
        for _ in range(num_steps):
            logs = step(next(batches))
        float(logs["generator_loss"])

    return run, operations, config.batch_size


def make_convolution(inputs, outputs, kernel, halvings, batch_size):
    """A bare convolution in a loop, and its operations."""
    side = FLAGS.image_size >> halvings
    dtype = tf.bfloat16 if "bfloat16" in resolve_precision("auto")[0] else tf.float32
    images = tf.cast(tf.random.stateless_normal((batch_size, side, side, inputs), (0, 0)), dtype)
    weights = tf.cast(tf.random.stateless_normal((kernel, kernel, inputs, outputs), (0, 1)), dtype)

    @tf.function
    def convolve(images):
        return tf.nn.conv2d(images, weights, 1, "SAME")

    def run(times):
        for _ in range(times):
            convolve(images)

    return run, 2 * batch_size * side**2 * kernel**2 * inputs * outputs


def main(_):
    """Measures and reports."""
    precision = resolve_precision("auto")[0]
    tables = [[f"In {precision}:"]]
    for preset, shape in CASES.items():
        step, step_operations, batch_size = make_step(preset)
        convolution, convolution_operations = make_convolution(*shape, batch_size)
        speeds = harness.measure({"a bare convolution": convolution, "the whole step": step})
        for name, operations in zip(speeds, (convolution_operations, step_operations), strict=True):
            speeds[name] = [speed * operations / 1e9 for speed in speeds[name]]
        title = f"{preset}: {step_operations / batch_size / 1e9:.2f} GFLOP an image"
        tables.append(harness.speed_table(title, "GFLOP/s", speeds, digits=0))
    harness.report("roofline", *tables)


if __name__ == "__main__":
    app.run(main)
