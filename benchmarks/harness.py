"""Ways of doing the same work, compared side by side in one process.

A benchmark makes a dict of ways: name to a function that does a number of units of the work (steps,
images). They are measured in turn, back and forth, so that a slow minute of the machine hits all;
what counts is the ratio within a round, not the speed.
"""

import importlib.metadata
import importlib.util
import json
import platform
import shutil
import statistics
import subprocess
import sys
import time

from absl import flags

from benchmarks.tables import write_table
from tfgan_lab.machine import processor_flags, processor_name, usable_cores
from tfgan_lab.markdown import table_lines
from tfgan_lab.runs.training.precision import FAST_BFLOAT16

flags.DEFINE_integer("rounds", 5, "times that each way is measured", lower_bound=1)
flags.DEFINE_float("seconds", 4.0, "about how long one measurement takes")

FLAGS = flags.FLAGS


def measure(ways, multiple_of=1) -> dict:
    """Units per second of every way in every round.

    Args:
        ways: dict of name to a function of a number of units; the first call may compile.
        multiple_of: int, the number of units is one of its multiples.

    Returns:
        Dict of name to a list of ``--rounds`` floats.
    """
    amounts = {}
    for name, run in ways.items():
        run(multiple_of)
        amounts[name], seconds = multiple_of, _timed(run, multiple_of)
        while seconds < FLAGS.seconds / 4:  # A single fast unit says little of the next thousand.
            amounts[name] *= 2
            seconds = _timed(run, amounts[name])
        times = max(1, round(FLAGS.seconds / seconds * amounts[name] / multiple_of))
        amounts[name] = times * multiple_of
    return _rounds(ways, amounts)


def measure_fixed(ways, amount) -> dict:
    """As ``measure``, but every call does the same number of units, and none is for warming up.

    Args:
        ways: dict of name to a function of a number of units.
        amount: int, that number.
    """
    return _rounds(ways, dict.fromkeys(ways, amount))


def _rounds(ways, amounts):
    speeds = {name: [] for name in ways}
    for index in range(FLAGS.rounds):
        for name in list(ways)[:: -1 if index % 2 else 1]:
            speeds[name].append(amounts[name] / _timed(ways[name], amounts[name]))
    return speeds


def speed_table(title, unit, speeds, units_per_call=1, digits=1) -> list:
    """A Markdown table: median speeds and the fastest, and their ratios to the first way.

    The ratio of medians is the median over rounds of the ratio within a round. A machine that
    others use too is only ever held back, so where medians and fastest disagree, believe the
    fastest.

    Args:
        title: head of the first column.
        unit: head of the second column, such as ``"images per second"``.
        speeds: what ``measure`` returned; the first way is the baseline.
        units_per_call: factor of the speeds, such as images in a step.
        digits: int, decimals of the speeds.
    """
    baseline = next(iter(speeds.values()))
    rows = []
    for name, values in speeds.items():
        ratio = statistics.median(mine / base for mine, base in zip(values, baseline, strict=True))
        median, fastest = statistics.median(values) * units_per_call, max(values) * units_per_call
        fastest_ratio = f"{max(values) / max(baseline):.2f}"
        rows.append(
            [name, f"{median:,.{digits}f}", f"{ratio:.2f}", f"{fastest:,.{digits}f}", fastest_ratio]
        )
    return table_lines([title, unit, "ratio", "fastest round", "ratio"], rows)


def in_own_process(module, *arguments):
    """What a benchmark's module prints as its last line, JSON, in a process of its own.

    Args:
        module: name of the module within ``benchmarks``.
        *arguments: flags.
    """
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def is_installed(package) -> bool:
    """Whether a package can be imported."""
    return importlib.util.find_spec(package) is not None


def has_compiler() -> bool:
    """Whether there is a C++ compiler, which PyTorch's needs."""
    return shutil.which("g++") is not None or shutil.which("clang++") is not None


def machine_line() -> str:
    """The machine and the versions, as a sentence for below a table."""
    fast = sorted(set(FAST_BFLOAT16) & processor_flags()) or ["no bfloat16 instructions"]
    versions = []
    for package in ("tensorflow", "keras", "torch"):
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{package} is not installed")
    return (
        f"{platform.system()}, {processor_name()} with {', '.join(fast)}, {usable_cores()} cores; "
        f"{', '.join(versions)}"
    )


def report(module, *tables, in_turn=True):
    """Prints tables with the machine below, and writes them to ``--table``.

    Args:
        module: name of the benchmark's module within ``benchmarks``.
        *tables: lists of Markdown lines, between which a line is left free.
        in_turn: whether the ways were measured in rounds.
    """
    below = machine_line()
    if in_turn:
        below += f"; medians of {FLAGS.rounds} rounds of about {FLAGS.seconds:g} seconds a way, "
        below += "taken in turn"
    lines = [line for table in tables for line in [*table, ""]]
    write_table(module, [*lines, below + "."])


def _timed(run, amount):
    began = time.perf_counter()
    run(amount)
    return time.perf_counter() - began
