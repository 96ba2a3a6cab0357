"""What ``fit`` with guard and logs costs over a bare loop of its compiled step.

python -m benchmarks.fit_loop [--preset=from-scratch] [--image_size=64] [--table=FILE]

Both take a whole epoch at a time: short ones would tell what it costs to begin.
"""

from absl import app, flags

from benchmarks import harness
from benchmarks.loops import bare_loop, fit_loop
from tfgan_lab.runs import RunConfig, build_model, load_images

FLAGS = flags.FLAGS
flags.DEFINE_string("preset", "from-scratch", "what to train")
flags.DEFINE_integer("image_size", 64, "height and width of the images")


def main(_):
    """Measures and reports."""
    config = RunConfig.from_preset(FLAGS.preset, drawn="plates", image_size=FLAGS.image_size)
    images = load_images(config)
    ways = {
        "a bare loop of the step": bare_loop(build_model(config), images),
        "`fit`": fit_loop(build_model(config), images),
    }
    speeds = harness.measure(ways, multiple_of=images.steps_per_epoch)
    title = f"{FLAGS.preset}, {FLAGS.image_size} px"
    lines = harness.speed_table(title, "images per second", speeds, config.batch_size)
    harness.report("fit_loop", lines)


if __name__ == "__main__":
    app.run(main)
