import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.models.continuing import checkpointed, restored, saved_and_loaded
from tfgan_lab.models import AdaptiveRate, LinearDecay
from tfgan_lab.models.optimisation import learning_rate_of


def test_linear_decay_by_hand():
    rate = LinearDecay(0.4, constant_steps=2, decay_steps=4)
    steps = [0, 2, 3, 4, 6, 9]
    np.testing.assert_allclose([rate(step) for step in steps], [0.4, 0.4, 0.3, 0.2, 0, 0])
    with pytest.raises(ValueError, match="Expected initial above 0, constant_steps from 0"):
        LinearDecay(0.4, decay_steps=0)


def answer(rate, sign, times=4, count=2):
    for _ in range(times):
        logs = rate.observe(sign * tf.ones((count, 1)))
    return float(logs["generator_lr_factor"])


def test_factor_follows_the_sign_by_hand():
    # Four batches of 2 images, of 40, are a fifth of a power of ten.
    rate = AdaptiveRate(0.5, target=0.6, images=40)
    assert answer(rate, -1, times=3) == 1
    assert answer(rate, -1, times=1) == pytest.approx(10**-0.2)
    assert float(rate(step=7)) == pytest.approx(0.5 * 10**-0.2)
    assert answer(rate, -1) == pytest.approx(10**-0.4)
    assert answer(rate, 1) == pytest.approx(10**-0.2)


def test_factor_stays_within_its_bounds():
    rate = AdaptiveRate(images=4, least=0.01)
    assert answer(rate, 1) == 1
    assert answer(rate, -1, times=8) == pytest.approx(0.01)
    assert answer(rate, 1, times=8) == 1


@pytest.mark.parametrize(("target", "expected"), [(0.6, 10**-0.1), (0.4, 1.0), (0.5, 1.0)])
def test_target_is_a_mean_sign(target, expected):
    # Of 8 answers 6 are right: a mean sign of 1/2.
    rate = AdaptiveRate(target=target, images=320)
    for _ in range(4):
        rate.observe(tf.constant([[1.0]] * 6 + [[-1.0]] * 2))
    assert float(rate.factor()) == pytest.approx(expected)


@pytest.fixture
def make_by_rate(make_gan):
    """Builds a relativistic GAN whose generator has this learning rate."""

    def make(rate, **arguments):
        optimizer = keras.optimizers.Adam(rate, beta_1=0.0)
        loss = tgl.losses.RelativisticPairing()
        return make_gan(generator_optimizer=optimizer, loss=loss, **arguments)

    return make


def test_a_model_shows_it_the_answers_and_saves_where_it_is(make_by_rate, make_images, tmp_path):
    whole, again = (make_by_rate(AdaptiveRate(1e-3, target=0.9, images=40)) for _ in range(2))
    factors = whole.fit(make_images(16), epochs=2, verbose=0).history["generator_lr_factor"]
    # The middle between both kinds stands for 0: about half of the answers are above it.
    assert factors[1] < factors[0] <= 1
    checkpointed(whole, tmp_path)
    restored(again, tmp_path)
    loaded = saved_and_loaded(whole, tmp_path)
    expected = float(whole.generator_optimizer.learning_rate)
    for model in (again, loaded):
        assert float(model.generator_optimizer.learning_rate) == expected < 1e-3
        assert learning_rate_of(model.generator_optimizer).images == 40
    for model in (whole, again, loaded):
        model.fit(make_images(16), epochs=3, verbose=0)
    assert_same_state(state_of(whole), state_of(again))
    assert_same_state(state_of(whole), state_of(loaded))


def test_the_generator_moves_by_its_adaptive_rate(make_by_rate, make_images):
    # Adam's first step is the rate in every weight; a target that no sign reaches makes it fall
    # only after the first.
    steps = []
    for rate in (AdaptiveRate(1e-3), 1e-3):
        gan = make_by_rate(rate)
        before = [weight.numpy() for weight in gan.generator.trainable_weights]
        gan.fit(make_images(4), epochs=1, verbose=0)
        after = [weight.numpy() for weight in gan.generator.trainable_weights]
        steps.append([b - a for a, b in zip(before, after, strict=True)])
    for adaptive_step, plain_step in zip(*steps, strict=True):
        np.testing.assert_allclose(adaptive_step, plain_step, rtol=1e-6)


@pytest.mark.slow
def test_works_under_loss_scaling(make_by_rate, make_images):
    gan = make_by_rate(AdaptiveRate(1e-3), precision="mixed_float16")
    history = gan.fit(make_images(8), epochs=1, verbose=0).history
    assert history["generator_lr_factor"] == [1.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"initial": 0}, "Expected initial above 0 and least in .* Received: initial=0"),
        ({"least": 1}, "Expected initial above 0 and least in .* least=1"),
        ({"target": 1}, r"Expected target in \(-1, 1\). Received: target=1"),
        ({"images": 0}, "Expected a number of images and an interval from 1.*0 images"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        AdaptiveRate(**arguments)
