import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from tests.runs.tiny import tiny
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks import diagnosis
from tfgan_lab.callbacks.released_generators import ReleasedGenerators
from tfgan_lab.diagnosis.failures import FAILURES, Condition
from tfgan_lab.metrics import read_evaluations
from tfgan_lab.metrics.readings import Readings
from tfgan_lab.runs import RunConfig
from tfgan_lab.runs.settings.parts import SECOND_DERIVATIVES
from tfgan_lab.runs.training import latent_training as training
from tfgan_lab.runs.training import rollback
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.rollback import changed, remedy


@pytest.fixture
def fails_while(judge_by):
    """Lets one failure of the table be said wherever a condition holds, and healthy elsewhere."""

    def use(name, condition):
        (failure,) = (each for each in FAILURES if each.name == name)
        judge_by(failure._replace(conditions=(condition,), readings=1, span_images=0))

    return use


def record_of(path):
    return json.loads((path / "config.json").read_text())


def test_goes_back_with_the_remedy_and_writes_it_down(tmp_path, monkeypatch, capsys, fails_while):
    # Of an untrained discriminator's slow steps nothing is known; only their number fails here.
    fails_while("discriminator_wins", Condition("images", ">", 30))
    rates = []

    class Rates(cb.CsvLog):
        def on_train_begin(self, logs=None):
            rates.append(float(self.model.discriminator_optimizer.learning_rate))
            super().on_train_begin(logs)

    monkeypatch.setattr(cb, "CsvLog", Rates)
    monkeypatch.setattr(rollback, "MAX_ROLLBACKS", 2)
    settings = {"epochs": 6, "diagnose_every": 12, "on_failure": "rollback"}
    settings["evaluate_every"] = 12
    model, _ = training.train(tiny(tmp_path, **settings), verbose=1)
    # Three steps of 4 an epoch: healthy at 12 and 24, failing at 36.
    assert RunDirectory(tmp_path).rollbacks() == [
        {
            "images": 36,
            "back_to_images": 24,
            "verdict": "discriminator_wins",
            "changes": {"discriminator_learning_rate": [old, new]},
        }
        for old, new in [(2e-4, 5e-5), (5e-5, 1.25e-5)]
    ]
    np.testing.assert_allclose(rates, [2e-4, 5e-5, 1.25e-5], rtol=1e-6)
    assert record_of(tmp_path)["settings"]["discriminator_learning_rate"] == 2e-4
    printed = capsys.readouterr().out
    assert (
        "Goes back from 36 to 24 training images for discriminator wins, and on with "
        "--discriminator_learning_rate=5e-05 (was 0.0002)." in printed
    )
    assert "Went back 2 times already, and stops." in printed
    assert int(model.images_seen.numpy()) == 24
    # The released generator is one of the training that was gone back to.
    readings = Readings.of(read_evaluations(tmp_path))
    assert [each["images"] for each in readings.entries] == [12, 24]
    assert ReleasedGenerators(tmp_path).kept()[-1] == readings.released["images"]
    assert f"Released: the generator of image {readings.released['images']} of 24, KID" in printed
    # The same command takes up the changed settings.
    training.train(tiny(tmp_path, **settings | {"on_failure": "warn"}))
    assert rates[-1] == pytest.approx(1.25e-5)


@pytest.mark.parametrize(
    ("readings", "penalised", "back_to", "gammas"),
    [
        # As from-scratch has it at 32 pixels and batch 8, times 2 for batch 4.
        ([0, 1, 1], [False, True, True], [0], [[0.0, 180.0]]),  # Nothing was healthy.
        pytest.param(
            [1, 0, 0, 1], [False, False, True, True], [12, 12], [[0.0, 180.0], [180.0, 720.0]],
            marks=pytest.mark.slow,
        ),
    ],
)  # fmt: skip
def test_goes_back_to_a_state_of_before_the_penalties(
    readings, penalised, back_to, gammas, tmp_path, monkeypatch, fails_while
):
    fails_while("mode_collapse", Condition("r1", "<", 1))
    answers, seen = iter(readings), []

    class Signals(diagnosis.Signals):
        def read(self, model):
            seen.append([penalty.name for penalty in model.penalties])
            return {"r1": float(next(answers))}

    monkeypatch.setattr(diagnosis, "Signals", Signals)
    config = tiny(tmp_path, diagnose_every=12, on_failure="rollback", image_size=32)
    model, _ = training.train(config, verbose=0)
    assert seen == [["r1_penalty", "r2_penalty"] if each else [] for each in penalised]
    entries = RunDirectory(tmp_path).rollbacks()
    assert [entry["back_to_images"] for entry in entries] == back_to
    assert [entry["changes"] for entry in entries] == [
        {"r1_gamma": gamma, "r2_gamma": gamma} for gamma in gammas
    ]
    assert int(model.images_seen.numpy()) == 24


@pytest.fixture
def poisoned(monkeypatch):
    """Makes the eighth batch of images NaN, until the list that comes back is emptied."""

    def poison(images):
        whole, still = type(images).dataset, ["poisoned"]

        def dataset(self, start_step=0):
            def spoil(index, batch):
                bad = bool(still) and index + start_step == 7
                return batch | {"image": batch["image"] * tf.where(bad, np.nan, 1.0)}

            return whole(self, start_step).enumerate().map(spoil)

        monkeypatch.setattr(type(images), "dataset", dataset)
        return still

    return poison


def test_values_that_are_not_finite_are_gone_back_from(
    tmp_path, monkeypatch, poisoned, fails_while
):
    fails_while("non_finite", Condition("finite", "<", 0.5))
    config = tiny(tmp_path, epochs=4, diagnose_every=12, on_failure="rollback")
    images = training.load_images(config)
    still = poisoned(images)
    note = cb.Diagnosis.note_non_finite

    def clear_and_note(self, error):
        still.clear()
        note(self, error)

    monkeypatch.setattr(cb.Diagnosis, "note_non_finite", clear_and_note)
    model, _ = training.train(config, images=images, verbose=0)
    (entry,) = RunDirectory(tmp_path).rollbacks()
    # The eighth batch of four, of three an epoch: the second epoch was the last healthy one.
    assert entry["verdict"] == "non_finite" and entry["back_to_images"] == 24
    assert entry["images"] == 32
    assert int(model.step.numpy()) == 12


def test_stops_where_no_setting_would_help(tmp_path, fails_while, capsys):
    fails_while("same_images", Condition("images", ">", 20))
    config = tiny(tmp_path, epochs=6, diagnose_every=12, on_failure="rollback")
    model, _ = training.train(config, verbose=0)
    assert int(model.images_seen.numpy()) == 12 and RunDirectory(tmp_path).rollbacks() == []
    assert "Nothing that would help can be changed" in capsys.readouterr().out


def test_stops_where_it_is_told_to(tmp_path, fails_while, capsys):
    fails_while("not_learning", Condition("images", ">", 20))
    config = tiny(tmp_path, epochs=6, diagnose_every=12, on_failure="stop")
    model, _ = training.train(config, verbose=0)
    assert int(model.images_seen.numpy()) == 24
    assert (tmp_path / "checkpoints/step-6.index").exists()
    assert (tmp_path / "generator.keras").exists()
    # Asked again, it stays there; told to continue, it does.
    model, _ = training.train(config, verbose=0)
    assert int(model.images_seen.numpy()) == 24
    assert "It was stopped there" in capsys.readouterr().out
    going_on = tiny(tmp_path, epochs=6, diagnose_every=12, on_failure="warn")
    model, _ = training.train(going_on, verbose=0)
    assert int(model.images_seen.numpy()) == 72


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_every_remedy_is_one_of_settings(failure):
    config = RunConfig.from_preset(
        drawn="vehicles",
        conditional=True,
        discriminator_conditioning="classifier",
        augment_zoom=0.1,
        diff_augment_translation=0.0,
    )
    # Images that are all the same are mended by other images, not by a setting.
    assert bool(remedy(config, failure.name)) == (failure.name != "same_images")
    projected = RunConfig.from_preset("projected", drawn="plates", augment_zoom=0.1)
    for each in (config, projected):
        changes = remedy(each, failure.name)
        assert set(changes) <= set(failure.changes)
        after = changed(each, [{"changes": changes}])
        for name, (old, new) in changes.items():
            assert getattr(each, name) == old != new == getattr(after, name)
    # Which takes no penalty on slopes.
    useless = {*SECOND_DERIVATIVES, "diff_augment_translation", "class_loss_weight"}
    assert not set(changes) & set(SECOND_DERIVATIVES)
    assert bool(changes) or set(failure.changes) <= useless


def test_what_nothing_looks_at_or_stands_at_its_bound_is_left_out():
    config = RunConfig.from_preset("light", drawn="plates", discriminator_learning_rate=0.5)
    assert remedy(config, "generator_wins") == {}
    config = RunConfig.from_preset(drawn="plates", loss="wasserstein", diff_augment_translation=0.0)
    assert set(remedy(config, "memorisation")) == {"diff_augment_translation"}
    assert dataclasses.replace(config) == config


@pytest.mark.parametrize("killed", [pytest.param(False, marks=pytest.mark.slow), True])
def test_others_see_the_failed_model_before_it_goes_back(
    tmp_path, monkeypatch, fails_while, killed
):
    fails_while("discriminator_wins", Condition("images", ">", 30))
    monkeypatch.setattr(rollback, "MAX_ROLLBACKS", 1)
    seen = []

    class Sees(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append((epoch + 1, int(self.model.images_seen.numpy())))

    def train(folder):
        config = tiny(
            tmp_path / folder, epochs=4, diagnose_every=12, on_failure="rollback",
            checkpoint_every=1, evaluate_every=12,
        )  # fmt: skip
        return training.train(config, verbose=0, callbacks=[Sees()])[0]

    def dies(self):
        raise RuntimeError("killed")

    if killed:
        with monkeypatch.context() as patch:
            patch.setattr(cb.Diagnosis, "go_back", dies)
            with pytest.raises(RuntimeError, match="killed"):
                train("run")
    model = train("run")
    assert seen == [(1, 12), (2, 24), (3, 36), (3, 36)]
    assert int(model.images_seen.numpy()) == 24
    (entry,) = RunDirectory(tmp_path / "run").rollbacks()
    assert (entry["images"], entry["back_to_images"]) == (36, 24)
    # What is left is the state it went back to, from which another command resumes.
    names = sorted(path.stem for path in (tmp_path / "run/checkpoints").glob("*.index"))
    assert names == ["step-6"]


@pytest.mark.parametrize(
    ("failure", "settings", "changed_setting"),
    [
        pytest.param(
            "loses_variety",
            {"generator_widths": (4, 4, 4)},
            "lr_control_target",
            marks=pytest.mark.slow,
        ),
        ("non_finite", {"precision": "mixed_float16"}, "precision"),
    ],
)
def test_goes_back_to_a_state_of_another_kind_of_optimiser(
    tmp_path, monkeypatch, fails_while, failure, settings, changed_setting
):
    monkeypatch.setattr(rollback, "MAX_ROLLBACKS", 2)
    fails_while(failure, Condition("images", ">", 20))
    config = tiny(tmp_path, epochs=3, diagnose_every=12, on_failure="rollback", **settings)
    model, _ = training.train(config, verbose=0)
    first, second = RunDirectory(tmp_path).rollbacks()
    assert changed_setting in first["changes"]
    assert first["back_to_images"] == second["back_to_images"] == 12
    assert np.isfinite(model.generate(2)).all()
