"""What all experiments' commands have in common, and what each of them refuses."""

import json
import re

import numpy as np
import pytest
from absl import flags

from experiments import comparison
from experiments.epoch_sheets import scaled_epochs, sheet_near

NAMES = ("cars", "digits", "faces", "monet", "rare_classes", "spaghetti", "translation", "warm_up")


@pytest.mark.parametrize("name", NAMES)
def test_help(name, run_experiment, capsys):
    assert run_experiment(name, "--help") == 0
    assert f"python -m experiments.{name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("cars", "--run_dir=x images", "Expected flags only. Received: 'images'"),
        ("cars", "", "Expected --run_dir=FOLDER"),
        ("cars", "--run_dir=x --kernel_sizes=4,x", "--kernel_sizes as whole numbers from 1 to 15"),
        ("cars", "--run_dir=x --kernel_size=3", "Expected --kernel_sizes. Received: --kernel_size"),
        ("cars", "--run_dir=x --conditional --preset=r2", "no --preset with --conditional"),
        ("cars", "--run_dir=x --conditional --grid_every=4", "neither --kernel_sizes nor --grid_e"),
        ("digits", "--run_dir=x --parts=gan", "--parts out of dcgan, conditional. Received: gan"),
        ("digits", "--run_dir=x --preset=r1", "Expected --parts=conditional or dcgan to choose"),
        ("faces", "--run_dir=x", "Expected --data_dir=FOLDER with images of faces"),
        ("faces", "--run_dir=x --image_size=64", "no --image_size: the report varies it"),
        ("faces", "--run_dir=x --data_dir=gone --seed=3", "Expected --seeds instead of --seed"),
        ("faces", "--run_dir=x --data_dir=gone", "Expected a folder of images. Received: gone"),
        ("monet", "--run_dir=x --seeds=a", "Expected --seeds as whole numbers from 0.*Received: a"),
        ("monet", "--run_dir=x --distributions=8", "--distributions as whole numbers from 1 to 7"),
        ("monet", "--run_dir=x --latent_distribution=normal", "--distributions, .*of no effect"),
        ("monet", "--run_dir=x --iterations=3 --epochs=3", "--iterations, --images or --epochs"),
        ("monet", "--run_dir=x --data_dir=gone", "Expected a folder of images. Received: gone"),
        ("rare_classes", "--run_dir=x --rare_class=8", "--rare_class from 0 to 7. Received: 8"),
        ("rare_classes", "--run_dir=x --shares=2", "--shares as numbers from 1e-06 to 1"),
        ("rare_classes", "--run_dir=x --class_sampling=natural", "Expected --samplings. Received"),
        ("spaghetti", "--run_dir=x --preset=light", "--preset out of r0-transposed, r0-upsampling"),
        ("spaghetti", "--generator_file=x", "Expected --latents with --generator_file"),
        ("spaghetti", "--generator_file=x --latents", "Expected --run_dir=FOLDER to write the"),
        ("translation", "x", "Expected flags only, such as --data_dir=x"),
    ],
)
def test_refusals(name, words, message, run_experiment, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_experiment(name, *words.split()) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and re.search(message, error), error
    assert not list(tmp_path.iterdir())


def test_dry_runs_write_nothing(run_experiment, tmp_path, capsys):
    images = np.zeros((24, 8, 8), np.uint8)
    np.savez(tmp_path / "digits.npz", images=images, labels=np.arange(24) % 3)
    shared = ["--dry_run", f"--run_dir={tmp_path / 'run'}"]
    assert run_experiment("digits", *shared, f"--data_dir={tmp_path}/digits.npz") == 0
    out = capsys.readouterr().out
    assert out.count("24 images of 28x28 pixels") == 2 and "in 3 classes" in out
    small = ["--image_size=256", "--kernel_sizes=4", "--num_drawn=2", "--batch_size=2"]
    assert run_experiment("cars", *shared, *small) == 0
    out = capsys.readouterr().out
    settings = json.loads(out[out.index("{") : out.index("}") + 1])
    # Two halvings more than at 64 pixels.
    assert settings["generator_widths"] == [512, 512, 256, 128, 64, 32]
    assert run_experiment("faces", *shared, f"--data_dir={tmp_path}", "--seeds=0,1") == 0
    out = capsys.readouterr().out
    assert out.endswith("16 runs. Nothing was written.\n") and "rate 0.02, seed 1" in out
    for name, more, said in [
        ("rare_classes", "--num_drawn=64", "8 trainings of this kind."),
        ("cars", "--num_drawn=64 --conditional", "200,000 training images"),
    ]:
        assert run_experiment(name, *shared, *more.split()) == 0
        assert said in capsys.readouterr().out
    assert not (tmp_path / "run").exists()


def test_features_are_random_where_no_weights_can_be_had(run_experiment, capsys):
    values = flags.FlagValues()
    comparison.define_measure_flags(values, "inception")
    values(["command"])
    request = comparison.available_request(values)
    assert (request.features, request.metrics) == ("random", ("fid", "kid"))
    assert "Distances will be of random features" in capsys.readouterr().out
    values(["command", "--weights=mine.pth", "--num_fakes=9"])
    request = comparison.available_request(values)
    assert (request.features, request.weights, request.num_fakes) == ("inception", "mine.pth", 9)
    assert request.metrics == ("fid", "inception_score", "kid")


def test_epochs_of_a_reports_figures(tmp_path):
    assert scaled_epochs([100, 200, 1000], 1000, 94) == [(9, 100), (19, 200), (94, 1000)]
    assert scaled_epochs([10, 420], 460, 9999) == [(10, 10), (420, 420)]
    assert scaled_epochs([10, 420], 460, 1) == [(1, 10), (1, 420)]


def test_the_nearest_snapshot_stands_in(tmp_path):
    from PIL import Image

    (tmp_path / "snapshots").mkdir()
    for epoch in (2, 4):
        sheet = np.full((3, 5), epoch, np.uint8)
        Image.fromarray(sheet).save(tmp_path / "snapshots" / f"epoch_{epoch:05d}.png")
    for wanted, taken in [(1, 2), (3, 2), (4, 4), (9, 4)]:
        epoch, sheet = sheet_near(tmp_path, wanted)
        assert epoch == taken and sheet.shape == (3, 5, 1) and (sheet == taken).all()
