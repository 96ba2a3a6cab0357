import re

import pytest

from benchmarks import harness
from tests.benchmarks.program import run

QUICK = ["--rounds=1", "--seconds=0.01"]


def rows_of(text):
    cells = [re.split(r" ?\| ?", line)[1:-1] for line in text.splitlines() if line[:2] == "| "]
    return {row[0]: row[1:] for row in cells}


def test_ways_are_measured_in_turn_and_compared_within_rounds(monkeypatch):
    clock, calls = [0.0], []

    def way(name, cost):
        def run(units):
            calls.append(name)
            clock[0] += units * cost * (1 + len(calls) // 8)  # The machine gets slower and slower.

        return run

    monkeypatch.setattr(harness.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(harness, "FLAGS", type("Flags", (), {"rounds": 6, "seconds": 4.0}))
    speeds = harness.measure({"slow": way("slow", 2.0), "fast": way("fast", 0.5)}, multiple_of=3)
    assert calls[-4:] == ["slow", "fast", "fast", "slow"]
    slow, fast = harness.table_lines("what", "units", speeds)[2:]
    assert slow.endswith("| 1.00 |") and 3 < float(fast.split("|")[3]) < 5


def test_medians_of_rounds_stand_beside_the_fastest_of_each_way():
    speeds = {"slow": [1.0, 2.0, 4.0], "fast": [3.0, 10.0, 8.0]}
    lines = harness.table_lines("what", "units", speeds, units_per_call=2)
    assert lines[2:] == [
        "| slow | 4.0 | 1.00 | 8.0 | 1.00 |",
        "| fast | 16.0 | 3.00 | 20.0 | 2.50 |",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("module", ["sampling", "roofline"])
def test_prints_speeds(module):
    done = run(f"benchmarks.{module}", "--image_size=16", *QUICK)
    assert done.returncode == 0, done.stderr
    rows = rows_of(done.stdout)
    assert len(rows) >= 4
    numbers = [values for values in rows.values() if values[1] != "ratio"]
    assert all(float(speed.replace(",", "")) > 0 for speed, *_ in numbers)


@pytest.mark.slow
def test_pipeline_prints_sources_batches_and_waiting():
    done = run("benchmarks.pipeline", "--image_size=16", "--num_images=8", "--batch_size=4", *QUICK)
    assert done.returncode == 0, done.stderr
    rows = rows_of(done.stdout)
    numbers = {name: values for name, values in rows.items() if values[1] != "ratio"}
    assert len(numbers) == 8
    assert all(float(speed.replace(",", "")) > 0 for speed, *_ in numbers.values())
    (share,) = re.findall(r"waited ([\d.]+) % of \d+ steps", done.stdout)
    assert 0 <= float(share) <= 100


@pytest.mark.slow
def test_start_of_the_command_line_needs_no_tensorflow(tmp_path):
    done = run("benchmarks.start", *QUICK, f"--table={tmp_path}/start")
    assert done.returncode == 0, done.stderr
    rows = rows_of((tmp_path / "start.md").read_text())
    assert float(rows["`tfgan-lab --help`"][1]) > 3


@pytest.mark.slow
def test_cost_of_measures():
    done = run("benchmarks.metrics", "--size=16", "--batch=1", *QUICK)
    assert done.returncode == 0, done.stderr
    rows = rows_of(done.stdout)
    assert float(rows["`frechet_distance`"][0].replace(",", "")) > 0
    assert float(rows["resized, embedded, gathered"][0]) > 0


@pytest.mark.slow
def test_fit_is_measured_against_its_bare_step():
    done = run("benchmarks.fit_loop", "--image_size=16", "--preset=light", *QUICK)
    assert done.returncode == 0, done.stderr
    rows = rows_of(done.stdout)
    assert rows["a bare loop of the step"][1] == "1.00" and 0.2 < float(rows["`fit`"][1]) < 5


@pytest.mark.slow
def test_cost_of_a_run_around_its_steps():
    done = run("benchmarks.run_cost", "--image_size=16", "--epochs=2", "--preset=light")
    assert done.returncode == 0, done.stderr
    rows = rows_of(done.stdout)
    assert all(0 <= float(rows[part][2].rstrip("%")) < 100 for part in ("snapshots", "checkpoints"))
    assert int(rows["checkpoints"][0]) >= 1 and "rounds" not in done.stdout


@pytest.mark.slow
def test_memory_of_a_way():
    done = run("benchmarks.memory", "--only=TensorFlow, imported")
    assert done.returncode == 0, done.stderr
    assert 100 < float(done.stdout) < 2000


def test_all_measurements_can_be_chosen_from():
    done = run("benchmarks", "--only=best")
    assert done.returncode != 0 and "Expected known measurements" in done.stderr


def test_inversion_measures_three_ways():
    done = run(
        "benchmarks.inversion",
        "--targets=2",
        "--steps=2",
        "--image_size=16",
        "--rounds=1",
        "--noerrors",
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert rows[0].startswith("| 2 targets of 16x16x3, 2 steps |")
    assert len(rows) == 4 and rows[1].endswith("| 1.00 |")
    assert all(float(row.split("|")[2]) > 0 for row in rows[1:])
