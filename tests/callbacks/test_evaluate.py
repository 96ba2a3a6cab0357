import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conftest import assert_same_state, state_of
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.released_generators import ReleasedGenerators
from tfgan_lab.files import sha256_of
from tfgan_lab.metrics import Features, read_evaluations
from tfgan_lab.models import load_model


class Scripted(Features):
    """Distances that are known beforehand: the fakes of call n lie ``script[n]`` away."""

    # The first call is for the real ones.

    name, resizer = "script", "none"

    def __init__(self, script):
        self.script = [0.0, *script]

    def extract(self, images):
        return np.full((len(images), 1), self.script.pop(0)), None


def entries(path):
    return read_evaluations(path)


def released_by(callback):
    released = callback.readings.released
    return released and (released["epoch"], released["value"])


def test_values_events_and_the_released_generator(make_gan, make_images, tmp_path):
    gan, images = make_gan(ema_half_life_images=20), make_images(16)
    callback = cb.Evaluate(tmp_path, images, every_images=32, features=Scripted([3, 1, 2]))
    weights = {}

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            weights[epoch + 1] = [each.numpy() for each in gan.ema_generator.variables]

    callbacks = [callback, Watch(), cb.GeneratorRelease(tmp_path)]
    gan.fit(images, epochs=5, verbose=0, callbacks=callbacks)
    assert [entry["epoch"] for entry in entries(tmp_path)] == [2, 4, 5]
    # Kernels (1 + x^2)^3 between fakes, 1 elsewhere.
    assert [entry["value"] for entry in entries(tmp_path)] == [1000 - 1, 8 - 1, 125 - 1]
    assert entries(tmp_path)[0]["protocol"]["features"] == "script"
    assert entries(tmp_path)[0]["counts"] == {"real": 16, "fake": 16, "real_baseline": [8, 8]}
    assert entries(tmp_path)[1]["images"] == 64
    assert released_by(callback) == (4, 7)
    for name, epoch in (("generator.keras", 4), ("last_generator.keras", 5)):
        released = load_model(tmp_path / name, compile=False)
        for saved, variable in zip(weights[epoch], released.variables, strict=True):
            np.testing.assert_array_equal(saved, variable)
        assert sha256_of(tmp_path / name) in (tmp_path / f"{name}.sha256").read_text()
    (file,) = (tmp_path / "events").glob("*.metrics")
    scalars = [
        (event.step, value.tag, float(tf.make_ndarray(value.tensor)))
        for event in tf.compat.v1.train.summary_iterator(str(file))
        for value in event.summary.value
    ]
    tag = "metrics/kid (script)"
    assert scalars == [(8, tag, 999), (16, tag, 7), (20, tag, 124)]


def test_training_stays_the_same_to_the_bit(make_gan, make_images, tmp_path):
    plain, evaluated = make_gan(ema_half_life_images=20), make_gan(ema_half_life_images=20)
    plain.fit(make_images(16), epochs=3, verbose=0)
    images = make_images(16)
    callback = cb.Evaluate(tmp_path, images, every_images=1, metrics=("coverage", "fid"))
    evaluated.fit(images, epochs=3, verbose=0, callbacks=[callback])
    assert_same_state(state_of(plain), state_of(evaluated))
    first = {entry["metric"]: entry for entry in entries(tmp_path)[:2]}
    assert list(first) == ["coverage", "fid"]
    assert first["fid"]["protocol"]["features"] == "random-convolutions"


@pytest.mark.parametrize(
    ("distances", "epoch", "kept"),
    [
        ([2, 3, 4, 1, 5, 6, 7], 4, [64]),
        # KID 7.0 to 7.5, so 1 and 3 are the best, and 4 and 5 within the noise.
        ([1, 1.02, 1, 1.02, 1.01, 6, 7], 5, [64, 80]),
    ],
)
def test_killed_and_resumed_it_ends_with_the_same_generator(
    distances, epoch, kept, make_gan, make_images, tmp_path
):
    """Killed after epoch 4, which was released; the newest checkpoint is of epoch 2."""
    images = make_images(16)

    def callbacks(path, script):
        evaluation = cb.Evaluate(path, images, every_images=16, features=Scripted(script))
        return evaluation, [evaluation, cb.GeneratorRelease(path), cb.Checkpoints(path, every=2)]

    def released(path):
        network = load_model(path / "generator.keras", compile=False)
        return [variable.numpy() for variable in network.variables]

    class Killed(Exception):
        pass

    def kill(model):
        if int(model.images_seen.numpy()) == 64:
            raise Killed

    whole, killed = tmp_path / "whole", tmp_path / "killed"
    evaluation, used = callbacks(whole, distances)
    make_gan().fit(images, epochs=7, verbose=0, callbacks=used)
    assert released_by(evaluation)[0] == epoch

    _, used = callbacks(killed, distances)
    dies = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: kill(gan))
    gan = make_gan()
    with pytest.raises(Killed):
        # After the evaluation, before the checkpoint.
        gan.fit(images, epochs=7, verbose=0, callbacks=[used[0], dies, *used[1:]])
    assert ReleasedGenerators(killed).kept() == [16, 64]
    evaluation, used = callbacks(killed, distances[2:])
    gan = make_gan()
    used[-1].set_model(gan)
    assert used[-1].restore() and int(gan.images_seen.numpy()) == 32
    evaluation.set_model(gan)
    evaluation.take_back()
    assert released_by(evaluation)[0] == 1 and ReleasedGenerators(killed).kept() == [16]
    gan.fit(images, epochs=7, verbose=0, callbacks=used)

    assert released_by(evaluation)[0] == epoch
    assert entries(whole) == entries(killed)
    for one, other in zip(released(whole), released(killed), strict=True):
        np.testing.assert_array_equal(one, other)
    sheets = [(path / "snapshots" / "released.png").read_bytes() for path in (whole, killed)]
    assert sheets[0] == sheets[1]
    # What no checkpoint (of epochs 4 and 6) goes back to is gone.
    assert ReleasedGenerators(whole).kept() == ReleasedGenerators(killed).kept() == kept


def test_a_released_generator_that_is_missing_is_not_made_up(make_gan, make_images, tmp_path):
    images = make_images(16)
    callback = cb.Evaluate(tmp_path, images, every_images=16, features=Scripted([1, 2]))
    gan = make_gan()
    gan.fit(images, epochs=2, verbose=0, callbacks=[callback])
    (tmp_path / "released" / "00000016.keras").unlink()
    with pytest.raises(ValueError, match="Expected the generator of image 16 in .*remove metrics"):
        callback.take_back()


def test_says_once_that_it_is_past_its_best(make_gan, make_images, tmp_path, capsys):
    images = make_images(16)
    # KID (1 + x^2)^3 - 1: about 3.6, then 7.0 to 9.2; steps of 0.7 at most, but for the first.
    script = Scripted([0.82, 1.0, 1.02, 1.0, 1.02, 1.0, 1.02, 1.0])
    callback = cb.Evaluate(tmp_path, images, every_images=16, features=script)
    make_gan().fit(images, epochs=8, verbose=0, callbacks=[callback])
    out = capsys.readouterr().out
    assert out.count("Past its best: the last 5 readings are all worse than that of image 16") == 1
    assert [entry["past_best"] for entry in entries(tmp_path)] == [False] * 5 + [True] * 3


def test_too_long_is_left_out_with_a_note(make_gan, make_images, tmp_path, capsys):
    images = make_images(16)
    callback = cb.Evaluate(tmp_path, images, every_images=1, time_limit=0.0)
    make_gan().fit(images, epochs=1, verbose=0, callbacks=[callback])
    assert "Note: epoch 1 was not evaluated. Expected the evaluation" in capsys.readouterr().out
    assert entries(tmp_path) == [] and not (tmp_path / "generator.keras").exists()
