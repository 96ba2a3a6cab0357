"""Which recipe the default preset takes, and how it says so."""

import numpy as np
import pytest
from PIL import Image

from tfgan_lab.networks.sizes import residual_sides
from tfgan_lab.runs.settings.parts import SECOND_DERIVATIVES
from tfgan_lab.runs.settings.presets import PRESETS
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.settings.small_data import RECIPES, choose_recipe, count_images, explain


@pytest.fixture
def folder(tmp_path):
    """Three files that nobody decodes."""
    for index in range(3):
        (tmp_path / f"{index}.png").write_bytes(b"")
    return str(tmp_path)


def recipe_of(config):
    """The recipe that a configuration names, after checking that it has it."""
    (sentence,) = [line for line in explain(config) if line.startswith("Recipe ")]
    recipe, reason = sentence.removeprefix("Recipe ").split(": ")
    own = {"discriminator": "projected" if recipe == "projected" else "residual"}
    assert recipe in RECIPES and len(reason) > 10
    return recipe, own["discriminator"] == config.discriminator


def test_a_folder_of_images_gets_the_projected_recipe(folder):
    config = RunConfig.from_preset(data_dir=folder)
    assert recipe_of(config) == ("projected", True) and config.preset == "small-data"
    named = RunConfig.from_preset("projected", data_dir=folder)
    assert config.to_dict() == named.to_dict() | {"preset": "small-data"}
    for name, value in PRESETS["projected"].items():
        assert getattr(config, name) == value


@pytest.mark.parametrize("drawn", ["plates", "vehicles"])
def test_drawings_get_the_other(drawn):
    config = RunConfig.from_preset(drawn=drawn)
    assert recipe_of(config) == ("from-scratch", True)
    named = RunConfig.from_preset("from-scratch", drawn=drawn)
    assert config.to_dict() == named.to_dict() | {"preset": "small-data"}


@pytest.mark.parametrize(
    ("image_size", "recipe"),
    [(16, "from-scratch"), (28, "from-scratch"), (32, "projected"), (512, "projected"),
     (640, "from-scratch")],
)  # fmt: skip
def test_images_of_other_sizes_get_the_other(image_size, recipe, folder):
    config = RunConfig.from_preset(data_dir=folder, image_size=image_size)
    assert recipe_of(config) == (recipe, True)
    assert len(residual_sides(image_size)) == len(config.generator_widths)


def test_flat_drawings_in_a_folder_get_the_other(tmp_path):
    rng = np.random.default_rng(0)
    for index in range(3):
        noise = rng.integers(0, 256, (64, 64, 3)).astype(np.uint8)
        flat = np.where(np.arange(64)[:, None, None] < 20, noise, 99).astype(np.uint8)
        for folder, pixels in (("photographs", noise), ("drawings", flat)):
            (tmp_path / folder).mkdir(exist_ok=True)
            Image.fromarray(pixels).save(tmp_path / folder / f"{index}.png")
    config = RunConfig.from_preset(data_dir=str(tmp_path / "drawings"))
    assert recipe_of(config) == ("from-scratch", True)
    config = RunConfig.from_preset(data_dir=str(tmp_path / "photographs"))
    assert recipe_of(config) == ("projected", True)


@pytest.mark.parametrize(
    ("name", "value", "others"),
    [
        ("concatenate_batches", True, {}),
        ("schedule", "shared_fakes", {}),
        ("discriminator_conditioning", "classifier", {"conditional": True}),
    ],
)
def test_what_only_the_other_has_gets_it(name, value, others, folder):
    config = RunConfig.from_preset(data_dir=folder, **{name: value}, **others)
    assert recipe_of(config) == ("from-scratch", True)
    assert "Recipe from-scratch: it goes with the settings that you gave" in explain(config)


@pytest.mark.parametrize("name", SECOND_DERIVATIVES)
def test_penalties_on_slopes_get_the_other_and_are_its_reason(name, folder):
    config = RunConfig.from_preset(data_dir=folder, **{name: 1.5})
    assert recipe_of(config) == ("from-scratch", True) and getattr(config, name) == 1.5
    assert "Recipe from-scratch: it goes with the settings that you gave" in explain(config)
    # A weight of nothing is no penalty.
    config = RunConfig.from_preset(data_dir=folder, **{name: 0.0})
    assert recipe_of(config) == ("projected", True)


def test_a_given_discriminator_decides(folder):
    config = RunConfig.from_preset(data_dir=folder, discriminator="residual")
    assert recipe_of(config) == ("from-scratch", True)
    assert "Recipe from-scratch: it goes with the settings that you gave" in explain(config)
    config = RunConfig.from_preset(drawn="plates", discriminator="projected")
    assert recipe_of(config) == ("projected", True)
    assert "Recipe projected: it goes with the settings that you gave" in explain(config)
    config = RunConfig.from_preset(
        data_dir=folder, discriminator="convolutional", discriminator_widths=(8, 8)
    )
    assert "Recipe from-scratch: it goes with the settings that you gave" in explain(config)


def test_the_reason_is_a_sentence_of_its_own(folder):
    settings = {
        "drawn": "", "image_size": 64, "data_dir": folder,
        "tfds_name": "", "tfds_label": "", "tfds_split": "",
    }  # fmt: skip
    reasons = {
        choose_recipe(settings | changed, given).reason
        for changed, given in [
            ({}, ()),
            ({"drawn": "plates"}, ()),
            ({"image_size": 28}, ()),
            ({"image_size": 640}, ()),
            ({"discriminator": "dcgan"}, ("discriminator",)),
            ({"r1_gamma": 1.0}, ("r1_gamma",)),
        ]
    }
    assert len(reasons) == 6


@pytest.mark.parametrize("preset", RECIPES)
def test_every_choice_has_a_reason_and_its_value(preset):
    config = RunConfig.from_preset(preset, drawn="plates")
    sentences = explain(config)
    assert len(sentences) >= 2
    for sentence in sentences:
        flag, reason = sentence.split(": ", 1)
        name, value = flag.removeprefix("--").split("=")
        mine = getattr(config, name)
        assert value == (",".join(map(str, mine)) if isinstance(mine, tuple) else str(mine))
        assert len(reason) > 10 and reason != "as you said"


@pytest.mark.parametrize("preset", RECIPES)
def test_what_is_given_counts_and_is_named_so(preset):
    given = {"generator_widths": (8, 8, 8, 8, 8), "epochs": 3}
    config = RunConfig.from_preset(preset, drawn="plates", **given)
    said = {line.split("=")[0]: line for line in explain(config)}
    assert said["--generator_widths"] == "--generator_widths=8,8,8,8,8: as you said"
    # Epochs take the place of the chosen budget.
    assert config.images == "" and config.total_epochs(11) == 3 and "--images" not in said


def test_other_presets_have_no_rule(folder):
    assert explain(RunConfig.from_preset("light", data_dir=folder)) == []
    for preset in RECIPES:
        sentences = explain(RunConfig.from_preset(preset, data_dir=folder))
        assert sentences and not any(line.startswith("Recipe ") for line in sentences)


def test_counts_files_of_a_folder(folder, tmp_path):
    settings = {"data_dir": folder, "tfds_name": "", "drawn": "", "subset": 1.0}
    assert count_images(settings) == 3
    assert count_images(settings | {"subset": 0.6}) == 2
    assert count_images(settings | {"data_dir": str(tmp_path / "none")}) == 0
    assert count_images(settings | {"data_dir": ""}) == 0
    assert count_images(settings | {"drawn": "plates", "num_drawn": 7}) == 7


@pytest.mark.parametrize("settings", [{}, {"r1_gamma": 3.0}])
def test_a_resumed_run_gets_the_same_identity(settings, folder):
    first = RunConfig.from_preset(data_dir=folder, **settings)
    longer = RunConfig.from_preset(data_dir=folder, **settings, images="900k")
    assert longer.differences(first.to_dict()) == {}
