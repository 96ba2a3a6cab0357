"""Runs with classes, by settings alone."""

import json
import re

import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import TINY_PROJECTED, tiny
from tfgan_lab import data
from tfgan_lab.models import ConditionalGAN
from tfgan_lab.plots import png_bytes
from tfgan_lab.runs import diagnose, open_run
from tfgan_lab.runs.settings.run_config import ConfigError
from tfgan_lab.runs.training import latent_building as building
from tfgan_lab.runs.training import latent_training as training
from tfgan_lab.runs.training.dry_run import describe
from tfgan_lab.runs.training.run_images import load_images

COUNTS = {"bus": 6, "car": 3, "van": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve drawn images of three classes."""
    root = tmp_path_factory.mktemp("classes")
    images = iter(data.vehicles(12, image_size=16).images)
    for name, count in COUNTS.items():
        (root / name).mkdir()
        for index in range(count):
            (root / name / f"{index}.png").write_bytes(png_bytes(next(images)))
    return root


@pytest.fixture
def make(folder, tmp_path):
    def make(**settings):
        own = {"drawn": "", "num_drawn": 345, "data_dir": str(folder), "conditional": True}
        return tiny(settings.pop("run_dir", tmp_path / "run"), **(own | settings))

    return make


WAYS = [
    {"generator_conditioning": "batch_norm", "discriminator_conditioning": "projection"},
    {"discriminator_conditioning": "classifier", "class_loss_weight": 0.5},
    {"discriminator_conditioning": "concatenation", "class_widths": (8, 4), "class_dropout": 0.1},
    pytest.param({"preset": "r2-conditional", "class_widths": (8, 4)}, marks=pytest.mark.slow),
    pytest.param({"preset": "r4-conditional", "channels": 1}, marks=pytest.mark.slow),
    {"preset": "from-scratch", "generator_widths": (4, 4, 4), "discriminator_widths": (4, 4, 4)},
    {name: value for name, value in TINY_PROJECTED.items() if "drawn" not in name},
]


@pytest.mark.parametrize("settings", WAYS)
def test_every_way_trains(make, settings, tmp_path):
    model, images = training.train(make(**settings), verbose=0)
    assert isinstance(model, ConditionalGAN) and model.num_classes == 3
    assert int(model.step.numpy()) == 6 and images.class_names == ("bus", "car", "van")
    record = json.loads((tmp_path / "run" / "config.json").read_text())
    assert record["data"]["class_names"] == ["bus", "car", "van"]


def test_settings_reach_the_model(make):
    config = make(discriminator_conditioning="classifier", class_loss_weight=0.5)
    model = building.build_model(config, 3)
    assert model.class_loss_weight == 0.5 and model.discriminator.output_shape[1] == (None, 3)
    assert model.latents.size == config.latent_size
    config = make(
        discriminator_conditioning="concatenation", class_widths=(5, 6), class_dropout=0.25
    )
    layers = building.build_model(config, 3).discriminator.layers
    units = [layer.units for layer in layers if layer.name.startswith("dense")]
    assert units == [5, 6, 1]
    assert [layer.rate for layer in layers if layer.name.startswith("dropout")][-2:] == [0.25, 0.25]


@pytest.mark.slow
def test_a_resumed_run_ends_at_the_same_bits(make, tmp_path):
    settings = {"class_sampling": "balanced", "label_noise": 0.05, "ema_half_life_images": 20}
    whole, _ = training.train(make(**settings, run_dir=tmp_path / "whole"), verbose=0)
    training.train(make(**settings, epochs=1), verbose=0)
    resumed, _ = training.train(make(**settings, epochs=2), verbose=0)
    assert_same_state(state_of(whole), state_of(resumed))


def test_balanced_batches(make):
    images = load_images(make(class_sampling="balanced", batch_size=6))
    for batch in images.dataset().take(3):
        assert np.bincount(batch["label"]).tolist() == [2, 2, 2]
    assert not load_images(make()).is_balanced


def test_says_how_many_classes(make):
    assert "12 images of 16x16 pixels in 3 classes" in describe(make())


def test_diagnosis_of_a_run(make, tmp_path):
    model, _ = training.train(make(epochs=1, diagnose_every=1), verbose=0)
    assert (tmp_path / "run" / "verdict.json").exists()
    assert "1 readings" in diagnose(open_run(tmp_path / "run"))
    (tmp_path / "run" / "verdict.json").unlink()
    assert "One reading of the checkpoint" in diagnose(open_run(tmp_path / "run"))


def test_a_class_too_few(make, folder, tmp_path):
    with pytest.raises(ConfigError, match="Expected images of 2 classes or more with --conditi"):
        building.build_model(make(), 1)
    other = tmp_path / "other"
    for name in ("bus", "car"):
        (other / name).mkdir(parents=True)
    image = (folder / "bus" / "0.png").read_bytes()
    for name in ("bus/0.png", "bus/1.png", "car/0.png"):
        (other / name).write_bytes(image)
    config = make(data_dir=str(other))
    message = "Expected at least 2 usable images of every class .* Received: 1 of 'car'"
    with pytest.raises(ConfigError, match=message):
        load_images(config)
    (other / "car" / "1.png").write_bytes(image)
    (other / "van").mkdir()
    (other / ".hidden").mkdir()
    with pytest.raises(ConfigError, match="Received: 0 of 'van'"):
        load_images(config)
    (other / "0.png").write_bytes(image)
    message = "in a subfolder named after its class. Received: 1 images in none, '0.png' for one"
    with pytest.raises(ConfigError, match=message):
        load_images(config)


def test_images_without_classes(make, folder, tmp_path):
    images = data.vehicles(8, image_size=16).images
    np.savez(tmp_path / "plain.npz", images=images)
    with pytest.raises(ConfigError, match=re.escape("Received: images without any")):
        load_images(make(data_dir=str(tmp_path / "plain.npz")))
    np.savez(tmp_path / "one.npz", images=images, labels=np.zeros(8, int))
    with pytest.raises(ConfigError, match="Received: 1 classes"):
        load_images(make(data_dir=str(tmp_path / "one.npz")))
    np.savez(tmp_path / "gap.npz", images=images, labels=np.array([0, 0, 2, 2, 2, 2, 2, 2]))
    with pytest.raises(ConfigError, match="Received: 0 of '1'"):
        load_images(make(data_dir=str(tmp_path / "gap.npz")))
