import hashlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.conftest import assert_same_state, state_of
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.callbacks.generator_release import release_generator
from tfgan_lab.callbacks.schedule import Schedule
from tfgan_lab.losses import BinaryCrossEntropy
from tfgan_lab.networks import residual_generator, transposed_generator
from tfgan_lab.plots import tile_images


def test_schedule():
    assert [e for e in range(1, 12) if Schedule(4, (2,)).is_due(e, last=11)] == [2, 4, 8, 11]
    with pytest.raises(ValueError, match="Expected a period of at least 1 epoch"):
        Schedule(0)


def test_snapshots_of_fixed_latents(make_gan, make_images, tmp_path):
    gan, images = make_gan(), make_images(10)
    snapshots = cb.ImageSnapshots(tmp_path, every=2, also_at=(1,), num_images=6, images=images)
    untrained = tile_images(gan.generate(6, seed=gan.seed))
    gan.fit(images, epochs=5, verbose=0, callbacks=[snapshots])
    names = {path.name for path in (tmp_path / "snapshots").iterdir()}
    epochs = {f"epoch_0000{epoch}.png" for epoch in (1, 2, 4, 5)}
    assert names == epochs | {"untrained.png", "data.png", "augmented.png"}
    with Image.open(tmp_path / "snapshots/untrained.png") as image:
        np.testing.assert_array_equal(np.asarray(image), untrained)
    with Image.open(tmp_path / "snapshots/epoch_00005.png") as image:
        trained = np.asarray(image)
    np.testing.assert_array_equal(trained, tile_images(gan.generate(6, seed=gan.seed)))
    assert (trained != untrained).any()
    assert snapshots.latest[0] == 5


def test_log_rows_and_their_reading(make_gan, make_images, tmp_path):
    assert read_log(tmp_path) == {}
    gan = make_gan()
    history = gan.fit(make_images(10), epochs=3, verbose=0, callbacks=[cb.CsvLog(tmp_path)])
    log = read_log(tmp_path)
    np.testing.assert_array_equal(log["epoch"], [1, 2, 3])
    np.testing.assert_array_equal(log["step"], [3, 6, 9])
    np.testing.assert_array_equal(log["images"], [12, 24, 36])
    assert (np.diff([0, *log["seconds"]]) > 0).all()
    for name in gan.METRICS:
        np.testing.assert_array_equal(log[name], history.history[name])


def test_log_takes_back_what_is_repeated_and_a_row_cut_short(make_gan, make_images, tmp_path):
    images = make_images(10)
    make_gan().fit(images, epochs=3, verbose=0, callbacks=[cb.CsvLog(tmp_path)])
    whole = read_log(tmp_path)
    with open(tmp_path / "log.csv", "a") as file:
        file.write("4,12,4")
    assert len(read_log(tmp_path)["epoch"]) == 3
    again = make_gan()
    again.fit(images, epochs=1, verbose=0)
    again.fit(images, epochs=3, verbose=0, callbacks=[cb.CsvLog(tmp_path)])
    log = read_log(tmp_path)
    for name in whole.keys() - {"seconds"}:
        np.testing.assert_array_equal(log[name], whole[name])
    assert (np.diff(log["seconds"]) > 0).all()


class _PoisonAt(keras.callbacks.Callback):
    """Makes a weight NaN after a step, as an overflow would."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.step.numpy()) == self.step:
            weight = self.model.generator.trainable_variables[0]
            weight.assign(np.full(weight.shape, np.nan))


def test_guard_stops_and_keeps_good_weights(make_gan, make_images, tmp_path):
    """Poison within an epoch shows in the next loss."""
    images = make_images(10)
    healthy = make_gan()
    healthy.fit(images, epochs=1, verbose=0)
    gan = make_gan()
    callbacks = [cb.FiniteGuard(), _PoisonAt(4), cb.CsvLog(tmp_path)]
    with pytest.raises(cb.NonFiniteError, match="back at step 3"):
        gan.fit(images, epochs=5, verbose=0, callbacks=callbacks)
    state = {n: v for n, v in state_of(gan).items() if not n.startswith("mean/")}
    assert_same_state(state, {n: state_of(healthy)[n] for n in state})
    assert np.isfinite(gan.generate(3)).all()
    assert np.isfinite(read_log(tmp_path)["generator_loss"]).all()


def test_guard_looks_at_the_last_epoch_before_anything_is_saved(make_gan, make_images, tmp_path):
    """Poison in the run's very last step shows in no loss."""
    gan = make_gan()
    callbacks = [cb.FiniteGuard(), cb.GeneratorRelease(tmp_path), cb.Checkpoints(tmp_path)]
    with pytest.raises(cb.NonFiniteError, match="^Weight generator/.*back at step 3"):
        gan.fit(make_images(10), epochs=2, verbose=0, callbacks=[_PoisonAt(6), *callbacks])
    assert not (tmp_path / "generator.keras").exists()
    assert not list((tmp_path / "checkpoints").glob("*"))


def test_guard_sees_gradients_that_are_not_finite(make_gan, make_images):
    class NaNSlope(BinaryCrossEntropy):
        def generator_loss(self, real_logits, fake_logits):
            # The value is 0 and finite, its slope 0 / 0.
            return tf.reduce_mean(tf.sqrt(fake_logits * 0.0))

    gan = make_gan(loss=NaNSlope())
    with pytest.raises(cb.NonFiniteError, match="generator_gradient_norm became not finite"):
        gan.fit(make_images(8), verbose=0, callbacks=[cb.FiniteGuard()])


def test_guard_sees_poisoned_data(make_gan, make_images):
    gan = make_gan()
    plain = make_images(8).dataset().map(lambda batch: {"image": batch["image"] * np.inf})
    with pytest.raises(cb.NonFiniteError, match="became not finite at step 1;.*back at step 0"):
        gan.fit(plain, steps_per_epoch=2, verbose=0, callbacks=[cb.FiniteGuard()])


def test_released_generator_needs_only_keras_and_matches_its_checksum(
    make_gan, make_images, tmp_path
):
    gan = make_gan(ema_half_life_images=20)
    gan.fit(make_images(10), epochs=3, verbose=0, callbacks=[cb.GeneratorRelease(tmp_path, 2)])
    content = (tmp_path / "generator.keras").read_bytes()
    digest, name = (tmp_path / "generator.keras.sha256").read_text().split()
    assert (digest, name) == (hashlib.sha256(content).hexdigest(), "generator.keras")
    generator = keras.saving.load_model(tmp_path / "generator.keras")
    latents = gan.latents.sample(4, (1, 2))
    np.testing.assert_array_equal(generator(latents), gan.ema_generator(latents))
    assert b"tfgan_lab" not in content


@pytest.mark.parametrize("build", [residual_generator, transposed_generator])
def test_faster_layers_are_released_as_keras_own(build, tmp_path):
    network = build(image_size=8, latent_size=4, widths=(4, 4))
    release_generator(network, tmp_path / "generator.keras")
    assert b"tfgan_lab" not in (tmp_path / "generator.keras").read_bytes()
    generator = keras.saving.load_model(tmp_path / "generator.keras")
    latents = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    np.testing.assert_allclose(generator(latents), network(latents), atol=1e-6)


def test_released_generator_computes_in_float32(make_gan, tmp_path):
    gan = make_gan(precision="mixed_bfloat16")
    release = cb.GeneratorRelease(tmp_path)
    release.set_model(gan)
    release.release()
    generator = keras.saving.load_model(tmp_path / "generator.keras")
    assert {layer.compute_dtype for layer in generator.layers} == {"float32"}
    latents = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    plain, half = (np.asarray(network(latents)) for network in (generator, gan.generator))
    np.testing.assert_allclose(plain, half, atol=0.02)
    assert (plain != half).any()


def test_checkpoints_by_epoch_and_by_time(make_gan, make_images, tmp_path):
    def saved(folder):
        return sorted(int(p.stem.split("-")[1]) for p in (folder / "checkpoints").glob("*.index"))

    by_epoch = cb.Checkpoints(tmp_path / "a", every=2, keep=10)
    make_gan().fit(make_images(10), epochs=5, verbose=0, callbacks=[by_epoch])
    assert saved(tmp_path / "a") == [6, 12, 15]
    always = cb.Checkpoints(tmp_path / "b", every=100, every_seconds=0, keep=2)
    make_gan().fit(make_images(10), epochs=2, verbose=0, callbacks=[always])
    assert saved(tmp_path / "b") == [5, 6]


class _Asked:
    """Says yes from its n-th question on."""

    def __init__(self, after):
        self.left = after

    def __call__(self):
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(
    ("after", "step"), [(1, 2), (2, 3), pytest.param(3, 4, marks=pytest.mark.slow)]
)
def test_a_stop_leaves_no_epoch_without_its_end(make_gan, make_images, tmp_path, after, step):
    def fit(gan, should_stop, folder):
        callbacks = [cb.CsvLog(folder), cb.Checkpoints(folder, 100, should_stop=should_stop)]
        callbacks[-1].set_model(gan)
        callbacks[-1].restore()
        gan.fit(make_images(10), epochs=2, verbose=0, callbacks=callbacks)

    fit(make_gan(), lambda: False, tmp_path / "whole")
    # It is asked after two of an epoch's three steps, and at its end.
    with pytest.raises(cb.TrainingInterrupted, match=f"after step {step}"):
        fit(make_gan(), _Asked(after), tmp_path / "stopped")
    fit(make_gan(), lambda: False, tmp_path / "stopped")
    whole, stopped = (read_log(tmp_path / name) for name in ("whole", "stopped"))
    assert stopped["epoch"].tolist() == [1, 2]
    np.testing.assert_array_equal(stopped["generator_loss"], whole["generator_loss"])


def test_an_old_checkpoint_at_an_epochs_end_waits_for_the_others(make_gan, make_images, tmp_path):
    class Log(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            written.append(sorted((tmp_path / "checkpoints").glob("*-3.index")))

    written = []
    always = cb.Checkpoints(tmp_path, every=100, every_seconds=0)
    make_gan().fit(make_images(10), epochs=1, verbose=0, callbacks=[Log(), always])
    assert written == [[]]
    assert (tmp_path / "checkpoints" / "step-3.index").exists()


def _two_checkpoints(make_gan, make_images, folder):
    gan = make_gan()
    saver = cb.Checkpoints(folder, every=1)
    gan.fit(make_images(10), epochs=2, verbose=0, callbacks=[saver])
    return gan


def _loader(model, folder):
    loader = cb.Checkpoints(folder)
    loader.set_model(model)
    return loader


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove", "index"])
def test_a_damaged_checkpoint_falls_back_to_its_predecessor(
    make_gan, make_images, tmp_path, damage
):
    _two_checkpoints(make_gan, make_images, tmp_path)
    ending = ".index" if damage == "index" else ".data-00000-of-00001"
    path = tmp_path / "checkpoints" / f"step-6{ending}"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    if damage == "remove":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "truncate" else content)
    gan = make_gan()
    with pytest.warns(UserWarning, match="step-6 is damaged and left aside"):
        assert _loader(gan, tmp_path).restore()
    assert int(gan.step.numpy()) == 3
    assert all(np.isfinite(value).all() for value in state_of(gan).values())


def test_only_damaged_checkpoints_are_an_error(make_gan, make_images, tmp_path):
    _two_checkpoints(make_gan, make_images, tmp_path)
    for path in (tmp_path / "checkpoints").glob("*.data*"):
        path.write_bytes(b"")
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="Received: 2 damaged"):
        _loader(make_gan(), tmp_path).restore()


def test_a_checkpoint_of_another_model_is_an_error(make_gan, make_images, tmp_path):
    _two_checkpoints(make_gan, make_images, tmp_path)
    with pytest.raises(ValueError, match="another architecture"):
        _loader(make_gan(ema_half_life_images=10), tmp_path).restore()
