"""Running a benchmark as people do."""

import subprocess
import sys


def run(module, *arguments):
    """Runs ``python -m module`` with arguments and returns what it printed, and its exit code."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True)
