import pathlib
import shutil

import pytest

from benchmarks.known_runs import RUNS, Run
from benchmarks.recorded_readings import read_readings, write_readings
from benchmarks.thresholds import choose_thresholds, moved_thresholds
from benchmarks.verdict_scores import Score, score
from tests.benchmarks.program import run
from tfgan_lab.diagnosis.failures import Condition, Failure

MODULE = "benchmarks.verdicts"
ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.slow
def test_trains_once_and_judges_again(tmp_path):
    arguments = [f"--work_dir={tmp_path}/runs", "--runs=a batch of NaN,plates", "--images=690",
                 "--every=100", "--image_size=16", "--seeds=1",
                 f"--table={tmp_path}/table"]  # fmt: skip
    done = run(MODULE, *arguments)
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "table.md").read_text()
    assert "| a batch of NaN | non finite | non finite at " in table
    assert "| plates | healthy |" in table
    readings = tmp_path / "runs/plates_0/verdict.json"
    written = readings.stat().st_mtime_ns
    assert run(MODULE, *arguments).returncode == 0
    assert readings.stat().st_mtime_ns == written
    assert (tmp_path / "table.md").read_text() == table
    shutil.rmtree(tmp_path / "runs")
    assert run(MODULE, *arguments).returncode == 0
    assert not (tmp_path / "runs").exists() and (tmp_path / "table.md").read_text() == table


def test_a_run_is_right_only_in_time_and_a_healthy_one_only_without_any_failure():
    fine, spoiled = {"finite": 1.0}, {"finite": 0.0}

    def readings(*kinds):
        return [{"images": 100 * number} | kind for number, kind in enumerate(kinds, 1)]

    failing, healthy = Run(("non_finite",), onset=0.5, until=0.9), Run(("healthy",))
    # Of 1000 images: said at 700, the last moment, and at 800.
    early, late = (readings(*[fine] * count, *[spoiled] * (9 - count)) for count in (6, 7))
    assert score(failing, early) == Score("non_finite", True, 700)
    assert score(failing, late) == Score("non_finite", False, 800)
    assert score(failing, readings(*[fine] * 9)) == Score("healthy", False, 900)
    assert score(healthy, readings(*[fine] * 9)) == Score("healthy", True, 900)
    alarm = readings(*[fine] * 5, spoiled, *[fine] * 3)
    assert score(healthy, alarm) == Score("non_finite", False, 600)


def test_recorded_trainings_are_judged_right():
    """What the guide says of the verdicts, told again from the readings that are kept."""
    found = read_readings(ROOT / "docs/tables/verdicts.csv")
    scores = {key: score(RUNS[key[0]], readings) for key, readings in found.items()}
    assert {name for name, _ in scores} == set(RUNS)
    alarms = [key for key in scores if RUNS[key[0]].is_healthy and not scores[key].is_right]
    assert not alarms, alarms
    overlooked = [key for key in scores if not scores[key].is_right]
    assert len(scores) >= 124 and len(overlooked) <= 4, overlooked
    # A kind that was lost is hard to see; nothing else is overlooked.
    assert {name for name, _ in overlooked} <= {"a tablecloth never trained on"}, overlooked


def test_readings_are_kept_with_four_digits(tmp_path):
    one, other = {"images": 12_345, "leak": 0.123456, "finite": 1.0}, {"images": 2e4, "finite": 0.0}
    write_readings(tmp_path / "file.csv", {("b, with a comma", 1): [one, other], ("a", 0): [one]})
    first = {"images": 12_345, "leak": 0.1235, "finite": 1.0}
    assert read_readings(tmp_path / "file.csv") == {
        ("a", 0): [first],
        ("b, with a comma", 1): [first, {"images": 20_000, "finite": 0.0}],
    }
    assert read_readings(tmp_path / "none.csv") == {}


def test_thresholds_move_only_where_that_is_better():
    def right(failures):
        (first,) = failures[0].conditions
        return sum((low < first.threshold) == fails for low, fails in [(0.6, True), (0.9, False)])

    table = (Failure("flat", (Condition("x", "<", 0.5),), 1, "", "", {}),)
    chosen = choose_thresholds(table, right)
    assert chosen[0].conditions[0].threshold == 0.7  # 1.4 times: 1.2 times is exactly 0.6
    assert moved_thresholds(table, chosen) == {("flat", "x"): (0.5, 0.7)}
    assert choose_thresholds(table, lambda failures: 1) == list(table)
    assert moved_thresholds(table, table) == {}
