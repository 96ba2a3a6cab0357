import json

import keras
import numpy as np
import pytest

from benchmarks.mode_readings import ModeReadings, first_reaching, timed_readings
from benchmarks.stacked_digits import StackedDigits, measure
from tests.benchmarks.program import run
from tfgan_lab.callbacks import CsvLog


def test_readings_come_every_so_many_images_and_resume(make_gan, make_images, tmp_path):
    gan, images = make_gan(), make_images(8)

    def fit(epochs, stop_at):
        read = ModeReadings(
            tmp_path, lambda images: {"count": len(images)}, 16, 5,
            stop=lambda images, seconds: images >= stop_at,
        )  # fmt: skip
        gan.fit(images, epochs=epochs, verbose=0, callbacks=[CsvLog(tmp_path), read])
        return timed_readings(tmp_path)

    assert [row["images"] for row in fit(9, stop_at=16)] == [16]
    # A row beyond the model's step is taken back and read again.
    with open(tmp_path / "modes.csv", "a") as file:
        file.write("32,99.0,5\n")
    readings = fit(6, stop_at=1000)
    assert [row["images"] for row in readings] == [16, 32, 48]
    assert [row["count"] for row in readings] == [5, 5, 5]
    assert 0 < readings[0]["seconds"] and 0 < readings[1]["seconds"] < readings[2]["seconds"]
    assert readings[-1]["reading_seconds"] < 99
    assert first_reaching(readings, "images", 17)["images"] == 32
    assert first_reaching(readings, "images", 49) is None


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["from-scratch", "r3", "batch 32"])
def test_collapse_trains_a_cell_writes_a_table_and_repeats_nothing(cell, tmp_path):
    arguments = [f"--work_dir={tmp_path}", f"--cells={cell}", "--images=352", "--minutes=0",
                 "--ablation_images=352", "--every=352", "--image_size=32",
                 f"--table={tmp_path}/table"]  # fmt: skip
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


def test_stacked_digits_are_a_function_of_seed_and_step():
    digits = np.arange(20, dtype=np.uint8)[:, None, None, None] * np.ones((1, 32, 32, 1), np.uint8)
    triples = StackedDigits(digits, 7, batch_size=4, seed=1)
    assert triples.steps_per_epoch == 7
    whole = [batch["image"].numpy() for batch in triples.dataset().take(4)]
    rest = [batch["image"].numpy() for batch in triples.dataset(start_step=2).take(2)]
    np.testing.assert_array_equal(whole[2:], rest)
    assert (whole[0] != whole[1]).any()
    values = np.round(np.concatenate(whole) * 127.5 + 127.5)
    assert (values == values[:, :1, :1]).all() and len(np.unique(values[:, 0, 0])) > 10
    assert triples.sample(6).shape == (6, 32, 32, 3)


def test_triples_are_read_digit_by_digit():
    class Classifier:
        """Tells an image by its first pixel, surely unless it is negative."""

        def predict(self, digits, **_):
            told = digits[:, 0, 0, 0]
            return np.eye(10)[np.abs(told).astype(int)] * np.where(told < 0, 1.0, 9.0)[:, None]

    images = np.zeros((3, 2, 2, 3))
    images[:, 0, 0] = [[1, 2, 3], [1, 2, 3], [4, 5, -6]]
    numbers = measure(Classifier(), images)
    assert numbers["num_found"] == 2 and numbers["sure_found"] == 1
    assert numbers["sure_share"] == pytest.approx(2 / 3)
    # Of two modes in shares of 2/3 and 1/3, against a thousand of the same share.
    expected = 2 / 3 * np.log(2000 / 3) + 1 / 3 * np.log(1000 / 3)
    assert numbers["kl_divergence"] == pytest.approx(expected)


@pytest.mark.slow
def test_stacked_mnist_on_real_digits(real_images, tmp_path):
    rng = np.random.default_rng(0)
    classifier = keras.Sequential(
        [keras.Input((32, 32, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    kernel = rng.normal(size=(1024, 10)).astype("float32")
    classifier.layers[-1].set_weights([kernel, np.zeros(10, "float32")])
    classifier.save(tmp_path / "classifier.keras")  # Untrained: training one takes minutes.
    arguments = [f"--mnist_dir={real_images / 'mnist'}", f"--work_dir={tmp_path}",
                 "--minutes=0.01", "--every=4096", "--generator_widths=4,4,4,4",
                 "--discriminator_widths=4,4,4,4", f"--table={tmp_path}/table"]  # fmt: skip
    done = run("benchmarks.stacked_mnist", *arguments)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "table.json").read_text())
    assert record["readings"][-1]["images"] >= 4096
    assert record["num_samples"] == 25_600
    assert record["classifier_accuracy"] < 0.5
    assert "| R3GAN | 1000 | 0.029 |" in (tmp_path / "table.md").read_text()
