import json
import re
import types

import numpy as np
import pytest
from absl import app

from benchmarks import growth, harness
from benchmarks.tables import chosen
from tests.benchmarks.program import run

QUICK = ["--rounds=1", "--seconds=0.01"]


def measured(module, *arguments):
    """The rows of what a benchmark prints: first cell to the others; heads are left out."""
    done = run(f"benchmarks.{module}", *arguments)
    assert done.returncode == 0, done.stderr
    assert "cores; tensorflow 2." in done.stdout.splitlines()[-1]
    cells = [re.split(r" ?\| ?", line)[1:-1] for line in done.stdout.splitlines()
             if line[:2] == "| "]  # fmt: skip
    return {row[0]: row[1:] for row in cells if row[2] != "ratio"}


def test_ways_are_measured_in_turn_and_compared_within_rounds(monkeypatch):
    clock, calls = [0.0], []

    def way(name, cost):
        def run(units):
            calls.append(name)
            clock[0] += units * cost * (1 + len(calls) // 8)  # The machine gets slower and slower.

        return run

    monkeypatch.setattr(harness.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(harness, "FLAGS", types.SimpleNamespace(rounds=6, seconds=4.0))
    speeds = harness.measure({"slow": way("slow", 2.0), "fast": way("fast", 0.5)}, multiple_of=3)
    assert calls[-4:] == ["slow", "fast", "fast", "slow"]
    slow, fast = harness.speed_table("what", "units", speeds)[2:]
    assert slow.endswith("| 1.00 |") and 3 < float(fast.split("|")[3]) < 5


def test_medians_of_rounds_stand_beside_the_fastest_of_each_way():
    speeds = {"slow": [1.0, 2.0, 4.0], "fast": [3.0, 10.0, 8.0]}
    lines = harness.speed_table("what", "units", speeds, units_per_call=2)
    assert lines[2:] == [
        "| slow | 4.0 | 1.00 | 8.0 | 1.00 |",
        "| fast | 16.0 | 3.00 | 20.0 | 2.50 |",
    ]


def test_unknown_names_are_refused():
    with pytest.raises(app.UsageError, match="Expected --axes out of size, batch. Received: depth"):
        chosen(["size", "depth"], ["size", "batch"], "--axes")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "arguments", "count"),
    [
        ("sampling", ["--image_size=16"], 2),
        ("roofline", ["--image_size=16"], 2),
        ("pipeline", ["--image_size=16", "--num_images=8", "--batch_size=4"], 8),
        ("metrics", ["--size=16", "--batch=1"], 3),
        ("fit_loop", ["--image_size=16", "--preset=light"], 2),
        ("from_scratch_step", ["--sizes=16"], 12),
        ("inversion", ["--targets=2", "--steps=2", "--image_size=16", "--noerrors"], 3),
        (
            "r0_step",
            ["--image_size=16", "--batch_size=2", "--generator=upsampling", "--nocompiled"],
            3,
        ),
    ],
)
def test_prints_speeds(module, arguments, count):
    rows = measured(module, *arguments, *QUICK)
    assert len(rows) >= count
    assert all(float(speed.replace(",", "")) > 0 for speed, *_ in rows.values())


@pytest.mark.slow
def test_start_of_the_command_line_needs_no_tensorflow():
    assert float(measured("start", *QUICK)["`tfgan-lab --help`"][0]) > 3


@pytest.mark.slow
def test_cost_of_a_run_around_its_steps(tmp_path):
    argv = ["--image_size=16", "--epochs=2", "--preset=light", f"--table={tmp_path}/table"]
    rows = measured("run_cost", *argv)
    assert all(0 <= float(rows[part][2].rstrip("%")) < 100 for part in ("snapshots", "checkpoints"))
    assert int(rows["checkpoints"][0]) >= 1
    written = (tmp_path / "table.md").read_text()
    assert written.startswith("<!-- Written by benchmarks/run_cost.py. -->\n\n| part | turns |")


@pytest.mark.slow
def test_memory_of_a_way():
    done = run("benchmarks.memory", "--only=TensorFlow, imported")
    assert done.returncode == 0, done.stderr
    assert 100 < float(done.stdout) < 2000


@pytest.mark.slow
def test_a_point_has_speed_and_memory():
    point = {"size": 16, "batch": 2, "width": 0.25, "images": 1200}
    done = run("benchmarks.growth", *QUICK, f"--point={json.dumps(point)}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["speed"] > 0 and 100 < found["memory"] < 2000


def test_medians_over_rounds_there_and_back(monkeypatch):
    measured = []

    def measure(point):
        measured.append(point["batch"])
        return {"speed": 100.0 * point["batch"] + len(measured), "memory": 7.0}

    monkeypatch.setattr(growth, "measure", measure)
    monkeypatch.setattr(growth, "FLAGS", types.SimpleNamespace(rounds=3))
    found = growth.measure_rounds(["batch"])
    assert measured == [4, 8, 16, 32, 64, 64, 32, 16, 8, 4, 4, 8, 16, 32, 64]
    assert found["batch"][0] == {"speed": 410.0, "memory": 7.0}  # of 401, 410 and 411
    (lines,) = growth.tables_of(found)
    assert lines[2] == "| 4 | 410.0 | 0.51 | 7 |" and lines[3].split("|")[3] == " 1.00 "


@pytest.mark.parametrize("kind", ["transposed", "upsampling"])
def test_pytorch_has_the_same_networks(kind):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks.torch_r0 import Discriminator, make_generator, num_parameters
    from tfgan_lab import networks

    def trainable(model):
        return sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)

    builder = getattr(networks, f"{kind}_generator")
    assert num_parameters(make_generator(kind, 64, 128)) == trainable(builder())
    assert num_parameters(Discriminator(64)) == trainable(networks.convolutional_discriminator())
