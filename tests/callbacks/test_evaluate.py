import json
import pathlib

import numpy as np
import pytest
import tensorflow as tf

from tests.conftest import assert_same_state, state_of
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks import evaluate
from tfgan_lab.console import verbosity
from tfgan_lab.metrics import MEASURES, Features, read_evaluations
from tfgan_lab.models import load_model


class Scripted(Features):
    """Distances that are known beforehand: the fakes of call n lie ``script[n]`` away."""

    name, resizer = "script", "none"

    def __init__(self, script):
        self.script = list(script)

    def extract(self, images):
        if images.dtype == np.uint8:  # the real ones
            return np.zeros((len(images), 1)), None
        return np.full((len(images), 1), self.script.pop(0)), None


def entries(path):
    return read_evaluations(path)


def test_values_events_and_the_best_generator(make_gan, make_pictures, tmp_path):
    gan, pictures = make_gan(ema_half_life_images=20), make_pictures(16)
    callback = cb.Evaluate(tmp_path, pictures, every=2, features=Scripted([3, 1, 2]))
    best = []

    class Watch(cb.CsvLog):
        def on_epoch_end(self, epoch, logs=None):
            if callback.best and callback.best[0] == epoch + 1:
                best.append([variable.numpy() for variable in gan.ema_generator.variables])

    gan.fit(pictures, epochs=5, verbose=0, callbacks=[callback, Watch(tmp_path)])
    assert [entry["epoch"] for entry in entries(tmp_path)] == [2, 4, 5]
    # Kernels (1 + x^2)^3 between fakes, 1 elsewhere.
    assert [entry["value"] for entry in entries(tmp_path)] == [1000 - 1, 8 - 1, 125 - 1]
    assert entries(tmp_path)[0]["protocol"]["features"] == "script"
    assert entries(tmp_path)[0]["counts"] == {"real": 16, "fake": 16, "floor_halves": [8, 8]}
    assert entries(tmp_path)[1]["images"] == 64
    assert callback.best == (4, 7)
    released = load_model(tmp_path / evaluate.BEST, compile=False)
    for saved, variable in zip(best[-1], released.variables, strict=True):
        np.testing.assert_array_equal(saved, variable)
    assert (tmp_path / f"{evaluate.BEST}.sha256").exists()
    (file,) = (tmp_path / "events").glob("*.metrics")
    scalars = [
        (event.step, value.tag, float(tf.make_ndarray(value.tensor)))
        for event in tf.compat.v1.train.summary_iterator(str(file))
        for value in event.summary.value
    ]
    assert scalars == [(8, "metrics/kid", 999), (16, "metrics/kid", 7), (20, "metrics/kid", 124)]


def test_training_stays_the_same_to_the_bit(make_gan, make_pictures, tmp_path):
    plain, evaluated = make_gan(ema_half_life_images=20), make_gan(ema_half_life_images=20)
    plain.fit(make_pictures(16), epochs=3, verbose=0)
    pictures = make_pictures(16)
    callback = cb.Evaluate(tmp_path, pictures, every=1, metrics=("coverage", "fid"))
    evaluated.fit(pictures, epochs=3, verbose=0, callbacks=[callback])
    assert_same_state(state_of(plain), state_of(evaluated))
    first = {entry["metric"]: entry for entry in entries(tmp_path)[:2]}
    assert list(first) == ["coverage", "fid"]
    assert first["fid"]["protocol"]["features"] == "random-convolutions"


def test_a_resumed_run_takes_back_later_values(make_gan, make_pictures, tmp_path):
    pictures = make_pictures(16)
    callback = cb.Evaluate(tmp_path, pictures, every=1, features=Scripted([3, 2, 1]))
    make_gan().fit(pictures, epochs=3, verbose=0, callbacks=[callback])
    assert callback.best == (3, 7)
    gan = make_gan()
    gan.fit(pictures, epochs=2, verbose=0)
    callback = cb.Evaluate(tmp_path, pictures, every=1, features=Scripted([4]))
    gan.fit(pictures, epochs=3, verbose=0, callbacks=[callback])
    assert [entry["epoch"] for entry in entries(tmp_path)] == [1, 2, 3]
    # The best of before is gone with its epoch, and its generator with it: a worse one takes over.
    assert entries(tmp_path)[-1]["value"] == 17**3 - 1 and callback.best == (3, 17**3 - 1)


def test_a_resumed_run_keeps_its_best_generator_or_makes_it_anew(make_gan, make_pictures, tmp_path):
    def go_on(epochs, script):
        callback = cb.Evaluate(tmp_path, pictures, every=1, features=Scripted(script))
        gan = make_gan()
        gan.fit(pictures, epochs=1, verbose=0)
        gan.fit(pictures, epochs=epochs, verbose=0, callbacks=[callback])
        return callback.best

    pictures, file = make_pictures(16), tmp_path / evaluate.BEST
    assert go_on(3, [1, 2]) == (2, 7)
    written = file.stat().st_mtime_ns
    entry = json.loads((tmp_path / "metrics.json").read_text())
    early = entry[0] | {"epoch": 1, "images": 16, "value": 1.0}
    (tmp_path / "metrics.json").write_text(json.dumps([early, *entry]))
    assert go_on(2, [3]) == (1, 1.0) and file.stat().st_mtime_ns == written
    (tmp_path / "metrics.json").write_text(json.dumps([early | {"value": 9.0}, *entry]))
    assert go_on(1, []) is None and not file.exists()


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [
        ("coverage", [0, 1, 0.5], 2),
        pytest.param("diversity", [9.0, 0.2, 1.1], 3, marks=pytest.mark.slow),
        ("copying_statistic", [-8, 0.5, 2], 2),
    ],
)
def test_what_is_best_depends_on_the_measure(
    metric, values, best, make_gan, make_pictures, tmp_path, monkeypatch
):
    script = [0.0, *values]  # the first is the floor's
    scripted = MEASURES[metric]._replace(compute=lambda *_: (script.pop(0), None))
    monkeypatch.setitem(MEASURES, metric, scripted)
    gan, pictures = make_gan(), make_pictures(16)
    callback = cb.Evaluate(tmp_path, pictures, every=1, metrics=(metric,))
    gan.fit(pictures, epochs=3, verbose=0, callbacks=[callback])
    assert callback.best == (best, values[best - 1])


def test_too_long_is_left_out_with_a_note(make_gan, make_pictures, tmp_path, capsys):
    pictures = make_pictures(16)
    callback = cb.Evaluate(tmp_path, pictures, every=1, time_limit=0.0)
    make_gan().fit(pictures, epochs=1, verbose=0, callbacks=[callback])
    assert "Note: epoch 1 was not evaluated. Expected the evaluation" in capsys.readouterr().out
    assert entries(tmp_path) == [] and not (pathlib.Path(tmp_path) / evaluate.BEST).exists()


@pytest.mark.parametrize("level, shown", [("verbose", True), ("normal", False)])
def test_a_bar_where_progress_is_shown(level, shown, make_gan, make_pictures, tmp_path, capsys):
    pictures = make_pictures(16)
    with verbosity(level):
        make_gan().fit(
            pictures, epochs=1, verbose=0, callbacks=[cb.Evaluate(tmp_path, pictures, every=1)]
        )
    assert ("Evaluating: 100%" in capsys.readouterr().err) == shown
    json.loads((tmp_path / "metrics.json").read_text())
