import json

import numpy as np
import pytest

from experiments import rare_classes
from tests.experiments.test_cars_conditional import Drawing, no_latents
from tfgan_lab.data.drawn.vehicles import draw_vehicle

VAN = 7


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr("tfgan_lab.runs.reading.generation.draw_latents", no_latents)
    return np.stack([draw_vehicle(5, index, 32, VAN)[0] for index in range(6)])


def test_a_generator_that_draws(few, monkeypatch):
    monkeypatch.setattr(rare_classes, "GENERATED", 100)
    right = rare_classes.measure(Drawing(), 6, few)
    assert right["rare"] == 1 and right["others"] == pytest.approx(1 - 1 / 7, abs=0.01)
    assert abs(right["kid"]) < 5 * max(right["kid_error"], abs(right["kid_real_baseline"]))
    assert right["diversity"] == pytest.approx(1, abs=0.1)
    wrong = rare_classes.measure(Drawing(), VAN, few)
    assert wrong["rare"] == 0 and wrong["others"] == 1 and wrong["kid"] > 3 * right["kid"]


def test_a_generator_that_copies(few, monkeypatch):
    monkeypatch.setattr(rare_classes, "GENERATED", 60)

    class Copying(Drawing):
        def generate(self, latents, labels):
            if np.ndim(labels):
                return super().generate(latents, labels)
            return (few[np.arange(60) % 6] / 127.5 - 1).astype(np.float32)

    assert rare_classes.measure(Copying(), VAN, few)["copying"] < 0.05


@pytest.mark.slow
def test_every_variant_in_a_run_of_its_own(run_experiment, tmp_path, capsys):
    argv = [
        f"--run_dir={tmp_path}", "--num_drawn=64", "--batch_size=16", "--images=64",
        "--shares=1,0.25", "--generator_widths=4,4,4,4", "--discriminator_widths=4,4,4,4",
        "--diagnose_every=0", "--rare_class=2", "--samplings=balanced",
    ]  # fmt: skip
    assert run_experiment("rare_classes", *argv) == 0
    out = capsys.readouterr().out
    rows = json.loads((tmp_path / "rare.json").read_text())
    assert [(row["share"], row["sampling"]) for row in rows] == [
        (1, "balanced"),
        (0.25, "balanced"),
    ]
    assert rows[1]["num_rare"] == round(rows[0]["num_rare"] / 4)
    table = (tmp_path / "rare.md").read_text()
    assert table in out and "| 1/4 |" in table and "read as estate" in table
    assert (tmp_path / "figures" / "fig_rare_classes.png").stat().st_size > 1000
    record = json.loads((tmp_path / "share_0.25_balanced_seed_0" / "config.json").read_text())
    settings = record["settings"]
    assert settings["class_sampling"] == "balanced" and settings["conditional"]
    # What is complete is taken from its run: the same numbers.
    log = tmp_path / "share_1_balanced_seed_0" / "log.csv"
    before = log.read_text()
    assert run_experiment("rare_classes", *argv) == 0
    assert json.loads((tmp_path / "rare.json").read_text()) == rows
    assert log.read_text() == before


def test_shares_in_words():
    words = [rare_classes._fraction(share) for share in (1, 0.5, 0.25, 1 / 3, 0.75, 0.4)]
    assert words == ["1/1", "1/2", "1/4", "1/3", "0.75", "0.4"]
