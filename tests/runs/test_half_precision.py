"""Runs of every kind that compute in 16 bits."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.runs import tiny as latent
from tests.runs import tiny_translator as translation
from tfgan_lab import losses
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.losses.penalties import DiscriminatorBatch
from tfgan_lab.models import load_model
from tfgan_lab.models.discriminator_passes import paired_logits
from tfgan_lab.models.optimisation import is_scaled, ready_optimizer
from tfgan_lab.runs import build_translation_model, train, train_translation
from tfgan_lab.runs.training.latent_building import build_model
from tfgan_lab.runs.training.precision import computing_in

THREE_WIDTHS = {"generator_widths": (4, 4, 4), "discriminator_widths": (4, 4, 4)}
CLASSES = {"drawn": "", "num_drawn": 345, "data_dir": "CLASSES", "conditional": True}
KINDS = {
    "plain": {},
    "from-scratch": {"preset": "from-scratch", **THREE_WIDTHS},
    "projected": latent.TINY_PROJECTED,
    "classifier": CLASSES
    | {"generator_conditioning": "batch_norm", "discriminator_conditioning": "classifier"},
    "concatenation": CLASSES
    | {"discriminator_conditioning": "concatenation", "class_widths": (4,)},
    "cyclegan": {"identity_weight": 0.5, "ema_half_life_images": 10},
    "stargan": {"gradient_penalty_weight": 10.0, "batch_size": 6},
}


@pytest.fixture
def config(tmp_path):
    """Makes the configuration of a run of two steps or three."""

    def config(kind, run="run", **settings):
        settings = KINDS[kind] | {"epochs": 1, "diagnose_every": 0} | settings
        if settings.get("data_dir") == "CLASSES":
            settings["data_dir"] = str(tmp_path / "classes.npz")
            images = tgl.data.vehicles(8, image_size=16).images
            np.savez(settings["data_dir"], images=images, labels=np.arange(8) % 3)
        if kind in translation.MODELS:
            return translation.tiny(tmp_path / run, kind, **settings)
        return latent.tiny(tmp_path / run, **{"num_drawn": 8} | settings)

    return config


def fit(config):
    trains = train_translation if hasattr(config, "model") else train
    return trains(config, verbose=0)[0]


def build(config):
    if hasattr(config, "model"):
        return build_translation_model(config, {"cyclegan": 2, "stargan": 3}[config.model], 10)
    return build_model(config, num_classes=3)


def optimizers(model):
    return model.generator_optimizer, model.discriminator_optimizer


def outputs(network):
    parts = [network.first, network.second] if hasattr(network, "first") else [network]
    return [output for part in parts for output in part.outputs]


def layers_within(network):
    within = getattr(network, "layers", None)
    return [each for layer in within for each in layers_within(layer)] if within else [network]


# bfloat16 is float32's way but for the policy; the models' own tests have every model.
@pytest.mark.parametrize(
    "precision", [pytest.param("mixed_bfloat16", marks=pytest.mark.slow), "mixed_float16"]
)
@pytest.mark.parametrize(
    "kind",
    [
        kind if kind in ("from-scratch", "stargan") else pytest.param(kind, marks=pytest.mark.slow)
        for kind in KINDS
        if kind != "plain"
    ],
)
def test_every_kind_of_run(kind, precision, config, tmp_path):
    model = fit(config(kind, precision=precision))
    assert int(model.step.numpy()) >= 2
    assert [is_scaled(each) for each in optimizers(model)] == [precision == "mixed_float16"] * 2
    half = precision.removeprefix("mixed_")
    for network in (model.generator, model.discriminator):
        assert half in {layer.compute_dtype for layer in layers_within(network)}
        assert {output.dtype for output in outputs(network)} == {"float32"}
        assert {weight.dtype for weight in network.trainable_weights} == {"float32"}
    assert all(np.isfinite(value).all() for value in state_of(model).values())
    assert all(np.isfinite(values).all() for values in read_log(tmp_path / "run").values())
    released = load_model(tmp_path / "run" / "generator.keras", compile=False)
    assert {layer.compute_dtype for layer in layers_within(released)} == {"float32"}


def batch_of(model):
    rng = np.random.default_rng(0)
    if isinstance(model, tgl.models.CycleGAN):
        shape = (2, 32, 32, 3)
        names = ("image_a", "image_b")
    else:
        shape = (2, 32, 32, 3) if isinstance(model, tgl.models.StarGAN) else (2, 16, 16, 3)
        names = ("image",)
    batch = {name: tf.constant(rng.uniform(-1, 1, shape), tf.float32) for name in names}
    return batch | {"label": tf.constant([0, 1])}


@pytest.mark.parametrize("kind", ["from-scratch", "cyclegan", "stargan"])
def test_an_overflow_skips_the_step_and_halves_the_scale(kind, config, tmp_path):
    model = build(config(kind, precision="mixed_float16"))
    for optimizer in optimizers(model):
        optimizer.dynamic_scale.assign(2.0**60)
    before = [weight.numpy() for weight in weights_of(model)]
    logs = model.train_step(batch_of(model))
    for optimizer in optimizers(model):
        assert float(optimizer.dynamic_scale.numpy()) == 2.0**59
        assert int(optimizer.iterations.numpy()) == 0
    for old, new in zip(before, weights_of(model), strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    # A norm that overflowed is none of the epoch's, whose other values are there.
    assert float(logs["generator_gradient_norm"]) == 0 < float(logs["generator_loss"])

    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    for optimizer in optimizers(loaded):
        assert is_scaled(optimizer) and float(optimizer.dynamic_scale.numpy()) == 2.0**59
        optimizer.dynamic_scale.assign(2.0**4)
    logs = loaded.train_step(batch_of(loaded))
    assert [int(optimizer.iterations.numpy()) for optimizer in optimizers(loaded)] == [1, 1]
    assert 0 < float(logs["generator_gradient_norm"]) < 1000


def weights_of(model):
    return model.generator.trainable_weights + model.discriminator.trainable_weights


def test_gradients_that_never_become_finite_stop_the_training(make_gan, make_images):
    class NaNSlope(losses.BinaryCrossEntropy):
        def discriminator_loss(self, real_logits, fake_logits, seed=None):
            # The value is 0 and finite, its slope 0 / 0.
            return tf.reduce_mean(tf.sqrt(fake_logits * 0.0))

    gan = make_gan(loss=NaNSlope(), precision="mixed_float16")
    gan.discriminator_optimizer.dynamic_scale.assign(3e-4)
    guard = tgl.callbacks.FiniteGuard()
    message = "^The discriminator's gradient, however small .* became not finite at step 2;"
    with pytest.raises(tgl.callbacks.NonFiniteError, match=message):
        gan.fit(make_images(12), verbose=0, callbacks=[guard])


SHIFTS = tgl.layers.DiffAugment(0, 0, 0, translation=0.125, cutout=0)
PENALTIES = {
    "R1": (losses.R1(1.0), 0.05),
    "R2": (losses.R2(1.0), 0.05),
    "gradient_penalty": (losses.GradientPenalty(10.0), 0.05),
    "dragan": (losses.DRAGAN(10.0), 0.05),
    "lecam": (losses.LeCam(0.3), 0.05),
    "consistency": (losses.Consistency(SHIFTS), 0.05),
    # A small difference of two answers: noisy in 16 bits.
    "approximate_r1": (losses.ApproximateR1(1.0), 0.3),
}


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    shape = (2, 4, 16, 16, 3)
    return [tf.constant(each, tf.float32) for each in rng.uniform(-1, 1, shape)]


def penalty_and_gradient(precision, penalty, images, halvings=0):
    keras.utils.set_random_seed(0)
    with computing_in(precision):
        network = tgl.networks.residual_discriminator(image_size=16, widths=(16, 16, 16))
    optimizer = ready_optimizer(keras.optimizers.Adam(), network)
    if is_scaled(optimizer):
        optimizer.dynamic_scale.assign(optimizer.initial_scale / 2**halvings)
    with tf.GradientTape() as tape:
        logits = paired_logits(network, *images, concatenate=True)[:2]
        seed = tf.constant([1, 2], tf.int64)
        value = penalty(DiscriminatorBatch(network, *images, *logits, seed))
        scaled = optimizer.scale_loss(value)
    scale = float(optimizer.dynamic_scale.numpy()) if is_scaled(optimizer) else 1.0
    gradients = tape.gradient(scaled, network.trainable_variables)
    assert value.dtype == tf.float32
    # A slope doesn't depend on the last bias.
    known = [each.numpy().ravel() / scale for each in gradients if each is not None]
    return float(value), np.concatenate(known)


@pytest.mark.parametrize("name", PENALTIES)
def test_penalties_are_those_of_float32(name, images):
    """Gradients of gradients, of a scaled loss."""
    penalty, tolerance = PENALTIES[name]
    value, gradient = penalty_and_gradient("float32", penalty, images)
    for halvings in range(4):  # So many steps of a training would be skipped.
        for variable in penalty.variables:
            variable.assign(0.0)
        half_value, half_gradient = penalty_and_gradient("mixed_float16", penalty, images, halvings)
        if np.isfinite(half_gradient).all():
            break
    assert half_value == pytest.approx(value, rel=tolerance) and value > 0
    error = np.linalg.norm(half_gradient - gradient) / np.linalg.norm(gradient)
    assert 0 < error < tolerance


@pytest.mark.slow
def test_scaling_resumes_to_the_bit(config):
    # A weight with which the first gradients overflow.
    settings = {"precision": "mixed_float16", "r1_gamma": 1e6}
    fit(config("plain", "pieces", epochs=1, **settings))
    pieces = fit(config("plain", "pieces", epochs=2, **settings))
    whole = fit(config("plain", "whole", epochs=2, **settings))
    assert_same_state(state_of(pieces), state_of(whole))
    scales = [float(optimizer.dynamic_scale.numpy()) for optimizer in optimizers(whole)]
    # The state of scaling must have been something else than at the start.
    assert min(scales) < 2.0**15
    assert int(whole.generator_optimizer.step_counter.numpy()) > 0
