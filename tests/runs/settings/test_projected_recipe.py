"""What the recipe of preset ``projected`` chooses, and runs of it."""

import functools
import json
import os
import signal

import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import TINY_PROJECTED, tiny
from tfgan_lab import callbacks as cb
from tfgan_lab import networks
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.command_line.main import main
from tfgan_lab.latents import LatentGenerator
from tfgan_lab.metrics import read_evaluations
from tfgan_lab.networks.sizes import light_widths
from tfgan_lab.plots import png_bytes
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.training import latent_training as training
from tfgan_lab.runs.training.dry_run import describe
from tfgan_lab.runs.training.latent_building import build_model


def make(**settings):
    return RunConfig.from_preset("projected", **({"drawn": "plates"} | settings))


@pytest.mark.parametrize("image_size", [32, 48, 64, 256])
def test_widths_suit_the_size(image_size):
    assert make(image_size=image_size).generator_widths == light_widths(image_size)
    own = make(image_size=image_size, generator="upsampling").generator_widths
    assert own == RunConfig.generator_widths


def test_more_images_are_trained_on_longer_up_to_a_bound():
    budgets = [make(num_drawn=count).num_images() for count in (10, 500, 1000, 50_000, 90_000)]
    assert budgets == sorted(budgets)
    assert budgets[0] < budgets[2] < budgets[3] == budgets[4]


def test_settings_reach_the_model():
    config = RunConfig.from_preset(**TINY_PROJECTED | {"discriminator_widths": (4, 5, 6, 7, 8)})
    model = build_model(config)
    assert model.generator.name == "light_generator"
    assert model.discriminator.name == "projected_discriminator"
    widths = {each.filters for each in model.discriminator.layers if hasattr(each, "filters")}
    assert widths == {1, 4, 5, 6, 7, 8, 64, 128}
    features = model.discriminator.get_layer("projected_features")
    assert not features.trainable_weights
    shown = features.get_layer("efficientnet_lite0").input_shape
    assert shown[1:3] == (config.feature_size, config.feature_size)
    frozen = features.count_params()
    assert frozen > 1_000_000
    expected = f"{model.discriminator.count_params():,} parameters, {frozen:,} of them frozen"
    assert f"discriminator: {expected}\n" in describe(config)


class StopsInTheSecondEpoch(cb.CsvLog):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.step.numpy()) == 4:
            os.kill(os.getpid(), signal.SIGTERM)


def test_stopped_within_an_epoch_it_resumes_to_the_same_bits(tmp_path, monkeypatch):
    # Of the frozen network the first blocks alone, which are built three times here.
    shallow = functools.partial(
        networks.projected_features, strides=(2, 4), widths=(3, 4), weights=None
    )
    monkeypatch.setattr("tfgan_lab.networks.projected.projected_features", shallow)
    settings = TINY_PROJECTED | {"precision": "mixed_bfloat16", "diagnose_every": 0}
    whole, _ = training.train(tiny(tmp_path / "whole", **settings), verbose=0)
    with monkeypatch.context() as patch:
        patch.setattr(training.cb, "CsvLog", StopsInTheSecondEpoch)
        with pytest.raises(cb.TrainingInterrupted, match="Stopped after step 4"):
            training.train(tiny(tmp_path / "pieces", **settings), verbose=0)
    pieces, _ = training.train(tiny(tmp_path / "pieces", **settings), verbose=0)
    assert int(pieces.step.numpy()) == 6
    assert_same_state(state_of(pieces), state_of(whole))


def test_from_a_folder_to_a_page(tmp_path, capsys):
    """The default preset on noise, by the command line."""
    folder, run = tmp_path / "noise", tmp_path / "run"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(12):
        pixels = rng.integers(0, 256, (32, 32, 3)).astype(np.uint8)
        (folder / f"{index:02d}.png").write_bytes(png_bytes(pixels))
    flags = [
        f"--data_dir={folder}", f"--run_dir={run}", "--image_size=32", "--feature_size=32",
        "--generator_widths=4,4,4,4", "--discriminator_widths=4", "--latent_size=4",
        "--batch_size=4", "--epochs=2", "--evaluate_every=12",
    ]  # fmt: skip
    assert main(["train", *flags]) == 0
    printed = capsys.readouterr().out
    assert "Recipe projected: " in printed and "Released: the generator of image" in printed
    record = json.loads((run / "config.json").read_text())
    assert record["settings"]["preset"] == "small-data"
    assert record["settings"]["discriminator"] == "projected"
    readings = [each for each in read_evaluations(run) if each["metric"] == "kid"]
    assert [each["images"] for each in readings] == [12, 24]
    assert len(read_log(run)["epoch"]) == 2
    assert (run / "report.html").stat().st_size > 10_000
    assert (run / "last_generator.keras").exists()
    generator = LatentGenerator(run / "generator.keras")
    images = generator.generate(generator.latents.sample(3, (0, 1)))
    assert images.shape == (3, 32, 32, 3) and np.isfinite(images).all()
    assert main(["maps", str(run), "--count=2"]) == 0
    assert (run / "maps" / "discriminator.png").exists()
    assert main(["diagnose", str(run)]) == 0
    flags = ["--steps=2", "--starts=1", "--features=discriminator"]
    assert main(["invert", str(run), str(folder / "00.png"), *flags]) == 0
    assert (run / "inversion").is_dir()
