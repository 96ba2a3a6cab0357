"""Bytes that were damaged or made to hurt, in the place of everything that is read."""

import functools
import importlib.util
import os
import re
import subprocess
import sys

from benchmarks.faults.fault import Fault

FILES = {
    "data": ("images, npz, idx and manifests, damaged or lying", "test_data.py"),
    "settings": ("weights of PyTorch, config.json and names, the same", "test_settings.py"),
    "models": (".keras files, TFRecord and logs, the same", "test_with_tensorflow.py"),
}


def hostile(trainings, file, profile) -> list:
    """Runs the tests of a file that draw hostile input.

    Args:
        trainings: not looked at: no run is trained.
        file: name within ``tests/hostile``.
        profile: ``"short"`` or ``"long"``, how much is drawn.

    Returns:
        "" for each input that was read or refused with a sentence, and the test for each other.
    """
    command = [sys.executable, "-m", "pytest", f"tests/hostile/{file}"]
    command += ["-p", "no:cacheprovider", "--hypothesis-show-statistics"]
    environment = os.environ | {"HYPOTHESIS_PROFILE": profile}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    passing = sum(map(int, re.findall(r"- (\d+) passing", done.stdout)))
    failed = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    if not failed and (done.returncode or not passing):
        failed = [done.stdout.strip()[-300:] + done.stderr.strip()[-300:]]
    return [""] * passing + failed


def not_installed() -> str:
    """Why nothing can be drawn here, "" where it can."""
    return "" if importlib.util.find_spec("hypothesis") else "hypothesis is not installed"


def faults() -> list:
    """The faults of this module."""
    return [
        Fault(
            f"hostile_{name}", says,
            functools.partial(hostile, file=file, profile="long"),
            functools.partial(hostile, file=file, profile="short"), not_installed,
        )
        for name, (says, file) in FILES.items()
    ]  # fmt: skip
