import hashlib
import json
import os
import signal

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import TINY_PROJECTED, tiny
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.data import plates
from tfgan_lab.latents import LatentGenerator
from tfgan_lab.plots import png_bytes, to_uint8
from tfgan_lab.runs.reading.generation import draw_latents, open_generator, write_images
from tfgan_lab.runs.settings.parts import LOSSES
from tfgan_lab.runs.settings.presets import PRESETS
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.training import latent_building as building
from tfgan_lab.runs.training import latent_training as training
from tfgan_lab.runs.training.directory import OWN
from tfgan_lab.runs.training.dry_run import describe
from tfgan_lab.runs.training.interruption import stop_on_signals


@pytest.mark.parametrize(
    "preset", [name for name, values in PRESETS.items() if not values.get("conditional")]
)
def test_two_epochs_of_every_preset_fill_the_run_directory(preset, tmp_path):
    widths = (4, 4, 4) if preset in ("small-data", "from-scratch") else (4, 4)
    settings = {"preset": preset, "generator_widths": widths, "discriminator_widths": widths}
    if preset == "projected":
        settings = TINY_PROJECTED
    config = tiny(tmp_path, **(settings | {"channels": 3, "snapshot_every": 10}))
    model, images = training.train(config, verbose=0)
    assert int(model.step.numpy()) == 6 and len(images) == 10
    assert {path.name for path in tmp_path.iterdir()} == {
        ".lock",
        "config.json",
        "log.csv",
        "events",
        "snapshots",
        "checkpoints",
        "generator.keras",
        "generator.keras.sha256",
        "readings.npz",
        "verdict.json",
    }
    assert {path.name for path in tmp_path.iterdir()} <= {".lock", *OWN}
    names = {path.name for path in (tmp_path / "snapshots").iterdir()}
    assert names == {"untrained.png", "data.png", "augmented.png", "epoch_00002.png"}
    digest = (tmp_path / "generator.keras.sha256").read_text().split()[0]
    assert digest == hashlib.sha256((tmp_path / "generator.keras").read_bytes()).hexdigest()
    assert len(read_log(tmp_path)["epoch"]) == 2


def test_small_data_says_what_it_chose(tmp_path, capsys):
    settings = {"drawn": "plates", "num_drawn": 10, "image_size": 16, "run_dir": str(tmp_path)}
    widths = {"generator_widths": (4, 4, 4), "discriminator_widths": (4, 4, 4)}
    config = RunConfig.from_preset(**settings, **widths, epochs=1)
    training.train(config, verbose=2)
    printed = capsys.readouterr().out
    recipe = "Recipe from-scratch: drawings need no network that knows photographs"
    assert recipe in printed and recipe in describe(config)
    assert "--batch_size=8: " in printed and "--generator_widths=4,4,4: as you said" in printed
    assert "--batch_size=8: " in describe(config)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains(tmp_path, loss):
    model, _ = training.train(tiny(tmp_path, loss=loss, epochs=1), verbose=0)
    assert int(model.step.numpy()) == 3


def test_a_larger_budget_resumes_and_a_finished_run_stays(tmp_path, capsys):
    training.train(tiny(tmp_path / "pieces", epochs=1), verbose=0)
    pieces, _ = training.train(tiny(tmp_path / "pieces", epochs=3), verbose=2)
    assert "Resumes at step 3." in capsys.readouterr().out
    whole, _ = training.train(tiny(tmp_path / "whole", epochs=3), verbose=0)
    assert_same_state(state_of(pieces), state_of(whole))
    logs = [read_log(tmp_path / name) for name in ("pieces", "whole")]
    for name in logs[0].keys() - {"seconds"}:
        np.testing.assert_array_equal(logs[0][name], logs[1][name])
    log = (tmp_path / "whole" / "log.csv").read_bytes()
    again, _ = training.train(tiny(tmp_path / "whole", epochs=3), verbose=2)
    assert "Is complete, at step 9." in capsys.readouterr().out
    assert int(again.step.numpy()) == 9 and (tmp_path / "whole" / "log.csv").read_bytes() == log


def test_a_folder_may_move_but_not_change(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for index, image in enumerate(plates(5, image_size=32).images):
        (folder / f"{index}.png").write_bytes(png_bytes(image))
    settings = {"drawn": "", "num_drawn": 345}
    training.train(tiny(tmp_path / "run", data_dir=str(folder), **settings, epochs=1), verbose=0)
    moved = tiny(tmp_path / "run", data_dir=str(folder.rename(tmp_path / "moved")), **settings)
    model, _ = training.train(moved, verbose=0)
    assert int(model.step.numpy()) == 4
    (tmp_path / "moved" / "0.png").unlink()
    with pytest.raises(ConfigError, match="Expected the 5 images .*Received: 4"):
        training.train(moved, verbose=0)


def test_unfit_steps_per_execution_is_refused_before_anything_is_touched(tmp_path):
    training.train(tiny(tmp_path, epochs=1), verbose=0)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    config = tiny(tmp_path, steps_per_execution=2)
    with pytest.raises(ConfigError, match="--steps_per_execution to divide the 3 steps"):
        training.train(config, overwrite=True, verbose=0)
    with pytest.raises(ConfigError, match="--steps_per_execution to divide the 3 steps"):
        describe(config)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_step_and_saves(tmp_path, number, monkeypatch):
    class SignalInFourthEpoch(cb.CsvLog):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.step.numpy()) == 10:
                os.kill(os.getpid(), number)

    monkeypatch.setattr(training.cb, "CsvLog", SignalInFourthEpoch)
    before = signal.getsignal(number)
    config = tiny(tmp_path, epochs=9, checkpoint_every=400, snapshot_every=400)
    # Three epochs of three steps, and the step within which the signal comes.
    with pytest.raises(cb.TrainingInterrupted, match="Stopped after step 10"):
        training.train(config, verbose=0)
    assert signal.getsignal(number) is before
    assert (tmp_path / "generator.keras").exists()
    assert (tmp_path / "checkpoints" / "step-10.index").exists()


def test_handlers_are_put_back_and_a_second_signal_counts():
    # A process that a script starts in the background inherits that Ctrl-C is ignored.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with stop_on_signals() as asked:
            assert not asked()
            signal.raise_signal(signal.SIGINT)
            assert asked()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, inherited)


def test_a_signal_that_nobody_asked_for_is_sent_again_at_the_end():
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt):
            with stop_on_signals():
                signal.raise_signal(signal.SIGINT)
                done.append("the work within")
            done.append("the next training")
        assert done == ["the work within"]
    finally:
        signal.signal(signal.SIGINT, inherited)


def test_overflow_stops_with_the_last_good_generator(tmp_path):
    config = tiny(tmp_path, generator_learning_rate=1.0, beta_1=0.0, beta_2=0.0, epochs=50)
    poisoned = building.build_model(config)

    def explode(*_):
        poisoned.generator.trainable_variables[0].assign_add(
            np.full(poisoned.generator.trainable_variables[0].shape, np.inf)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "build_model", lambda *_: poisoned)
        patch.setattr(cb.CsvLog, "on_epoch_end", explode)
        with pytest.raises(cb.NonFiniteError, match="back at step 3. Try lower learning rates"):
            training.train(config, verbose=0)
    verdict = json.loads((tmp_path / "verdict.json").read_text())["verdict"]
    assert verdict["name"] == "non_finite"
    generator = LatentGenerator(tmp_path / "generator.keras").network
    assert np.isfinite(generator(np.zeros((1, 4), np.float32))).all()


def test_weights_that_are_bad_from_the_start_release_nothing(tmp_path, monkeypatch):
    config = tiny(tmp_path)
    model = building.build_model(config)
    weight = model.generator.trainable_variables[0]
    weight.assign(np.full(weight.shape, np.nan))
    monkeypatch.setattr(training, "build_model", lambda *_: model)
    (tmp_path / "generator.keras").write_bytes(b"an older one")
    (tmp_path / "config.json").touch()
    with pytest.raises(cb.NonFiniteError, match="not finite at step 0, where training was to beg"):
        training.train(config, overwrite=True, verbose=0)
    assert not (tmp_path / "generator.keras").exists()


@pytest.mark.parametrize(
    "error",
    [
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"),
        tf.errors.InvalidArgumentError(None, None, "Cannot parse tensor from proto: dtype"),
    ],
)
def test_want_of_memory_names_the_flags(error, tmp_path):
    class Starved(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise error

    with pytest.raises(MemoryError, match="a step of 4 images.*lower --batch_size, --image_size"):
        training.train(tiny(tmp_path), verbose=0, callbacks=[Starved()])


def test_dry_run_writes_nothing(tmp_path):
    text = describe(tiny(tmp_path / "run", epochs=5))
    assert "10 images of 16x16 pixels, 0 left out" in text
    assert "5 epochs of 3 steps: 15 steps, 60 training images" in text
    assert json.loads(text[: text.index("}") + 1])["batch_size"] == 4
    assert not (tmp_path / "run").exists()


def test_generated_files(tmp_path):
    model, _ = training.train(tiny(tmp_path, epochs=1), verbose=0)
    file = tmp_path / "generator.keras"
    generator = open_generator(file)
    images = generator.generate(draw_latents(generator.latents, 5, seed=3), batch_size=2)
    sheet = write_images(images, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *[f"0000{index}.png" for index in range(5)],
        sheet.name,
    }
    with Image.open(tmp_path / "out" / "00004.png") as image:
        pixels = np.asarray(image).astype(int)
    assert np.abs(pixels - to_uint8(model.generate(5, seed=3))[4]).max() <= 1
