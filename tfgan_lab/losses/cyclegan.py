"""CycleGAN's losses: what comes back after both translations, and what should stay."""

import typing

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable
from tfgan_lab.losses.adversarial import AdversarialLoss, LeastSquares, mean, ordered_sum


def cycle_loss(real_a, cycled_a, real_b, cycled_b) -> tf.Tensor:
    """How far images are from what comes back after a translation there and back.

    The mean absolute error of each way, and the mean of both ways. The paper has their sum;
    its least squares lack the half too that ``LeastSquares`` has, so that with the paper's
    weights the generators' total is half of the paper's, which Adam doesn't notice.

    Reference:
        Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, arXiv
        1703.10593, equation 2.

    Args:
        real_a: float tensor of any shape, images of domain A.
        cycled_a: the same images translated to B and back.
        real_b: images of domain B.
        cycled_b: the same images translated to A and back.

    Returns:
        float32 scalar.

    Example:
        >>> float(cycle_loss(tf.zeros(4), tf.ones(4), tf.zeros(4), 3 * tf.ones(4)))
        2.0
    """
    return (absolute_error(real_a, cycled_a) + absolute_error(real_b, cycled_b)) / 2


def identity_loss(real_a, same_a, real_b, same_b) -> tf.Tensor:
    """How much translators change images that are in their target domain already.

    Reference:
        As ``cycle_loss``, section 5.2; the mean of both ways, see there.

    Args:
        real_a: as of ``cycle_loss``, as is what is returned.
        same_a: the same images through the translator from B to A.
        real_b: see there.
        same_b: the same images through the translator from A to B.
    """
    return cycle_loss(real_a, same_a, real_b, same_b)


def absolute_error(images, others) -> tf.Tensor:
    """Mean absolute difference of all values, in float32."""
    return mean(tf.abs(tf.cast(images, tf.float32) - tf.cast(others, tf.float32)))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class CycleGANLoss(Configurable):
    """What ``CycleGAN.compile(loss=...)`` takes: the adversarial loss, and the weights.

    Reference:
        As ``cycle_loss``, equation 3 and section 5.2.

    Args:
        adversarial: an ``AdversarialLoss`` that is not relativistic; least squares unless given.
        cycle_weight: float from 0. The defaults are the paper's for least squares, which have half
            the paper's size here; another loss has its own, and wants twice the weights.
        identity_weight: float from 0; 0 leaves the identity mapping out and saves its time. The
            paper has half of the cycle's weight for paintings, and 0 elsewhere.

    Example:
        >>> loss = CycleGANLoss()
        >>> float(loss.generators_loss(tf.constant(0.25), tf.constant(0.5), tf.constant(0.1)))
        5.75
    """

    def __init__(self, adversarial=None, cycle_weight=10.0, identity_weight=5.0):
        check_translation_loss(adversarial, cycle_weight, identity_weight)
        self.adversarial = adversarial or LeastSquares()
        self.cycle_weight = cycle_weight
        self.identity_weight = identity_weight

    def adversarial_loss(self, fake_a_logits, fake_b_logits) -> tf.Tensor:
        """Returns the sum of both generators' adversarial losses, a float32 scalar."""
        generator_loss = self.adversarial.generator_loss
        return ordered_sum(generator_loss(None, fake_a_logits), generator_loss(None, fake_b_logits))

    def generators_loss(self, adversarial, cycle, identity) -> tf.Tensor:
        """Returns adversarial + cycle_weight * cycle + identity_weight * identity."""
        return ordered_sum(adversarial, self.cycle_weight * cycle, self.identity_weight * identity)

    def discriminator_loss(self, real_logits, fake_logits, seed=None) -> tf.Tensor:
        """Returns one discriminator's loss, a float32 scalar; see ``AdversarialLoss``."""
        return self.adversarial.discriminator_loss(real_logits, fake_logits, seed=seed)


class CycleGANLosses(typing.NamedTuple):
    """What ``cyclegan_losses`` returns; float32 scalars.

    Attributes:
        generator_loss: the weighted sum of the three below, for both generators.
        adversarial_loss: see ``CycleGANLoss.adversarial_loss``.
        cycle_loss: see there; unweighted.
        identity_loss: see there; unweighted.
        discriminator_a_loss: of the judge of domain A.
        discriminator_b_loss: of the judge of domain B.
    """

    generator_loss: tf.Tensor
    adversarial_loss: tf.Tensor
    cycle_loss: tf.Tensor
    identity_loss: tf.Tensor
    discriminator_a_loss: tf.Tensor
    discriminator_b_loss: tf.Tensor


def cyclegan_losses(
    real_a, real_b, generator_ab, generator_ba, discriminator_a, discriminator_b, loss=None
) -> CycleGANLosses:
    """All of CycleGAN's losses for two batches, without a model around and without image pools.

    Any callables on images will do. To train with it, differentiate ``generator_loss`` by the
    generators' weights, and the others by their own discriminator's alone.

    Args:
        real_a: float tensor of shape (batch, height, width, channels), images of domain A.
        real_b: images of domain B; the batch may be of another size.
        generator_ab: callable from images of A to images of B.
        generator_ba: callable from images of B to images of A.
        discriminator_a: callable from images to logits of any shape, positive for real ones of A.
        discriminator_b: likewise for B.
        loss: a ``CycleGANLoss``, the paper's unless given.

    Returns:
        ``CycleGANLosses``.

    Example:
        >>> def same(x): return x
        >>> a, b = tf.zeros((1, 2, 2, 1)), tf.ones((1, 2, 2, 1))
        >>> losses = cyclegan_losses(a, b, same, same, same, same)
        >>> float(losses.cycle_loss), float(losses.discriminator_a_loss)  # 1/2 (0-1)^2 + 1/2 1^2
        (0.0, 1.0)
    """
    loss = loss or CycleGANLoss()
    fake_b, fake_a = generator_ab(real_a), generator_ba(real_b)
    fake_a_logits, fake_b_logits = discriminator_a(fake_a), discriminator_b(fake_b)
    adversarial = loss.adversarial_loss(fake_a_logits, fake_b_logits)
    cycle = cycle_loss(real_a, generator_ba(fake_b), real_b, generator_ab(fake_a))
    identity = identity_loss(real_a, generator_ba(real_a), real_b, generator_ab(real_b))
    return CycleGANLosses(
        loss.generators_loss(adversarial, cycle, identity),
        adversarial,
        cycle,
        identity,
        loss.discriminator_loss(discriminator_a(real_a), fake_a_logits),
        loss.discriminator_loss(discriminator_b(real_b), fake_b_logits),
    )


def check_translation_loss(adversarial, *weights):
    """Checks what translators' losses are made of.

    Args:
        adversarial: an ``AdversarialLoss`` or ``None``.
        *weights: floats.

    Raises:
        ValueError: another kind of loss, a relativistic one, or a weight below 0.
    """
    if adversarial is not None and (
        not isinstance(adversarial, AdversarialLoss) or adversarial.relativistic
    ):
        raise ValueError(
            "Expected an adversarial loss that is not relativistic: real and generated images "
            f"have different contents here. Received: adversarial={adversarial!r}"
        )
    if min(weights) < 0:
        raise ValueError(f"Expected weights from 0. Received: {', '.join(map(str, weights))}")
