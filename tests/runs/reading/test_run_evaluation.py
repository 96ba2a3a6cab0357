import re

import numpy as np
import pytest

from tests.runs.tiny import tiny
from tfgan_lab import run_layout
from tfgan_lab.command_line.main import main
from tfgan_lab.data import plates
from tfgan_lab.files import read_json, write_json
from tfgan_lab.metrics import METRICS, read_evaluations
from tfgan_lab.metrics.readings import Readings
from tfgan_lab.plots import png_bytes
from tfgan_lab.runs import Request, open_run
from tfgan_lab.runs.reading import run_evaluation as evaluation
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training import latent_training as training


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "run"
    # In float32, as the released generator computes: so both measure the same values.
    config = tiny(path, num_drawn=30, epochs=2, evaluate_every=1, precision="float32")
    training.train(config, verbose=0)
    return path


def test_a_run_evaluates_while_it_trains(run_dir):
    entries = [entry for entry in read_evaluations(run_dir) if entry.get("during_training")]
    assert [entry["epoch"] for entry in entries] == [1, 2]
    assert all((run_dir / f"{name}generator.keras").exists() for name in ("", "last_"))
    assert (run_dir / "snapshots" / "released.png").exists()
    assert any((run_dir / "events").glob("*.metrics"))


def evaluate(path, **request):
    return open_run(path).evaluate(Request(**request))


def test_all_measures_of_the_released_generator(run_dir):
    evaluations = open_run(run_dir).evaluate()
    assert [each.metric for each in evaluations] == [
        name for name in METRICS if name not in ("kid_subsets", "inception_score")
    ]
    entry, run = read_evaluations(run_dir)[-1], open_run(run_dir)
    released = run.readings().released
    assert (entry["epoch"], entry["images"]) == (released["epoch"], released["images"])
    assert entry["generator"] == "generator.keras"
    assert entry["counts"]["real"] == 30 == entry["counts"]["fake"]
    assert [each.value for each in run.evaluate()] == [each.value for each in evaluations]
    # Each once, though it was measured twice, and KID while training as well.
    names = [entry["metric"] for entry in run.evaluations()]
    assert sorted(names) == sorted(each.metric for each in evaluations)
    assert evaluate(run_dir, seed=1, metrics=("kid",))[0].value != evaluations[0].value


@pytest.mark.parametrize("last", [True, False])
def test_during_training_and_afterwards_it_is_the_same_value(last, run_dir):
    """The same weights, the same latents."""
    run = open_run(run_dir)
    during = run.histories()["kid"][-1] if last else run.readings().released
    (after,) = evaluate(run_dir, metrics=("kid",), last=last)
    assert after.value == pytest.approx(during["value"], rel=1e-3, abs=1e-6)
    entry = read_evaluations(run_dir)[-1]
    assert (entry["epoch"], entry["images"]) == (during["epoch"], during["images"])


def test_where_the_released_generator_is_of_an_earlier_epoch(tmp_path):
    write_json(tmp_path / "config.json", {"settings": {}, "data": {}, "sessions": [{}]})
    assert open_run(tmp_path).log_row() == {}
    rows = "epoch,step,images,seconds\r\n1,4,32,1.0\r\n2,8,64,2.0\r\n3,12,96,3.0\r\n"
    (tmp_path / "log.csv").write_text(rows)
    entries = [
        {"metric": "kid", "value": value, "better": "low", "epoch": epoch, "during_training": True}
        for epoch, value in [(1, 0.5), (2, 0.1), (3, 0.3)]
    ]
    write_json(tmp_path / "metrics.json", entries)
    run = open_run(tmp_path)
    assert run.log_row() == {"epoch": 2, "step": 8, "images": 64, "seconds": 2.0}
    assert run.log_row(run_layout.LAST_GENERATOR)["epoch"] == 3


def test_a_run_says_what_it_released(tmp_path, capsys):
    training.train(tiny(tmp_path, epochs=2, evaluate_every=1), verbose=2)
    released = Readings.of(read_evaluations(tmp_path)).released
    out = capsys.readouterr().out
    assert f"Released: the generator of image {released['images']} of 24, KID " in out
    assert "the lowest of 2 readings" in out


def test_held_out_images_and_other_counts(run_dir, tmp_path):
    for index, image in enumerate(plates(6, image_size=16, seed=9).images):
        (tmp_path / f"{index}.png").write_bytes(png_bytes(image))
    request = {"metrics": ("copying_ratio",), "num_fakes": 20, "held_out_dir": str(tmp_path)}
    (measured,) = evaluate(run_dir, **request)
    assert measured.counts["fake"] == 20 and np.isfinite(measured.value)


def test_on_the_command_line(run_dir, capsys, monkeypatch):
    monkeypatch.setattr(evaluation, "CLASSIFIER_STEPS", 5)
    argv = ["evaluate", str(run_dir), "--metrics=kid,coverage", "--num_fakes=40", "--last"]
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert "Features: random-convolutions, resizer: area to 32x32; 30 real and 40 gen" in out
    assert "Note: The features are of a random network" in out
    assert read_evaluations(run_dir)[-1]["generator"] == run_layout.LAST_GENERATOR
    assert main(["evaluate", str(run_dir), "--features=labels", "--metrics=inception_score"]) == 0
    assert "classifier of the labels" in capsys.readouterr().out


@pytest.mark.parametrize("discriminator", ["residual", "projected"])
def test_says_which_features_flatter_a_run(discriminator, run_dir, monkeypatch, capsys):
    config = open_run(run_dir).config
    object.__setattr__(config, "discriminator", discriminator)
    monkeypatch.setattr("tfgan_lab.runs.LatentRun.config", config)
    argv = ["evaluate", str(run_dir), "--metrics=kid"]
    assert main([*argv, "--features=lite0"]) == 0
    projected = discriminator == "projected"
    assert ("Note: These features flatter this run" in capsys.readouterr().out) == projected
    assert (evaluation.FLATTERING in read_evaluations(run_dir)[-1]["warnings"]) == projected
    assert main(argv) == 0
    assert "flatter" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--metrics=beauty"], "Expected metrics out of kid, .*Received: beauty"),
        (["--features=vgg"], "Expected features out of random"),
        (["--features=inception", "--weights=missing.pth"], "missing.pth"),
        (["--held_out_dir=missing"], "Expected a folder of images. Received: missing"),
        (["--metrics=inception_score"], "Expected features that know classes"),
        (["--num_fakes=1"], "at least 2 real and 2 generated images"),
    ],
)
def test_errors_are_one_sentence(flags, message, run_dir, capsys):
    before = len(read_evaluations(run_dir))
    assert main(["evaluate", str(run_dir), *flags]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and re.search(message, error), error
    assert len(read_evaluations(run_dir)) == before


def test_refuses_what_is_no_run_or_changed(run_dir, tmp_path):
    with pytest.raises(FileNotFoundError, match="Expected a run in"):
        open_run(tmp_path)
    record = read_json(run_dir / "config.json")
    write_json(tmp_path / "config.json", record)
    with pytest.raises(ConfigError, match="Expected a released generator at"):
        open_run(tmp_path).evaluate()
    record["settings"]["seed"] = 77
    write_json(tmp_path / "config.json", record)
    (tmp_path / "generator.keras").write_bytes((run_dir / "generator.keras").read_bytes())
    with pytest.raises(ConfigError, match="Expected the 30 images that the run"):
        open_run(tmp_path).evaluate()
    images = open_run(run_dir).images()
    assert open_run(run_dir, images=images).images() is images
    with pytest.raises(ConfigError, match="Received: 29, not all the same"):
        open_run(run_dir, images=plates(29, image_size=16)).images()


def test_overwriting_a_run_removes_its_evaluations(tmp_path):
    training.train(tiny(tmp_path, epochs=1, evaluate_every=1), verbose=0)
    training.train(tiny(tmp_path, epochs=1, seed=3), overwrite=True, verbose=0)
    assert not (tmp_path / "metrics.json").exists()
    assert not any((tmp_path / name).exists() for name in (run_layout.LAST_GENERATOR, "released"))
