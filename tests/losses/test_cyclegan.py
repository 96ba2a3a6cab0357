import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import losses

A = tf.constant([[0.0, 0.4]])
B = tf.constant([[1.0, -1.0]])


def test_cycle_and_identity_by_hand():
    # |0-0.5| and |0.4-0.4|: mean 0.25; |1-0| and |-1-0|: mean 1; mean of both 0.625.
    cycled_a, cycled_b = tf.constant([[0.5, 0.4]]), tf.zeros((1, 2))
    for loss in (losses.cycle_loss, losses.identity_loss):
        assert float(loss(A, cycled_a, B, cycled_b)) == pytest.approx(0.625)
        assert float(loss(A, A, B, B)) == 0


def test_domains_count_alike_however_many_images_they_have():
    a, b = tf.zeros((3, 2)), tf.zeros((1, 2))
    assert float(losses.cycle_loss(a, a + 1, b, b + 2)) == pytest.approx(1.5)


def test_cyclegan_losses_by_hand():
    """Translators 2x and x / 2 + 0.1; judges x and 1 - x, one logit for every pixel."""
    got = losses.cyclegan_losses(
        A, B, lambda x: 2 * x, lambda x: x / 2 + 0.1, lambda x: x, lambda x: 1 - x
    )
    # fake_b = (0, 0.8), fake_a = (0.6, -0.4); cycled_a = (0.1, 0.5), cycled_b = (1.2, -0.8).
    cycle = (0.1 + 0.2) / 2
    # same_a = (0.1, 0.3): errors 0.1, 0.1; same_b = (2, -2): errors 1, 1.
    identity = (0.1 + 1) / 2
    # Judge A says (0.6, -0.4): ((-0.4)^2 + (-1.4)^2) / 4; judge B (1, 0.2): (0 + 0.8^2) / 4.
    adversarial = (0.16 + 1.96) / 4 + 0.64 / 4
    # Judge A of real (0, 0.4): (1 + 0.36) / 4, of fake (0.36 + 0.16) / 4.
    judge_a = (1.36 + 0.52) / 4
    # Judge B of real (0, 2): (1 + 1) / 4, of fake (1 + 0.04) / 4.
    judge_b = (2 + 1.04) / 4
    expected = (adversarial + 10 * cycle + 5 * identity, adversarial, cycle, identity)
    np.testing.assert_allclose(got, (*expected, judge_a, judge_b), rtol=1e-5)


def test_weights_and_adversarial_loss_are_the_ones_given():
    loss = losses.CycleGANLoss(losses.Wasserstein(), cycle_weight=3.0, identity_weight=0.0)
    assert float(loss.adversarial_loss(tf.constant([1.0]), tf.constant([2.0, 4.0]))) == -4
    assert float(loss.generators_loss(1.0, 2.0, 100.0)) == 7
    assert float(loss.discriminator_loss(tf.constant([1.0]), tf.constant([5.0]))) == 4


@pytest.mark.parametrize("kind", [losses.CycleGANLoss, losses.StarGANLoss])
def test_faults(kind):
    with pytest.raises(ValueError, match="Expected an adversarial loss that is not relativistic"):
        kind(losses.RelativisticPairing())
    with pytest.raises(ValueError, match="Expected an adversarial loss"):
        kind("least squares")
    with pytest.raises(ValueError, match=r"Expected weights from 0. Received: -1, 5"):
        kind(None, -1, 5)
