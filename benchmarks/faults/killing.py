"""SIGKILL at any moment: what was complete stays, and the end is the same to the bit."""

import functools
import random
import signal
import time

from benchmarks.faults.child import KINDS
from benchmarks.faults.fault import Fault, in_words
from benchmarks.faults.trainings import ended_well

STARTING = 8.0  # seconds that a child takes at least until it trains


def killed(trainings, kind, times) -> list:
    """Kills one run again and again, lets it end, and compares.

    In turns within a checkpoint, some time after one, and at the start.

    Args:
        trainings: ``Trainings``.
        kind: of model.
        times: int, number of kills.

    Returns:
        What each kill lost, "" for nothing. Whatever differs in the end is laid to all of them.
    """
    rng = random.Random(f"{kind} {times}")
    run_dir, saved, lost = trainings.fresh(f"killed_{kind}"), -1, []
    while len(lost) < times:
        number, child = len(lost), trainings.start(kind, run_dir)
        if number % 3 == 2:
            time.sleep(rng.uniform(0.5, STARTING))
        else:
            # Where several checkpoints passed in a moment, further kills would hit the end.
            child.until("SAVING" if number % 3 == 0 else "SAVED")
            time.sleep(rng.uniform(0, 0.02 if number % 3 == 0 else 0.1))
        child.process.kill()
        code = child.end()
        before, saved = saved, max(saved, child.saved)
        went_back = child.printed and child.saved >= 0 and child.began_at < before
        wrong = [f"began at {child.began_at} after step {before} was saved"] if went_back else []
        if code == 0:  # The kill came behind the end and is none: another run takes the others.
            wrong += trainings.lost_after(kind, run_dir, saved)
            lost += [in_words(wrong)] if wrong else []
            run_dir, saved = trainings.fresh(f"killed_{kind}"), -1
            continue
        if code != -9:
            wrong.append(f"exit code {code}: {child.errors[-300:]!r}")
        lost.append(in_words(wrong))
    differing = in_words(trainings.lost_after(kind, run_dir, saved))
    return [each or differing for each in lost]


def asked_to_stop(trainings, kind, number, times) -> list:
    """Ctrl-C or SIGTERM: finishes the step, saves, says so; and the end is the same to the bit.

    Args:
        trainings: ``Trainings``.
        kind: of model.
        number: int, of the signal.
        times: int, number of stops of one run.
    """
    rng = random.Random(f"{kind} {number}")
    run_dir, saved, lost = trainings.fresh(f"stopped_{kind}_{number}"), -1, []
    for _ in range(times):
        child = trainings.start(kind, run_dir)
        child.until("SAVED")
        time.sleep(rng.uniform(0, 0.1))
        child.process.send_signal(number)
        child.end()
        if child.process.returncode == 0:  # The signal came behind the last step.
            lost.append("")
            continue
        wrong = ended_well(child, 130, r"Stopped after step \d+\. The same command resumes")
        stopped = [line for line in child.errors.splitlines() if "Stopped after step" in line]
        if stopped and f"step {child.saved}." not in stopped[0]:
            wrong.append(f"step {child.saved} was saved, but {stopped[0]!r}")
        saved = max(saved, child.saved)
        lost.append(in_words(wrong))
    differing = in_words(trainings.lost_after(kind, run_dir, saved))
    return [each or differing for each in lost]


def faults() -> list:
    """The faults of this module."""
    kills = {"gan": 14, "conditional": 12, "cyclegan": 12, "stargan": 12}
    found = [
        Fault(f"kill_{kind}", f"SIGKILL at a random moment, {kind}",
              functools.partial(killed, kind=kind, times=kills[kind]),
              functools.partial(killed, kind=kind, times=2))
        for kind in KINDS
    ]  # fmt: skip
    for name, number, text in [
        ("terminate", signal.SIGTERM, "SIGTERM"), ("interrupt", signal.SIGINT, "Ctrl-C")
    ]:  # fmt: skip
        found += [
            Fault(f"{name}_{kind}", f"{text} while training, {kind}",
                  functools.partial(asked_to_stop, kind=kind, number=number, times=3),
                  functools.partial(asked_to_stop, kind=kind, number=number, times=1))
            for kind in KINDS
        ]  # fmt: skip
    return found
