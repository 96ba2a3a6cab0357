import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.models.continuing import (
    interrupted,
    lasting_state_of,
    restored,
    saved_and_loaded,
)
from tfgan_lab.models import UpdateRule

COMPOSITIONS = {
    "modern": {
        "loss": tgl.losses.RelativisticPairing(),
        "penalties": [tgl.losses.R1(1.0), tgl.losses.R2(1.0)],
        "augmenter": tgl.layers.DiffAugment(),
        "update": UpdateRule("shared_fakes", concatenate_batches=True, shared_gradients=True),
    },
    "wgan-gp": {
        "loss": tgl.losses.Wasserstein(),
        "penalties": [tgl.losses.GradientPenalty()],
        "update": UpdateRule(discriminator_steps=3),
    },
    "simultaneous": {
        "loss": tgl.losses.RelativisticAverage(),
        "penalties": [tgl.losses.ApproximateR1(), tgl.losses.ApproximateR2(), tgl.losses.DRAGAN()],
        "augmenter": tgl.layers.DiffAugment(cutout=0.0),
        "update": UpdateRule("simultaneous"),
    },
    "lazy": {
        "loss": tgl.losses.Hinge(),
        "penalties": [
            tgl.losses.R1(1.0, interval=2),
            tgl.losses.Consistency(tgl.layers.DiffAugment()),
        ],
    },
}


def real_batch():
    return {"image": tf.random.stateless_uniform((4, 8, 8, 3), (7, 7), -1, 1)}


def test_adaptive_parts_are_logged_saved_and_restored(make_gan, make_images, tmp_path):
    def compose():
        return make_gan(
            loss=tgl.losses.Hinge(),
            penalties=[tgl.losses.LeCam()],
            augmenter=tgl.layers.AdaptiveAugment(target=-0.9, images_to_full=100, interval=1),
        )

    images = make_images(16)
    whole = compose()
    history = whole.fit(images, epochs=2, verbose=0).history
    assert {"lecam_penalty", "augment_probability", "real_sign"} < set(history)
    probability = float(whole.augmenter.probability)
    assert probability == pytest.approx(0.32)
    # Through a checkpoint and through a file, from within the second epoch.
    half = interrupted(compose(), images, tmp_path, stop=6, epochs=2)
    for model in (restored(compose(), tmp_path), saved_and_loaded(half, tmp_path)):
        model.fit(images, epochs=2, verbose=0)
        assert_same_state(lasting_state_of(whole), lasting_state_of(model))


class Watcher(tgl.layers.Augmenter):
    """Changes nothing and logs the mean of what it is shown."""

    log_names = ("shown",)

    def __call__(self, images, seed):
        return images

    def observe(self, real_logits):
        return {"shown": tf.reduce_mean(real_logits)}


@pytest.mark.parametrize("loss", [tgl.losses.Hinge(), tgl.losses.RelativisticPairing()])
def test_augmenters_see_logits_whose_sign_means_something(make_gan, make_images, loss):
    gan = make_gan(loss=loss, augmenter=Watcher())
    history = gan.fit(make_images(16), epochs=1, verbose=0).history
    (real,), (fake,), (shown,) = (history[n] for n in ("real_logits", "fake_logits", "shown"))
    assert abs(fake) > 1e-4
    assert shown == pytest.approx((real - fake) / 2 if loss.relativistic else real, abs=1e-6)


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("simultaneous", "lazy")]


@pytest.mark.parametrize("name", ["modern", "wgan-gp", *SLOW])
def test_losses_penalties_and_augmenters_compose(make_gan, make_images, tmp_path, name):
    gan = make_gan(ema_half_life_images=50, **COMPOSITIONS[name])
    images = make_images(16)
    history = gan.fit(images, epochs=1, verbose=0).history
    expected = {*gan.METRICS, *(penalty.name for penalty in COMPOSITIONS[name]["penalties"])}
    assert set(history) == expected
    assert all(np.isfinite(values).all() for values in history.values())
    assert all(history[p.name][0] > 0 for p in COMPOSITIONS[name]["penalties"])
    again = saved_and_loaded(gan, tmp_path)
    for model in (gan, again):
        model.fit(images, epochs=2, verbose=0)
    assert_same_state(state_of(gan), state_of(again))


def test_penalty_is_added_to_the_loss(make_gan):
    """Updates under a penalty are those of the loss plus those of the penalty, under plain SGD."""
    states = []
    for penalties in ([], [tgl.losses.R1(2.0)], [tgl.losses.R1(6.0)]):
        gan = make_gan(
            loss=tgl.losses.BinaryCrossEntropy(),
            penalties=penalties,
            generator_optimizer=keras.optimizers.SGD(0.0),
            discriminator_optimizer=keras.optimizers.SGD(0.1),
        )
        gan.train_step(real_batch())
        states.append([w.numpy() for w in gan.discriminator.trainable_variables])
    for none, one, three in zip(*states, strict=True):
        np.testing.assert_allclose(three - none, 3 * (one - none), atol=1e-5)
    assert any((one != none).any() for none, one in zip(*states[:2], strict=True))


def test_interval_takes_a_penalty_rarely_and_heavily(make_gan):
    gan = make_gan(
        loss=tgl.losses.Hinge(),
        penalties=[tgl.losses.R1(1.0, interval=3)],
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.SGD(0.0),
    )
    every = make_gan(loss=tgl.losses.Hinge(), penalties=[tgl.losses.R1(1.0)])
    once = float(every.train_step(real_batch())["r1_penalty"])
    step = tf.function(gan.train_step)
    means = [float(step(real_batch())["r1_penalty"]) * (index + 1) for index in range(4)]
    taken = np.diff([0.0, *means])
    assert taken[0] == pytest.approx(3 * once, rel=1e-3)
    assert taken[1:3] == pytest.approx([0, 0], abs=1e-4) and taken[3] > 0


def test_relativistic_generator_sees_reals_through_the_augmenter(make_gan):
    seen = []

    def augmenter(images, seed):
        seen.append(tuple(seed.numpy()))
        return images

    gan = make_gan(loss=tgl.losses.RelativisticPairing(), augmenter=augmenter)
    gan.train_step({"image": tf.zeros((4, 8, 8, 3))})
    # Real and fake of the first step, then real and fake of the second.
    assert len(seen) == 4 and len(set(seen)) == 3


def test_images_count_once_for_several_discriminator_steps(make_gan, make_images):
    gan = make_gan(
        loss=tgl.losses.Hinge(),
        augmenter=tgl.layers.AdaptiveAugment(target=-0.9, images_to_full=100, interval=1),
        update=UpdateRule(discriminator_steps=3),
    )
    history = gan.fit(make_images(16), epochs=1, verbose=0).history
    assert float(gan.augmenter.probability) == pytest.approx(0.16)
    assert "real_sign" in history
