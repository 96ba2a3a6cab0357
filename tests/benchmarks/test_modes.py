import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from benchmarks.mode_readings import ModeReadings, first_reaching, timed_readings
from tests.benchmarks.program import run
from tfgan_lab.runs import RunConfig, train


def tiny(run_dir, **settings):
    shared = {"preset": "light", "drawn": "plates", "num_drawn": 8, "image_size": 16}
    shared |= {"batch_size": 4, "generator_widths": (4, 4), "discriminator_widths": (4,)}
    return RunConfig.from_preset(**shared, run_dir=str(run_dir), **settings)


def readings_callback(run_dir, stop=lambda images, seconds: False):
    return ModeReadings(run_dir, lambda images: {"count": len(images)}, 16, 5, stop)


def test_readings_come_every_so_many_images_with_the_seconds_of_training(tmp_path):
    train(tiny(tmp_path, epochs=5), callbacks=[readings_callback(tmp_path)], verbose=0)
    readings = timed_readings(tmp_path)
    assert [row["images"] for row in readings] == [16, 32]
    assert [row["count"] for row in readings] == [5, 5]
    assert 0 < readings[0]["seconds"] < readings[1]["seconds"]
    assert first_reaching(readings, "images", 17)["images"] == 32
    assert first_reaching(readings, "images", 33) is None


def test_readings_of_a_stopped_run_go_on(tmp_path):
    def stop(images, seconds):
        return images >= 16

    train(tiny(tmp_path, epochs=9), callbacks=[readings_callback(tmp_path, stop)], verbose=0)
    assert [row["images"] for row in timed_readings(tmp_path)] == [16]
    # A row beyond the checkpoint is taken back and read again.
    with open(tmp_path / "modes.csv", "a") as file:
        file.write("32,99.0,5\n")
    train(tiny(tmp_path, epochs=6), callbacks=[readings_callback(tmp_path)], verbose=0)
    readings = timed_readings(tmp_path)
    assert [row["images"] for row in readings] == [16, 32, 48]
    assert readings[-1]["reading_seconds"] < 99


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["from-scratch", "r3", "batch 32"])
def test_collapse_trains_a_cell_writes_a_table_and_repeats_nothing(cell, tmp_path):
    arguments = [
        f"--work_dir={tmp_path}",
        f"--cells={cell}",
        "--images=352",
        "--minutes=0",
        "--ablation_images=352",
        "--every=352",
        "--image_size=32",
        f"--table={tmp_path}/table",
    ]
    done = run("benchmarks.collapse", *arguments)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "table.json").read_text())
    (reading,) = record["cells"][cell]
    assert reading["images"] >= 352 and 1 <= reading["num_found"] <= 20
    assert reading["kl_divergence"] > 0.1  # Hardly trained.
    assert f"| {cell} | {reading['num_found']:.0f} |" in (tmp_path / "table.md").read_text()
    before = (tmp_path / "table.json").read_text()
    assert run("benchmarks.collapse", *arguments).returncode == 0
    assert (tmp_path / "table.json").read_text() == before


def test_collapse_refuses_unknown_cells(tmp_path):
    done = run("benchmarks.collapse", "--cells=best", f"--work_dir={tmp_path}")
    assert done.returncode != 0 and "Expected known cells. Received: best" in done.stderr


def test_stacked_digits_are_a_function_of_seed_and_step():
    code = """
import numpy as np
from benchmarks.stacked_mnist import StackedDigits
digits = np.arange(20, dtype=np.uint8)[:, None, None, None] * np.ones((1, 32, 32, 1), np.uint8)
triples = StackedDigits(digits, 7, batch_size=4, seed=1)
assert triples.steps_per_epoch == 7
whole = [batch["image"].numpy() for batch in triples.dataset().take(4)]
rest = [batch["image"].numpy() for batch in triples.dataset(start_step=2).take(2)]
assert all((a == b).all() for a, b in zip(whole[2:], rest)) and (whole[0] != whole[1]).any()
values = np.round(np.concatenate(whole) * 127.5 + 127.5)
assert whole[0].shape == (4, 32, 32, 3)
assert (values == values[:, :1, :1]).all() and len(np.unique(values[:, 0, 0])) > 10
assert triples.sample(6).shape == (6, 32, 32, 3)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_stacked_mnist_on_real_digits(real_images, tmp_path):
    rng = np.random.default_rng(0)
    classifier = keras.Sequential(
        [keras.Input((32, 32, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    kernel = rng.normal(size=(1024, 10)).astype("float32")
    classifier.layers[-1].set_weights([kernel, np.zeros(10, "float32")])
    classifier.save(tmp_path / "classifier.keras")  # Untrained: training one takes minutes.
    arguments = [
        f"--mnist_dir={real_images / 'mnist'}",
        f"--work_dir={tmp_path}",
        "--minutes=0.01",
        "--every=4096",
        "--generator_widths=4,4,4,4",
        "--discriminator_widths=4,4,4,4",
        f"--table={tmp_path}/table",
    ]
    done = run("benchmarks.stacked_mnist", *arguments)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "table.json").read_text())
    assert record["readings"][-1]["images"] >= 4096
    assert record["num_samples"] == 25_600
    assert record["classifier_accuracy"] < 0.5
    assert "| R3GAN | 1000 | 0.029 |" in (tmp_path / "table.md").read_text()


def test_stacked_mnist_asks_for_the_digits(tmp_path):
    done = run("benchmarks.stacked_mnist", f"--work_dir={tmp_path}")
    assert done.returncode != 0 and "Expected --mnist_dir=FOLDER" in done.stderr


@pytest.mark.slow
def test_from_scratch_step_prints_every_way():
    done = run("benchmarks.from_scratch_step", "--sizes=16", "--rounds=1", "--seconds=0.01")
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) == 14 and rows[1].endswith("| 1.00 |")
    assert "cores; tensorflow 2." in done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_approximate_penalty_is_near_the_exact_one(tmp_path):
    done = run(
        "benchmarks.approximate_penalty",
        "--images=100",
        "--image_size=16",
        "--num_images=16",
        "--draws=32",
        "--rounds=1",
        f"--table={tmp_path}/table",
    )
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "table.json").read_text())
    rows = {row["sigma"]: row for row in record["errors"]["float32"]["rows"]}
    # 32 draws over 16 images: sqrt(2 / 512) is a standard error of 6 %.
    assert abs(rows[0.01]["bias"]) < 0.3
