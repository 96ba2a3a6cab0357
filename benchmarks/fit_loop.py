"""What ``fit`` with guard and logs costs over a bare loop of its compiled step.

python -m benchmarks.fit_loop [--preset=small-data] [--image_size=64] [--table=FILE]

Both take a whole epoch at a time: short ones would tell what it costs to begin.
"""

import tempfile

import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from tfgan_lab import callbacks as cb
from tfgan_lab.runs import RunConfig, build_model, load_pictures

FLAGS = flags.FLAGS
flags.DEFINE_string("preset", "small-data", "what to train")
flags.DEFINE_integer("image_size", 64, "height and width of the pictures")


def make_bare(config, pictures):
    """The compiled step in a loop."""
    model, batches = build_model(config), iter(pictures.dataset())
    step = tf.function(model.train_step)

    def train(num_steps):
        for _ in range(num_steps):
            logs = step(next(batches))
        float(logs["generator_loss"])

    return train


def make_fit(config, pictures):
    """``fit`` with what watches every step and logs every epoch."""
    model, folder, dataset = build_model(config), tempfile.mkdtemp(), pictures.dataset()

    def train(num_steps):
        model.fit(
            dataset,
            epochs=num_steps // pictures.steps_per_epoch,
            steps_per_epoch=pictures.steps_per_epoch,
            verbose=0,
            callbacks=[cb.FiniteGuard(), cb.CsvLog(folder), cb.TensorBoardLog(folder)],
        )

    return train


def main(_):
    """Measures and reports."""
    config = RunConfig.from_preset(FLAGS.preset, drawn="plates", image_size=FLAGS.image_size)
    pictures = load_pictures(config)
    ways = {
        "a bare loop of the step": make_bare(config, pictures),
        "`fit`": make_fit(config, pictures),
    }
    speeds = harness.measure(ways, multiple_of=pictures.steps_per_epoch)
    title = f"{FLAGS.preset}, {FLAGS.image_size} px"
    lines = harness.table_lines(title, "pictures per second", speeds, config.batch_size)
    harness.report("fit_loop", lines)


if __name__ == "__main__":
    app.run(main)
