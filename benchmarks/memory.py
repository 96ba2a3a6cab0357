"""The most memory that training takes, each way in a fresh process.

    python -m benchmarks.memory [--table=FILE]

Trains for three steps on drawn plates and reads the process' peak from the operating system.
"""

import resource
import sys

import tensorflow as tf
from absl import app, flags

from benchmarks import harness, r0_step
from tfgan_lab import data
from tfgan_lab.markdown import table_lines
from tfgan_lab.runs import RunConfig, build_model, load_images

FLAGS = flags.FLAGS
flags.DEFINE_string("only", "", "measure this way here, in this process")
flags.DEFINE_string("precision", "auto", "arithmetic of this package's ways")

STEPS = 3


def train_report():
    """The report's two rounds."""
    r0_step.make_report(data.plates(image_size=64, batch_size=32))(STEPS)


def train_preset(preset, num_drawn=345, **settings):
    """``fit`` of a preset."""
    config = RunConfig.from_preset(
        preset, drawn="plates", num_drawn=num_drawn, precision=FLAGS.precision, **settings
    )
    dataset = load_images(config).dataset()
    build_model(config).fit(dataset, steps_per_epoch=STEPS, verbose=0)


WAYS = {
    "TensorFlow, imported": lambda: tf.zeros(1),
    "R0, the report's way, float32": train_report,
    "R0, `fit`": lambda: train_preset("r0-transposed"),
    "`from-scratch`, 64 px": lambda: train_preset("from-scratch"),
    "`from-scratch`, 64 px, 3450 images": lambda: train_preset("from-scratch", 3450),
    "`from-scratch`, 128 px": lambda: train_preset("from-scratch", image_size=128),
}


def peak_megabytes(name) -> float:
    """A way's peak, in a process of its own."""
    return harness.in_own_process("memory", f"--only={name}", f"--precision={FLAGS.precision}")


def main(_):
    """Measures and reports."""
    if FLAGS.only:
        WAYS[FLAGS.only]()
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(kilobytes / (1024 if sys.platform == "linux" else 1024**2))
        return
    rows = [[name, f"{peak_megabytes(name):,.0f}"] for name in WAYS]
    harness.report("memory", table_lines(["three steps of", "peak, MB"], rows), in_turn=False)


if __name__ == "__main__":
    app.run(main)
