"""All measurements of speed and memory, one after the other, into ``docs/tables``.

    python -m benchmarks [--only=NAME,...] [--rounds=5] [--seconds=4]

Takes more than an hour; nothing else should run meanwhile. To add one: a module of this package
whose ``main`` hands its lines to ``harness.report``, and its name below.
"""

import pathlib
import subprocess
import sys

from absl import app, flags

from benchmarks import harness  # noqa: F401 Defines --rounds and --seconds.
from benchmarks.tables import chosen

FLAGS = flags.FLAGS
flags.DEFINE_list("only", [], "names of measurements")
flags.DEFINE_string("folder", "docs/tables", "where the tables go")

MEASUREMENTS = {
    "r0_step": [],
    "from_scratch_step": [],
    "projected_step": [],
    "fit_loop": [],
    "run_cost": [],
    "roofline": [],
    "sampling": [],
    "pipeline": [],
    "start": ["--seconds=8"],
    "memory": [],
    "growth": ["--rounds=1"],
    "inversion": ["--rounds=1"],
    "metrics": [],
}


def main(_):
    """Measures one after the other."""
    names = chosen(FLAGS.only, MEASUREMENTS, "--only")
    pathlib.Path(FLAGS.folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        command = [sys.executable, "-m", f"benchmarks.{name}", f"--rounds={FLAGS.rounds}"]
        command += [f"--seconds={FLAGS.seconds}", f"--table={FLAGS.folder}/{name}"]
        subprocess.run(command + MEASUREMENTS[name], check=True)


if __name__ == "__main__":
    app.run(main)
