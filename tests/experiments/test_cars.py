import json
import sys

import numpy as np
import pytest
from PIL import Image

from experiments import cars
from experiments.iterations import IterationGrids, IterationLosses, read_iterations
from tfgan_lab.command_line.main import run_command
from tfgan_lab.metrics import choice

TINY = [
    "--num_drawn=24",
    "--batch_size=8",
    "--image_size=16",
    "--generator_widths=4,4",
    "--discriminator_widths=4,4",
    "--grid_every=2",
]


def run(*argv):
    return run_command("experiments.cars", cars, list(argv))


@pytest.fixture(autouse=True)
def _offline(monkeypatch, tmp_path):
    from tfgan_lab.metrics import features

    monkeypatch.setattr(features, "WEIGHTS_URL", "http://127.0.0.1:9/weights.pth")
    monkeypatch.setenv("TFGAN_LAB_CACHE", str(tmp_path / "cache"))


def test_from_images_to_the_table(tmp_path, capsys):
    argv = [*TINY, "--kernel_sizes=4,6", f"--run_dir={tmp_path}"]
    assert run(*argv, "--epochs=2") == 0
    out = capsys.readouterr().out
    assert "Distances will be of random features; no Inception Score." in out
    table = (tmp_path / "cars.md").read_text()
    assert table in out and "| 153.289 | 2.855 |" in table and "148.915" in table
    assert "don't compare these numbers with the report's" in table
    record = json.loads((tmp_path / "cars.json").read_text())
    assert list(record) == ["4", "6"]
    for kernel, row in record.items():
        folder = tmp_path / f"kernel_{kernel}"
        values = {entry["metric"]: entry["value"] for entry in row["evaluations"]}
        assert f"| {kernel} | {values['fid']:.4g} | – | {values['kid']:.4g} |" in table
        settings = json.loads((folder / "config.json").read_text())["settings"]
        assert settings["kernel_size"] == int(kernel) and settings["preset"] == "r2"
        losses = read_iterations(folder)
        assert losses["step"].tolist() == [1, 2, 3, 4, 5, 6]
        assert row["losses"][0] == pytest.approx(losses["generator_loss"].mean())
        index = json.loads((folder / "figures" / "index.json").read_text())
        assert [entry["file"] for entry in index] == [
            f"fig_losses_kernel_{kernel}.png",
            *(f"fig_grid_kernel_{kernel}_step_{step:06d}.png" for step in (2, 4, 6)),
        ]
        with Image.open(folder / "snapshots" / "step_000002.png") as grid:
            assert grid.size == (5 * 18 + 2, 5 * 18 + 2)
        assert "25 images after 4 iterations" in (folder / "report.html").read_text()
    # The same command resumes.
    assert run(*argv, "--epochs=3", "--kernel_sizes=4") == 0
    assert read_iterations(tmp_path / "kernel_4")["step"].tolist() == [*range(1, 10)]


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--loss=least_squares", "--real_label=0.9"])
def test_the_report_s_options(option, tmp_path):
    argv = [*TINY, "--kernel_sizes=8", "--epochs=1", "--features=random", option]
    assert run(*argv, f"--run_dir={tmp_path}") == 0
    assert "| 8 |" in (tmp_path / "cars.md").read_text()


def test_an_inception_score_where_the_features_know_classes(tmp_path, monkeypatch):
    def stand_in(kind, images, labels=None, weights=None):
        assert kind == "inception" and str(weights) == "mine.pth"
        return space

    from tfgan_lab.metrics import Features

    class Space(Features):
        name, resizer = "inception-2015-12-05", "its own"

        def extract(self, images):
            vectors = np.asarray(images, float).reshape(len(images), -1)[:, ::97]
            share = np.exp(vectors[:, :3])
            return vectors, share / share.sum(axis=1, keepdims=True)

    space = Space()
    monkeypatch.setattr(choice, "choose_features", stand_in)
    monkeypatch.setattr("tfgan_lab.runs.reading.run_evaluation.choose_features", stand_in)
    argv = [*TINY, "--kernel_sizes=4", "--epochs=1", "--weights=mine.pth"]
    assert run(*argv, f"--run_dir={tmp_path}") == 0
    table = (tmp_path / "cars.md").read_text()
    assert "Features: inception-2015-12-05, its own" in table
    assert "don't hold" not in table and "| – |" not in table


def test_losses_of_single_steps_are_taken_back_from_means(make_gan, make_images, tmp_path):
    gan, images = make_gan(), make_images(16)
    seen = []

    class Single(IterationLosses):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            seen.append((batch + 1, logs["generator_loss"]))

    gan.fit(images, epochs=2, verbose=0, callbacks=[Single(tmp_path)])
    losses = read_iterations(tmp_path)["generator_loss"]
    assert len(losses) == 8
    for epoch in range(2):
        for count, mean in seen[4 * epoch : 4 * epoch + 4]:
            mine = losses[4 * epoch : 4 * epoch + count].mean()
            assert mine == pytest.approx(float(mean), rel=1e-4)


def test_losses_go_on_within_an_epoch(make_gan, make_images, tmp_path):
    def stopped(gan):
        class Stop(IterationGrids):
            def on_train_batch_end(self, batch, logs=None):
                super().on_train_batch_end(batch, logs)
                if int(gan.step.numpy()) == 6:
                    raise InterruptedError

        return Stop(tmp_path, every=3, side=2)

    whole, pieces, images = make_gan(), make_gan(), make_images(16)
    whole.fit(images, epochs=3, verbose=0, callbacks=[IterationLosses(tmp_path / "whole")])
    callbacks = [IterationLosses(tmp_path), stopped(pieces)]
    with pytest.raises(InterruptedError):
        pieces.fit(images, epochs=3, verbose=0, callbacks=callbacks)
    pieces.fit(images, epochs=3, verbose=0, callbacks=[IterationLosses(tmp_path)])
    one, other = read_iterations(tmp_path / "whole"), read_iterations(tmp_path)
    assert other["step"].tolist() == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]  # 7 can't be told
    np.testing.assert_allclose(
        other["generator_loss"], np.delete(one["generator_loss"], 6), rtol=1e-4
    )
    assert {path.name for path in (tmp_path / "snapshots").iterdir()} == {
        "step_000003.png", "step_000006.png",
    }  # fmt: skip


def test_cars_of_the_data_folder(real_images, tmp_path):
    argv = [flag for flag in TINY if "drawn" not in flag]
    folder = tmp_path / "some"
    folder.mkdir()
    for path in sorted((real_images / "cars").iterdir())[:40]:
        (folder / path.name).symlink_to(path)
    argv += ["--kernel_sizes=4", "--epochs=1", "--features=random", f"--data_dir={folder}"]
    assert run(*argv, f"--run_dir={tmp_path / 'run'}") == 0
    assert "40 real and 40 generated" in (tmp_path / "run" / "cars.md").read_text()


def test_256_pixels_have_two_halvings_more(tmp_path, capsys):
    argv = ["--image_size=256", "--kernel_sizes=4", "--num_drawn=2", "--batch_size=2"]
    assert run(*argv, "--dry_run", f"--run_dir={tmp_path / 'run'}") == 0
    out = capsys.readouterr().out
    settings = json.loads(out[out.index("{") : out.index("}") + 1])
    assert settings["generator_widths"] == [512, 512, 256, 128, 64, 32]
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--kernel_sizes=4,x", "--run_dir=x"], "Expected --kernel_sizes as whole numbers"),
        ([], "Expected --run_dir=FOLDER"),
        (["--run_dir=x", "images"], "Expected flags only"),
        (["--run_dir=x", "--kernel_size=3"], "Expected --kernel_sizes. Received: --kernel_size"),
    ],
)
def test_refuses(argv, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*argv) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_help(capsys):
    assert run_command("experiment", sys.modules["experiments.cars"], ["--help"]) == 0
    assert "python -m experiments.cars" in capsys.readouterr().out


def test_the_page_has_the_reports_numbers_beside_ours():
    entry = {"metric": "fid", "value": 201.25, "protocol": {"features": "random"}}
    row = {"losses": [4.04, 0.125], "evaluations": [entry]}
    assert cars.beside_reported(6, row) == [
        ["", "report", "ours, by random"],
        ["FID", "148.915", "201.2"],
        ["Inception Score", "2.942", "–"],
        ["losses", "G about 5, rising, D about 0.1", "G 4.04, D 0.125"],
    ]
    assert cars.beside_reported(5, row) == []
