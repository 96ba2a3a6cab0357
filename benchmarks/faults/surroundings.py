"""Images that are no numbers, too little memory, a second process, a clock that jumps."""

import functools

from benchmarks.faults.fault import Fault, in_words
from benchmarks.faults.trainings import ended_well


def not_a_number(trainings, kind, step=50) -> list:
    """One batch is not finite: the run stops; with the data mended it resumes.

    Args:
        trainings: ``Trainings``.
        kind: of model.
        step: int, of that batch.
    """
    run_dir = trainings.fresh(f"nan_{kind}")
    child = trainings.start(kind, run_dir, f"--breaks=nan:{step}")
    child.end()
    wrong = ended_well(child, 2, f"not finite at step {step + 1}; .*a look at the data")
    if child.saved > step:
        wrong.append(f"saved step {child.saved} after the batch that was not finite")
    (run_dir / "verdict.json").unlink(missing_ok=True)  # It says, rightly, what went wrong.
    return [
        in_words(wrong + _but_for_the_verdict(trainings.lost_after(kind, run_dir, child.saved)))
    ]


def little_memory(trainings, kind="conditional") -> list:
    """A batch too large for the memory: the message says which flags to lower.

    Args:
        trainings: ``Trainings``.
        kind: of model.
    """
    run_dir = trainings.fresh("memory")
    large = ["--batch_size=4096", "--generator_widths=64,64", "--epochs=1", "--diagnose_every=0"]
    child = trainings.start(kind, run_dir, *large, "--breaks=memory:300")
    child.end()
    return [in_words(ended_well(child, 2, "(?i)memory.*--batch_size"))]


def two_processes(trainings, kind="gan") -> list:
    """A second process on the directory is refused, and the first doesn't notice.

    Args:
        trainings: ``Trainings``.
        kind: of model.
    """
    run_dir = trainings.fresh("shared")
    first = trainings.start(kind, run_dir, "--epochs=100000")
    first.until("SAVED")
    second = trainings.start(kind, run_dir, "--epochs=100000")
    second.end()
    wrong = ended_well(second, 2, "another process is training")
    first.process.terminate()
    if first.end() != 130:
        wrong.append(f"the first ended with {first.process.returncode}: {first.errors!r}")
    return [in_words(wrong)]


def jumping_clock(trainings, kind) -> list:
    """The clock goes back and forth by a year at every look at it.

    Args:
        trainings: ``Trainings``.
        kind: of model.
    """
    run_dir = trainings.fresh(f"clock_{kind}")
    child = trainings.start(kind, run_dir, "--breaks=clock")
    child.until("SAVED")
    child.process.terminate()
    child.end()
    wrong = ended_well(child, 130, "Stopped after step") if child.process.returncode else []
    return [in_words(wrong + trainings.lost_after(kind, run_dir, child.saved))]


def _but_for_the_verdict(lost):
    return [each for each in lost if each != "verdict.json"]


def faults() -> list:
    """The faults of this module."""
    found = []
    for kind in ("gan", "cyclegan"):
        nan = functools.partial(not_a_number, kind=kind)
        clock = functools.partial(jumping_clock, kind=kind)
        found.append(Fault(f"nan_{kind}", f"a batch of NaN, {kind}", nan))
        found.append(Fault(f"clock_{kind}", f"a clock that jumps by years, {kind}", clock))
    found.append(Fault("memory", "a batch too large for the memory", little_memory))
    return [*found, Fault("two_processes", "two processes on one run directory", two_processes)]
