import json

import numpy as np
import pytest

from experiments.cars_conditional import read_types
from tfgan_lab.data.drawn.vehicles import draw_vehicle
from tfgan_lab.runs.reading import run_evaluation


@pytest.mark.slow
def test_both_networks_at_the_same_budget(run_experiment, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(run_evaluation, "CLASSIFIER_STEPS", 3)
    argv = ["--conditional", "--num_drawn=64", "--image_size=16", "--epochs=1",
            "--features=random", "--batch_size=32", "--num_fakes=64"]  # fmt: skip
    assert run_experiment("cars", *argv, "--generator_slope=0.1", f"--run_dir={tmp_path}") == 0
    table = (tmp_path / "conditional.md").read_text()
    assert table in capsys.readouterr().out and "| r2-conditional |" in table
    record = json.loads((tmp_path / "conditional.json").read_text())
    assert [record[preset]["images"] for preset in record] == [64, 64]
    for preset, row in record.items():
        settings = json.loads((tmp_path / preset / "config.json").read_text())["settings"]
        assert settings["preset"] == preset and settings["conditional"]
        assert settings["generator_slope"] == 0.1 and settings["drawn"] == "vehicles"
        assert f"| {preset} | {row['classes']['accuracy']:.3f} |" in table
        assert row["read"] is None  # Below 32 pixels types can't be read.
        index = json.loads((tmp_path / preset / "figures" / "index.json").read_text())
        assert [entry["file"] for entry in index] == [
            "fig_classes_confusion.png", "fig_every_class.png", "fig_class_interpolation.png",
        ]  # fmt: skip


def no_latents(distribution, count, seed):
    return np.zeros((count, 1))


class Drawing:
    """A generator that draws, but takes a van (7) for a saloon (0)."""

    image_shape, num_classes = (32, 32, 3), 8

    latents = None

    def generate(self, latents, labels):
        labels = np.broadcast_to(labels, len(latents))
        drawn = [
            draw_vehicle(3, index, 32, 0 if label == 7 else int(label))[0]
            for index, label in enumerate(labels)
        ]
        return np.stack(drawn).astype(np.float32) / 127.5 - 1


def test_types_are_read(monkeypatch):
    monkeypatch.setattr("tfgan_lab.runs.reading.generation.draw_latents", no_latents)
    share, distance = read_types(Drawing(), count=5)
    assert share == pytest.approx(7 / 8) and distance < 0.45
