import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.losses import (
    BinaryCrossEntropy,
    Hinge,
    LeastSquares,
    RelativisticAverage,
    RelativisticPairing,
    Wasserstein,
)
from tfgan_lab.losses.adversarial import cross_entropy

LOG2 = math.log(2)
SOFTPLUS_1 = math.log(1 + math.e)  # 1.3132616875


def close(tensor, expected):
    assert float(tensor) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_discriminator_loss_by_hand():
    # softplus(-2), softplus(0) over the reals; softplus(1), softplus(-1) over the fakes.
    loss = BinaryCrossEntropy().discriminator_loss(
        tf.constant([[2.0], [0.0]]), tf.constant([[1.0], [-1.0]])
    )
    real = (math.log1p(math.exp(-2)) + LOG2) / 2
    fake = (SOFTPLUS_1 + math.log1p(math.exp(-1))) / 2
    close(loss, real + fake)


def test_mean_over_halves_is_one_cross_entropy_over_the_joint_batch():
    real, fake = tf.constant([[2.0], [0.3]]), tf.constant([[1.0], [-4.0]])
    joint = keras.losses.BinaryCrossentropy(from_logits=True)(
        tf.constant([[1.0], [1.0], [0.0], [0.0]]), tf.concat([real, fake], 0)
    )
    close(BinaryCrossEntropy(mean_over_halves=True).discriminator_loss(real, fake), float(joint))


def test_smoothed_labels_by_hand():
    # Labels 0.8 and 0.1 at logits 1 and 1.
    loss = BinaryCrossEntropy(real_label=0.8, fake_label=0.1)
    real = 0.8 * (SOFTPLUS_1 - 1) + 0.2 * SOFTPLUS_1
    fake = 0.1 * (SOFTPLUS_1 - 1) + 0.9 * SOFTPLUS_1
    close(loss.discriminator_loss(tf.constant([1.0]), tf.constant([1.0])), real + fake)


def test_generator_losses_by_hand():
    fake = tf.constant([[1.0], [1.0]])
    close(BinaryCrossEntropy().generator_loss(None, fake), SOFTPLUS_1 - 1)
    close(BinaryCrossEntropy(saturating=True).generator_loss(None, fake), -SOFTPLUS_1)
    smooth = BinaryCrossEntropy(generator_label=0.8).generator_loss(None, fake)
    close(smooth, 0.8 * (SOFTPLUS_1 - 1) + 0.2 * SOFTPLUS_1)


def test_saturating_gradient_dies_where_the_discriminator_is_sure():
    logits = tf.Variable([-20.0])
    gradients = {}
    for saturating in (False, True):
        with tf.GradientTape() as tape:
            loss = BinaryCrossEntropy(saturating=saturating).generator_loss(None, logits)
        gradients[saturating] = float(tape.gradient(loss, logits)[0])
    assert gradients[False] == pytest.approx(-1, abs=1e-6)
    assert -1e-8 < gradients[True] < 0


def test_label_noise_is_keyed_bounded_and_different_for_real_and_fake():
    loss = BinaryCrossEntropy(label_noise=0.05)
    # At logit x, the loss changes by -x for each unit of label: labels can be read off.
    real, fake = tf.fill((4000,), 1.0), tf.fill((4000,), 0.0)
    seed = tf.constant([1, 2], tf.int64)
    first = float(loss.discriminator_loss(real, fake, seed=seed))
    assert first == float(loss.discriminator_loss(real, fake, seed=seed))
    assert first != float(loss.discriminator_loss(real, fake, seed=seed + 1))
    plain = float(BinaryCrossEntropy().discriminator_loss(real, fake))
    assert abs(first - plain) < 0.05 / math.sqrt(3) / math.sqrt(4000) * 5
    noises = [loss._noise((4000,), seed, index).numpy() for index in (0, 1)]
    for noise in noises:
        assert -0.05 <= noise.min() < -0.0495 and 0.0495 < noise.max() <= 0.05
    assert abs(np.corrcoef(*noises)[0, 1]) < 0.1


def test_finite_for_huge_logits_and_half_precision():
    for dtype in (tf.float32, tf.float16, tf.bfloat16):
        logits = tf.constant([-3e4, 3e4], dtype)
        value = cross_entropy(tf.constant([1.0, 0.0]), logits)
        assert value.dtype == tf.float32
        assert float(value) == pytest.approx(3e4, rel=5e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"real_label": 1.2}, r"Expected real_label in \[0, 1\]. Received: real_label=1.2"),
        ({"fake_label": -0.1}, r"Expected fake_label in \[0, 1\]"),
        ({"label_noise": 0.6}, r"Expected label_noise in \[0, 0.5\]. Received: label_noise=0.6"),
        ({"label_noise": 0.1}, "Expected a seed for label_noise=0.1"),
        ({"saturating": True, "generator_label": 0.9}, r"Expected generator_label=1 with satur"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        BinaryCrossEntropy(**arguments).discriminator_loss(tf.zeros(2), tf.zeros(2))


REAL, FAKE = tf.constant([[2.0], [0.0]]), tf.constant([[1.0], [-3.0]])


def softplus(x):
    return math.log1p(math.exp(x))


@pytest.mark.parametrize(
    ("loss", "discriminator", "generator"),
    [
        # ((2-1)^2 + (0-1)^2) / 2 / 2 + (1^2 + 3^2) / 2 / 2; ((1-1)^2 + (-3-1)^2) / 2 / 2
        (LeastSquares(), 0.5 + 2.5, 4.0),
        # (max(0, -1) + max(0, 1)) / 2 + (max(0, 2) + max(0, -2)) / 2; -(1 - 3) / 2
        (Hinge(), 0.5 + 1.0, 1.0),
        # (1 - 3) / 2 - (2 + 0) / 2; -(1 - 3) / 2
        (Wasserstein(), -2.0, 1.0),
        # Means 1 and -1: D sees reals at 3, 1 over the fakes and fakes at 0, -4 over the reals.
        (
            RelativisticAverage(),
            (softplus(-3) + softplus(-1)) / 2 + (softplus(0) + softplus(-4)) / 2,
            (softplus(3) + softplus(1)) / 2 + (softplus(0) + softplus(4)) / 2,
        ),
        # Pairs (2, 1) and (0, -3): differences 1 and 3.
        (
            RelativisticPairing(),
            (softplus(-1) + softplus(-3)) / 2,
            (softplus(1) + softplus(3)) / 2,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_losses_by_hand(loss, discriminator, generator):
    close(loss.discriminator_loss(REAL, FAKE), discriminator)
    close(loss.generator_loss(REAL, FAKE), generator)
    if not loss.relativistic:
        close(loss.generator_loss(None, FAKE), generator)


@pytest.mark.parametrize("loss", [RelativisticAverage(), RelativisticPairing()])
def test_relativistic_losses_see_differences_only(loss):
    assert loss.relativistic
    for method in (loss.discriminator_loss, loss.generator_loss):
        close(method(REAL + 7, FAKE + 7), float(method(REAL, FAKE)))


@pytest.mark.parametrize(
    "loss",
    [LeastSquares(), Hinge(), Wasserstein(), RelativisticAverage(), RelativisticPairing()],
)
def test_generators_gradient_raises_the_fakes(loss):
    fake = tf.Variable([[0.2], [-0.3]])
    with tf.GradientTape() as tape:
        value = loss.generator_loss(REAL[:2], fake)
    assert (tape.gradient(value, fake).numpy() < 0).all()
