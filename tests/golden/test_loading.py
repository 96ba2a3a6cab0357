"""Files of every version so far load, and make the images that they made then."""

import dataclasses

import numpy as np
import pytest

from tests.golden.unpacking import HERE, unpacked
from tests.golden.write import EXPECTED, IMAGES, LATENT_RUNS, TRANSLATORS
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.files import read_json, write_json
from tfgan_lab.runs import ConfigError, RunConfig, TranslationConfig, open_run, train
from tfgan_lab.runs.reading.generation import open_generator
from tfgan_lab.runs.training.run_record import read_record

VERSIONS = sorted(path.name for path in HERE.iterdir() if path.name[0].isdigit())
TOLERANCE = 1e-5


@pytest.fixture
def unpack(tmp_path):
    """Unpacks a run of a version; returns its folder and what it is expected to make."""

    def unpack(version, kind):
        run = unpacked(kind, tmp_path, version)
        with np.load(run / EXPECTED) as expected:
            return run, dict(expected)

    return unpack


def test_there_are_files_and_they_are_small():
    assert "0.1.0" in VERSIONS
    for version in VERSIONS:
        assert sum(path.stat().st_size for path in (HERE / version).iterdir()) < 250_000


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", LATENT_RUNS)
def test_generators_make_the_same_images(version, kind, unpack):
    run, expected = unpack(version, kind)
    generator = open_generator(run)
    images = generator.generate(expected["latents"], expected.get("labels"))
    np.testing.assert_allclose(images, expected["images"], rtol=0, atol=TOLERANCE)
    assert images.std() > 0.01
    if kind == "conditional":
        assert generator.class_names == ("bus", "car", "van")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", TRANSLATORS)
def test_translators_make_the_same_images(version, kind, unpack):
    run, expected = unpack(version, kind)
    translator = open_run(run).generator()
    assert TranslationConfig.of_record(read_record(run)).model == kind
    for name, images in zip(translator.domains, expected["images"], strict=True):
        translated = translator.translate(expected["given"], name)
        np.testing.assert_allclose(translated, images, rtol=0, atol=TOLERANCE)


@pytest.fixture
def moved(unpack):
    """The GAN's run and its configuration, with the paths that it has now and one more epoch."""

    def moved(version):
        run, expected = unpack(version, "gan")
        config = RunConfig.of_record(read_record(run))
        paths = {"data_dir": str(run / IMAGES), "run_dir": str(run)}
        return run, dataclasses.replace(config, **paths, epochs=config.epochs + 1), expected

    return moved


@pytest.mark.parametrize("version", VERSIONS)
def test_a_run_resumes_from_its_checkpoint(version, moved):
    run, config, expected = moved(version)
    arrays = open_run(run).model().generate(expected["latents"])
    np.testing.assert_allclose(arrays, expected["images"], rtol=0, atol=TOLERANCE)
    rows = len(read_log(run)["epoch"])
    model, images = train(config, verbose=0)
    assert int(model.step.numpy()) == config.epochs * images.steps_per_epoch
    assert len(read_log(run)["epoch"]) == rows + 1
    assert len(read_record(run)["sessions"]) == 2


def edit_settings(run, change):
    record = read_json(run / "config.json")
    change(record["settings"])
    write_json(run / "config.json", record)


def test_settings_that_came_later_have_their_defaults(moved):
    run, config, _ = moved("0.1.0")
    edit_settings(run, lambda settings: [settings.pop(name) for name in ("beta_2", "maps_every")])
    read = RunConfig.of_record(read_record(run))
    assert (read.beta_2, read.maps_every) == (RunConfig.beta_2, RunConfig.maps_every)
    assert config.differences(read_record(run)["settings"]).keys() <= {"beta_2"}


def test_settings_of_a_later_version_are_refused_by_name(moved):
    run, config, _ = moved("0.1.0")
    edit_settings(run, lambda settings: settings.update(warp=0.5))
    message = "or an earlier one. Received: a run of tfgan_lab 0.1.0, with .* unknown here: --warp"
    with pytest.raises(ConfigError, match=message):
        RunConfig.of_record(read_record(run))
    with pytest.raises(ConfigError, match=message):
        train(config, verbose=0)
