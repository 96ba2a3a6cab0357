import subprocess
import sys

import pytest

from tests.benchmarks.program import run

MODULE = "benchmarks.verdicts"


@pytest.mark.slow
def test_trains_once_and_judges_again(tmp_path):
    arguments = [
        f"--work_dir={tmp_path}/runs",
        "--runs=a batch of NaN,plates",
        "--images=690",
        "--every=100",
        "--image_size=16",
        "--seeds=1",
        f"--table={tmp_path}/table",
    ]
    done = run(MODULE, *arguments)
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "table.md").read_text()
    assert "| a batch of NaN | non_finite | non_finite | " in table and "| plates |" in table
    readings = tmp_path / "runs/plates_0/verdict.json"
    written = readings.stat().st_mtime_ns
    assert run(MODULE, *arguments).returncode == 0
    assert readings.stat().st_mtime_ns == written
    assert (tmp_path / "table.md").read_text() == table


def test_a_run_is_right_only_in_time_and_a_healthy_one_only_without_any_failure():
    code = """
from benchmarks import verdicts
NAN, FINE = {"finite": 0.0}, {"finite": 1.0}
def readings(*kinds):
    return [{"images": 100 * number} | kind for number, kind in enumerate(kinds, 1)]
failing, healthy = verdicts.RUNS["a batch of NaN"], verdicts.RUNS["plates"]
early = readings(*[FINE] * 6, *[NAN] * 4)
late = readings(*[FINE] * 8, *[NAN] * 2)
assert verdicts.score(failing, early) == ("non_finite", True)
assert verdicts.score(failing, late) == ("non_finite", False)
assert verdicts.score(failing, readings(*[FINE] * 9)) == ("healthy", False)
assert verdicts.score(healthy, readings(*[FINE] * 9)) == ("healthy", True)
assert verdicts.score(healthy, readings(*[FINE] * 5, NAN, *[FINE] * 3)) == ("non_finite", False)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_refuses_unknown_runs(tmp_path):
    done = run(MODULE, "--runs=best", f"--work_dir={tmp_path}")
    assert done.returncode != 0 and "Expected runs that there are. Received: best" in done.stderr
