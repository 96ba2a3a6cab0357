"""Which recipe the default preset takes, and how it says so."""

import numpy as np
import pytest
from PIL import Image

from tfgan_lab.networks.sizes import residual_sides
from tfgan_lab.runs.settings.parts import SECOND_DERIVATIVES
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.settings.small_data import RECIPES, choose_recipe, count_images, explain


@pytest.fixture
def folder(tmp_path):
    """Three files that nobody decodes."""
    for index in range(3):
        (tmp_path / f"{index}.png").write_bytes(b"")
    return str(tmp_path)


def recipe_of(config):
    """The recipe that a configuration names and has, and the reason."""
    (sentence,) = [line for line in explain(config) if line.startswith("Recipe ")]
    recipe, reason = sentence.removeprefix("Recipe ").split(": ")
    assert (recipe == "projected") == (config.discriminator == "projected")
    return recipe, reason


@pytest.mark.parametrize("source", ["a folder", "plates", "vehicles"])
def test_is_one_of_two_recipes(source, folder):
    given = {"data_dir": folder} if source == "a folder" else {"drawn": source}
    config = RunConfig.from_preset(**given)
    recipe, reason = recipe_of(config)
    assert recipe == ("projected" if source == "a folder" else "from-scratch") and len(reason) > 10
    named = RunConfig.from_preset(recipe, **given)
    assert config.to_dict() == named.to_dict() | {"preset": "small-data"}


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("from-scratch", {"image_size": 16}),
        ("from-scratch", {"image_size": 28}),
        ("projected", {"image_size": 32}),
        ("projected", {"image_size": 512}),
        ("from-scratch", {"image_size": 640}),
        ("projected", {"batch_size": 6, "latent_size": 7}),
        ("projected", {name: 0.0 for name in SECOND_DERIVATIVES}),  # No penalties.
    ],
)
def test_which_recipe_images_get(recipe, settings, folder):
    config = RunConfig.from_preset(data_dir=folder, **settings)
    assert recipe_of(config)[0] == recipe
    assert len(residual_sides(config.image_size)) == len(config.generator_widths)
    assert all(getattr(config, name) == value for name, value in settings.items())


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("from-scratch", {"concatenate_batches": True}),
        ("from-scratch", {"schedule": "shared_fakes"}),
        ("from-scratch", {"discriminator_conditioning": "classifier", "conditional": True}),
        *(("from-scratch", {name: 1.5}) for name in SECOND_DERIVATIVES),
        ("from-scratch", {"discriminator": "residual"}),
        ("from-scratch", {"discriminator": "convolutional", "discriminator_widths": (8, 8)}),
        ("projected", {"discriminator": "projected", "data_dir": "", "drawn": "plates"}),
    ],
)
def test_what_only_one_recipe_has_decides(recipe, settings, folder):
    config = RunConfig.from_preset(**{"data_dir": folder} | settings)
    assert f"Recipe {recipe}: it goes with the settings that you gave" in explain(config)
    assert all(getattr(config, name) == value for name, value in settings.items())


def test_flat_drawings_in_a_folder_get_the_other(tmp_path):
    rng = np.random.default_rng(0)
    for index in range(3):
        noise = rng.integers(0, 256, (64, 64, 3)).astype(np.uint8)
        flat = np.where(np.arange(64)[:, None, None] < 20, noise, 99).astype(np.uint8)
        for folder, pixels in (("photographs", noise), ("drawings", flat)):
            (tmp_path / folder).mkdir(exist_ok=True)
            Image.fromarray(pixels).save(tmp_path / folder / f"{index}.png")
    config = RunConfig.from_preset(data_dir=str(tmp_path / "drawings"))
    assert recipe_of(config)[0] == "from-scratch"
    config = RunConfig.from_preset(data_dir=str(tmp_path / "photographs"))
    assert recipe_of(config)[0] == "projected"


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
