import numpy as np
import pytest
from PIL import Image

from tfgan_lab.runs import (
    TRANSLATION_PRESETS,
    TranslationConfig,
    build_translation_model,
    load_domains,
)
from tfgan_lab.runs.settings.validity import ConfigError


def make(**settings):
    return TranslationConfig.from_preset(**({"drawn": "plates"} | settings))


@pytest.mark.parametrize("preset", TRANSLATION_PRESETS)
def test_presets_are_valid(preset):
    config = make(preset=preset)
    assert config.preset == preset and config.model == preset.removeprefix("small-")
    assert config.total_epochs(10) > 10


def test_the_model_chooses_its_small_preset_and_domains():
    assert make().preset == "small-cyclegan" and make().domain_names == ("red", "blue")
    config = make(model="stargan", factor="plate", domains="white, violet,black")
    assert config.preset == "small-stargan"
    assert config.domain_names == ("white", "violet", "black")
    assert make(epochs=3).total_epochs(10) == 3  # And not the preset's images.


def test_the_papers_numbers():
    config = make(preset="cyclegan")
    model = build_translation_model(config, 2, num_steps=100)
    # 11.378 million parameters each, and 2.765 million, as the authors' code counts them.
    assert [model.generator.first.count_params(), model.discriminator.first.count_params()] == [
        11_378_179,
        2_764_737,
    ]
    assert model.pool_a.capacity == 50
    rates = [float(model.generator_optimizer._learning_rate(step)) for step in (0, 50, 75, 100)]
    np.testing.assert_allclose(rates, [2e-4, 2e-4, 1e-4, 0])
    config = make(preset="stargan")
    model = build_translation_model(config, 5, num_steps=100)
    assert model.update.discriminator_steps == 5
    # 20 epochs of 200,000 images, as many discriminator steps as batches.
    steps = config.num_images() // config.batch_size
    assert steps * config.discriminator_steps == 20 * 200_000 // config.batch_size
    rates = [float(model.discriminator_optimizer._learning_rate(step)) for step in (250, 375)]
    np.testing.assert_allclose(rates, [1e-4, 5e-5])
    assert model.adversarial_loss.reconstruction_weight == 10


def test_no_decay_is_a_constant_rate():
    config = make(decay_share=0.0, generator_width=2, num_blocks=1)
    model = build_translation_model(config, 2, num_steps=10)
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(5e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"preset": "r0"}, "Expected a preset out of cyclegan, stargan"),
        ({"preset": "stargan", "model": "cyclegan"}, "Expected --model=stargan with --preset=star"),
        ({"data_dir": "a,b"}, "Expected --data_dir=FOLDER,FOLDER or --drawn=plates, one of them"),
        ({"domains": "red,pink"}, "Expected values of tablecloth out of red.* Received: 'pink'"),
        ({"domains": "red,red"}, "Expected two or more domains, each once"),
        ({"domains": "red,blue,grey"}, "Expected two domains with cyclegan"),
        ({"discriminator_steps": 2}, "Expected --model=stargan with --discriminator_steps"),
        ({"model": "stargan", "identity_weight": 1.0}, "--model=cyclegan with --identity_w"),
        ({"image_size": 34}, "Expected --image_size divisible by 4"),
        ({"image_size": 16}, "image_size from 32 with --drawn"),
        ({"model": "stargan", "batch_size": 1}, "Expected --batch_size from 2 with stargan"),
        ({"batch_size": 60}, "Expected --pool_size of --batch_size or more, or 0"),
        (
            {"adversarial_loss": "wasserstein"},
            "grow without bound. Received: model='cyclegan', gradient_penalty_weight=0.0",
        ),
        (
            {"model": "stargan", "gradient_penalty_weight": 0.0},
            "Expected --model=stargan and --gradient_penalty_weight above 0 with --adversarial",
        ),
    ],
)
def test_errors_are_sentences(settings, message):
    with pytest.raises(ConfigError, match=message):
        make(**settings)


@pytest.fixture
def folders(tmp_path):
    for name, count in [("a", 3), ("b", 2), ("c", 2)]:
        (tmp_path / name).mkdir()
        for index in range(count):
            Image.new("RGB", (20, 16), (index, 0, 0)).save(tmp_path / name / f"{index}.png")
    return tmp_path


def test_folders(folders, capsys):
    (folders / "b/bad.jpg").write_text("no image")
    config = make(drawn="", data_dir=f"{folders / 'a'},{folders / 'b'}")
    images = load_domains(config)
    assert [len(domain) for domain in images.domains] == [3, 2]
    assert images.class_names == ("a", "b")
    said = capsys.readouterr().out
    assert "Images: 3 of a, 2 of b." in said and "left out: 1, such as b/bad.jpg" in said
    assert "Note: 5 of 5 images are enlarged, to 32 pixels, such as a/0.png of 20x16" in said
    Image.new("RGB", (17, 3000)).save(folders / "c" / "strip.png")
    config = make(drawn="", data_dir=f"{folders / 'c'},{folders / 'b'}", image_size=16)
    load_domains(config)
    assert "enlarged" not in capsys.readouterr().out
    load_domains(make(drawn="", data_dir=f"{folders / 'c'},{folders / 'b'}", image_size=20))
    assert "such as c/0.png of 20x16" in capsys.readouterr().out
    config = make(drawn="", data_dir=str(folders), model="stargan")
    images = load_domains(config)
    assert images.class_names == ("a", "b", "c") and len(images.labels) == 8
    assert ("c/strip.png", (17, 3000)) in images.enlarged


def test_folders_that_wont_do(folders):
    (folders / "empty").mkdir()
    (folders / "bad").mkdir()
    for index in range(2):
        (folders / "bad" / f"{index}.jpg").write_text("no image")
    cases = [
        (f"{folders}/a,{folders}/empty", "Expected images in every domain. Received: none in"),
        (f"{folders}/a,{folders}/bad", "at least 2 usable images in every domain. .* 0 in bad"),
        (f"{folders}/a,{folders}/b,{folders}/c", "Expected two domains with cyclegan"),
        (f"{folders}/a,nowhere", "nowhere, not there"),
    ]
    for data_dir, message in cases:
        with pytest.raises(ConfigError, match=message):
            load_domains(make(drawn="", data_dir=data_dir))
