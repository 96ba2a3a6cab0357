import json

import numpy as np
import pytest
from PIL import Image

from experiments import cars
from experiments.iterations import IterationGrids, IterationLosses, read_iterations


def test_from_images_to_the_table(run_experiment, tmp_path, capsys):
    argv = ["--num_drawn=16", "--batch_size=8", "--image_size=16", "--generator_widths=4,4",
            "--discriminator_widths=4,4", "--grid_every=1", "--kernel_sizes=6"]  # fmt: skip
    assert run_experiment("cars", *argv, "--epochs=1", f"--run_dir={tmp_path}") == 0
    table = (tmp_path / "cars.md").read_text()
    assert table in capsys.readouterr().out and "16 real and 16 generated images" in table
    row = json.loads((tmp_path / "cars.json").read_text())["6"]
    values = {entry["metric"]: entry["value"] for entry in row["evaluations"]}
    assert f"| 6 | {values['fid']:.4g} | – | {values['kid']:.4g} |" in table
    folder = tmp_path / "kernel_6"
    settings = json.loads((folder / "config.json").read_text())["settings"]
    assert settings["kernel_size"] == 6 and settings["preset"] == "r2"
    losses = read_iterations(folder)
    assert losses["step"].tolist() == [1, 2]
    assert row["losses"][0] == pytest.approx(losses["generator_loss"].mean())
    index = json.loads((folder / "figures" / "index.json").read_text())
    assert [entry["file"] for entry in index] == [
        "fig_losses_kernel_6.png",
        "fig_grid_kernel_6_step_000001.png",
        "fig_grid_kernel_6_step_000002.png",
    ]
    with Image.open(folder / "snapshots" / "step_000002.png") as grid:
        assert grid.size == (5 * 18 + 2, 5 * 18 + 2)
    page = (folder / "report.html").read_text()
    assert "25 images after 2 iterations" in page and "148.915" in page


def row_of(features="inception-2015-12-05", **values):
    shared = {
        "protocol": {"features": features, "resizer": "its own"},
        "counts": {"real": 40, "fake": 30},
        "real_baseline": 3.25,
    }
    evaluations = [shared | {"metric": name, "value": value} for name, value in values.items()]
    return {"losses": [4.04, 0.125], "evaluations": evaluations}


def test_the_reports_numbers_stand_beside_ours():
    rows = {6: row_of(fid=201.25, inception_score=2.5), 5: row_of(fid=1.0, kid=0.5)}
    lines = cars.lines_of(rows)
    assert lines[2:4] == [
        "| 6 | 201.2 | 2.5 | – | 4.04, 0.125 | 148.915 | 2.942 | G about 5, rising, D about 0.1 |",
        "| 5 | 1 | – | 0.5 | 4.04, 0.125 |  |  |  |",
    ]
    assert lines[4].startswith("\nFeatures: inception-2015-12-05, its own; 40 real and 30")
    assert lines[4].endswith("FID of real against real: 3.25.") and len(lines) == 5
    assert "don't compare these numbers" in cars.lines_of({4: row_of("random", fid=1.0)})[-1]
    assert cars.beside_reported(6, row_of("random", fid=201.25)) == [
        ["", "report", "ours, by random"],
        ["FID", "148.915", "201.2"],
        ["Inception Score", "2.942", "–"],
        ["losses", "G about 5, rising, D about 0.1", "G 4.04, D 0.125"],
    ]
    assert cars.beside_reported(5, rows[5]) == []


def test_losses_of_single_steps_are_taken_back_from_means(make_gan, make_images, tmp_path):
    seen = []

    class Whole(IterationLosses):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            seen.append((batch + 1, logs["generator_loss"]))

    class Stop(IterationGrids):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            if int(pieces.step.numpy()) == 6:
                raise InterruptedError

    whole, pieces, images = make_gan(), make_gan(), make_images(16)
    whole.fit(images, epochs=3, verbose=0, callbacks=[Whole(tmp_path / "whole")])
    one = read_iterations(tmp_path / "whole")
    for place, (count, mean) in enumerate(seen):
        epoch = one["generator_loss"][place + 1 - count : place + 1]
        assert epoch.mean() == pytest.approx(float(mean), rel=1e-4)
    with pytest.raises(InterruptedError):
        stop = Stop(tmp_path, every=3, side=2)
        pieces.fit(images, epochs=3, verbose=0, callbacks=[IterationLosses(tmp_path), stop])
    pieces.fit(images, epochs=3, verbose=0, callbacks=[IterationLosses(tmp_path)])
    other = read_iterations(tmp_path)
    assert other["step"].tolist() == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]  # 7 can't be told
    np.testing.assert_allclose(
        other["generator_loss"], np.delete(one["generator_loss"], 6), rtol=1e-4
    )
    assert {path.name for path in (tmp_path / "snapshots").iterdir()} == {
        "step_000003.png", "step_000006.png",
    }  # fmt: skip
