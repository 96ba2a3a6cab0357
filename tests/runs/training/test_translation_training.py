import json

import numpy as np
import pytest

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.runs.tiny_translator import tiny
from tfgan_lab.runs import (
    ConfigError,
    LatentRun,
    RunConfig,
    TranslationRun,
    diagnose,
    open_run,
    train_translation,
)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["cyclegan", "stargan"])
def test_a_run_leaves_what_every_run_leaves_and_resumes(tmp_path, model, capsys):
    run, whole = tmp_path / "run", tmp_path / "whole"

    class Stop(tgl.callbacks.CsvLog):
        """Dies in the second epoch, after a checkpoint of the first."""

        def __init__(self):
            super().__init__(tmp_path / "other")

        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    settings = {"checkpoint_every": 1, "snapshot_every": 1, "diagnose_every": 6, "epochs": 2}
    with pytest.raises(KeyboardInterrupt):
        train_translation(tiny(run, model, **settings), callbacks=[Stop()], verbose=0)
    resumed, images = train_translation(tiny(run, model, **settings), verbose=2)
    said = capsys.readouterr().out
    assert f"Resumes at step {images.steps_per_epoch}." in said
    alone, _ = train_translation(tiny(whole, model, **settings), verbose=0)
    assert_same_state(state_of(resumed), state_of(alone))
    written = {path.relative_to(run).parts[0] for path in run.rglob("*") if path.is_file()}
    assert written - {".lock"} == {
        "config.json", "log.csv", "events", "snapshots", "checkpoints", "generator.keras",
        "generator.keras.sha256", "verdict.json",
    }  # fmt: skip
    log = tgl.callbacks.csv_log.read_log(run)
    assert log["epoch"].tolist() == [1, 2] and np.isfinite(log["generator_loss"]).all()
    record = json.loads((run / "config.json").read_text())
    names = ["red", "blue"] if model == "cyclegan" else ["red", "blue", "grey"]
    assert record["data"]["domains"] == names and len(record["sessions"]) == 2
    assert "2 readings, the last" in diagnose(open_run(run))
    page = tgl.reports.write_report(run).read_text()
    assert "Translations over time" in page and f"its translations to\n{names[0]}, " in page

    translator = open_run(run).generator()
    originals = images.images if model == "stargan" else images.domains[0].images
    originals = originals[:2].astype(np.float32) / 127.5 - 1
    expected = tgl.models.translating.translate_to(resumed.sampling_generator, originals, 1)
    np.testing.assert_allclose(translator.translate(originals, "blue"), expected, atol=1e-6)


def test_another_configuration_is_refused(tmp_path):
    train_translation(tiny(tmp_path, epochs=1, diagnose_every=0), verbose=0)
    with pytest.raises(ConfigError, match="--epochs is 2 but was 1"):
        train_translation(tiny(tmp_path, epochs=2, diagnose_every=0), verbose=0)
    with pytest.raises(ConfigError, match="--model is 'stargan' but was 'cyclegan'"):
        train_translation(tiny(tmp_path, "stargan", epochs=1), verbose=0)
    assert "One reading of the checkpoint" in diagnose(open_run(tmp_path))
    with pytest.raises(ConfigError, match="Expected a run that generates .* a run of a trans"):
        open_run(tmp_path, LatentRun)
    with pytest.raises(ConfigError, match="Expected --run_dir=FOLDER"):
        train_translation(tiny(""))


def test_a_patch_that_is_too_large_for_the_images(tmp_path):
    with pytest.raises(ConfigError, match="Expected image_size from 96 for patch_size=286"):
        train_translation(tiny(tmp_path, patch_size=286), verbose=0)


def test_a_run_of_another_kind_is_no_translator(tmp_path):
    settings = RunConfig.from_preset("light", drawn="plates").to_dict()
    record = {"settings": settings, "data": {}, "sessions": [{}]}
    (tmp_path / "config.json").write_text(json.dumps(record))
    with pytest.raises(ConfigError, match="Expected a run of a translator"):
        open_run(tmp_path, TranslationRun)
