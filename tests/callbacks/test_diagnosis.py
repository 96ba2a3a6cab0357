import json

import keras
import numpy as np
import pytest
from PIL import Image

from tests.conftest import assert_same_state, state_of
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks import diagnosis
from tfgan_lab.diagnosis.failures import FAILURES, Condition, Failure
from tfgan_lab.diagnosis.verdict import judge


def read(path):
    return json.loads((path / "verdict.json").read_text())


def test_reads_every_so_often_and_at_the_end(make_gan, make_images, tmp_path, capsys):
    gan, images = make_gan(ema_half_life_images=20), make_images(16)
    callback = cb.Diagnosis(tmp_path, images, every_images=40)
    gan.fit(images, epochs=6, verbose=0, callbacks=[callback])
    record = read(tmp_path)
    assert [reading["images"] for reading in record["readings"]] == [48, 80, 96]
    assert {"neighbour_ratio", "real_right", "average_gap"} <= record["readings"][-1].keys()
    logs = gan.history.history
    for reading, epoch in zip(record["readings"], [2, 4, 5], strict=True):
        for name in ("generator_loss", "discriminator_gradient_norm"):
            assert reading[name] == logs[name][epoch]
    assert "motion" not in record["readings"][0] and "motion" in record["readings"][1]
    assert record["verdict"]["name"] == callback.verdict.name
    assert capsys.readouterr().out.count(callback.verdict.sentence[1:]) == 1


@pytest.mark.parametrize("read_before", [2, 3])
def test_a_resumed_run_reads_as_if_it_had_never_stopped(
    read_before, make_gan, make_images, tmp_path
):
    images, resumed = make_images(8), make_gan()

    def read_until(epochs, gan, folder):
        callback = cb.Diagnosis(tmp_path / folder, images, every_images=8)
        gan.fit(images, epochs=epochs, verbose=0, callbacks=[callback])

    read_until(3, make_gan(), "whole")
    read_until(read_before, make_gan(), "resumed")
    resumed.fit(images, epochs=2, verbose=0)  # Where the newest checkpoint is of.
    read_until(3, resumed, "resumed")
    assert read(tmp_path / "resumed") == read(tmp_path / "whole")
    assert "motion" in read(tmp_path / "whole")["readings"][2]
    with np.load(tmp_path / "resumed" / "readings.npz") as kept:
        assert kept.files == ["8", "16", "24"]


def test_damaged_points_are_named(make_gan, make_images, tmp_path):
    images = make_images(8)
    (tmp_path / "readings.npz").write_bytes(b"no zip")
    with pytest.raises(ValueError, match="^Expected the points .*readings.npz. Received: a damag"):
        make_gan().fit(images, epochs=1, verbose=0, callbacks=[cb.Diagnosis(tmp_path, images)])


def test_looks_at_the_images_of_fit_and_at_held_out_ones(make_gan, make_images, tmp_path):
    images = make_images(16)
    held_out = np.flip(images.sample(16), axis=0) * 0.9
    callback = cb.Diagnosis(tmp_path, held_out=held_out, every_images=16)
    make_gan().fit(images, epochs=1, verbose=0, callbacks=[callback])
    assert {"density", "copying_ratio", "held_out_right"} <= callback.reading.keys()
    assert callback.reading_epoch == 1
    plain, callback = images.dataset(), cb.Diagnosis(tmp_path)
    message = r"Expected fit to get a tfgan_lab\.data\.ImageSet, or Diagnosis to get it"
    with pytest.raises(ValueError, match=message):
        make_gan().fit(plain, steps_per_epoch=1, verbose=0, callbacks=[callback])


@pytest.mark.parametrize("content", ["[]", "{}", '{"readings": [{"step": 1}]}'])
def test_says_where_another_file_lies_in_the_place_of_readings(
    content, make_gan, make_images, tmp_path
):
    (tmp_path / "verdict.json").write_text(content)
    callback = cb.Diagnosis(tmp_path, make_images(10))
    with pytest.raises(
        ValueError, match=r"Expected the readings of a diagnosis in .*verdict\.json"
    ):
        make_gan().fit(make_images(10), verbose=0, callbacks=[callback])


@pytest.mark.parametrize(("on_failure", "epochs"), [("warn", 5), ("stop", 2)])
def test_a_failure_is_told_once_and_may_stop(
    on_failure, epochs, make_gan, make_images, tmp_path, capsys, judge_by
):
    judge_by(Failure("always", (Condition("finite", ">", 0),), 2, "It fails.", "Mend it.", {}))
    gan, images = make_gan(), make_images(16)
    callback = cb.Diagnosis(tmp_path, images, every_images=1, on_failure=on_failure)
    history = gan.fit(images, epochs=5, verbose=0, callbacks=[callback])
    assert len(history.epoch) == epochs
    assert capsys.readouterr().out.count("Verdict: always since 16 training images. It fails.") == 1
    assert read(tmp_path)["verdict"]["evidence"][0]["signal"] == "finite"


def test_dropped_modes_are_shown(make_gan, make_images, tmp_path, monkeypatch):
    at_once = tuple(failure._replace(span_images=0) for failure in FAILURES)
    monkeypatch.setattr(diagnosis, "judge", lambda readings, _: judge(readings, at_once))
    images = make_images(32)
    dark = images.images.mean(axis=(1, 2, 3)) < np.median(images.images.mean(axis=(1, 2, 3)))
    images.images[dark] = 0
    images.images[~dark] = 255 - images.images[~dark] // 8
    gan = make_gan()
    some = images.sample(32)
    some = some[some.mean(axis=(1, 2, 3)) > 0]
    gan.generate = lambda latents, **_: np.resize(some, (len(latents), *some.shape[1:]))
    callback = cb.Diagnosis(tmp_path, images, every_images=1)
    shown = tmp_path / "missing_modes.png"
    gan.fit(images, epochs=2, verbose=0, callbacks=[callback])
    assert (
        callback.reading["missing_modes_share"] == pytest.approx(0.5, abs=0.1)
        and not shown.exists()
    )
    gan.fit(images, epochs=4, verbose=0, callbacks=[callback])
    assert "dropped_modes" in (callback.verdict.name, *callback.verdict.others)
    assert (np.asarray(Image.open(shown))[2:10, 2:10] == 0).all()
    gan.generate = lambda latents, **_: images.sample(len(latents))
    gan.fit(images, epochs=5, verbose=0, callbacks=[callback])
    assert not shown.exists()


class States(keras.callbacks.Callback):
    """Keeps the model's state at the end of each epoch, from 1."""

    def __init__(self):
        super().__init__()
        self.at = {}

    def on_epoch_end(self, epoch, logs=None):
        self.at[epoch + 1] = state_of(self.model)


# Of 16 images a reading: 48 and 64 fail, and the one at 48 is the first that must not come back.
# Where a training is called healthy from its fourth reading on, there is none before.
@pytest.mark.parametrize(("min_readings", "kept"), [(1, ["step-8.index"]), (4, [])])
def test_a_rollback_restores_the_healthy_state_before_the_failure(
    min_readings, kept, make_gan, make_images, tmp_path, judge_by
):
    fails = Failure("late", (Condition("images", ">", 40),), 2, "It fails.", "Mend it.", {})
    judge_by(fails, min_readings)
    gan, images = make_gan(), make_images(16)
    states, healthy = States(), cb.Checkpoints(tmp_path, keep=8, folder="healthy")
    callback = cb.Diagnosis(tmp_path, every_images=16, on_failure="rollback", checkpoints=healthy)
    history = gan.fit(images, epochs=9, verbose=0, callbacks=[states, callback])
    assert len(history.epoch) == 4
    assert_same_state(state_of(gan), states.at[2 if kept else 4])
    assert [path.name for path in (tmp_path / "healthy").glob("*.index")] == kept


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"on_failure": "pray"},
            "Expected on_failure out of warn, stop, rollback. Received: 'pray'",
        ),
        ({"on_failure": "rollback"}, "Expected checkpoints with on_failure='rollback'"),
        ({"every_images": 0}, "Expected every_images from 1. Received: 0"),
    ],
)
def test_refuses(arguments, message, make_images, tmp_path):
    with pytest.raises(ValueError, match=message):
        cb.Diagnosis(tmp_path, make_images(16), **arguments)


def test_a_run_resumed_within_an_epoch_reads_where_it_would_have(make_gan, make_images, tmp_path):
    class Dies(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.step.numpy()) == 7:
                raise RuntimeError("died")

    images, gan = make_images(16), make_gan()

    def fit(*others):
        callback = cb.Diagnosis(tmp_path, images, every_images=24)
        gan.fit(images, epochs=4, verbose=0, callbacks=[callback, *others])

    with pytest.raises(RuntimeError, match="died"):
        fit(Dies())
    fit()
    # At 28 images it stood between the 24 at which a reading was due and the epoch's end.
    assert [reading["images"] for reading in read(tmp_path)["readings"]] == [32, 48, 64]
