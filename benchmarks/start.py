"""How long it takes until something happens: imports and the command line, in fresh processes.

python -m benchmarks.start [--rounds=5] [--seconds=8] [--table=FILE]
"""

import subprocess
import sys

from absl import app

from benchmarks import harness

PROGRAMS = {
    "`import tensorflow`": "import tensorflow",
    "`import tfgan_lab` and every room of it": "import tfgan_lab\n"
    "for name in tfgan_lab.__all__: getattr(tfgan_lab, name)",
    "`import tfgan_lab`": "import tfgan_lab",
    "`tfgan-lab --help`": "import sys; sys.argv = ['tfgan-lab', '--help']\n"
    "from tfgan_lab.command_line.main import main; main()",
}


def make_way(program):
    """A function that runs a program some times."""

    def run(times):
        for _ in range(times):
            subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)

    return run


def main(_):
    """Measures and reports."""
    ways = {name: make_way(program) for name, program in PROGRAMS.items()}
    table = harness.speed_table("start", "times per second", harness.measure(ways), digits=2)
    harness.report("start", table)


if __name__ == "__main__":
    app.run(main)
