"""Penalties whose weight follows the discriminator's success."""

import math

import keras
import tensorflow as tf

from tfgan_lab.losses.penalties import Penalty
from tfgan_lab.steering import SteeredValue


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Steered(Penalty):
    """Another penalty, weaker while the discriminator cannot tell real from generated pictures.

    R1 and R2 bound D's slope, and so what it may make of a difference: the nearer the generated
    pictures come to the real ones, the less. What weight is right depends on how much the
    pictures of a set differ. Too much of it, and D comes to a standstill at chance, where the
    generator has nothing to follow and shrinks to fewer pictures. So the weight has a factor,
    whose logarithm follows the mean sign of D's answers to real pictures as ADA's probability does:
    it falls while the sign is below ``target``, and rises above it, up to 1 again.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, section 3, for
        steering by r_t; The GAN is dead; long live the GAN! A Modern GAN Baseline, arXiv
        2501.05441, for a gamma that falls. That the one should steer the other is our own idea.

    Args:
        penalty: the ``Penalty``; it is logged as ever, with the factor.
        target: float in (-1, 1), where r_t is to be. Below ADA's target, or the two work against
            each other.
        images: int from 1, training pictures over which the factor could fall to a tenth.
        least: float in (0, 1), the least factor.

    Example:
        >>> import tfgan_lab as tgl
        >>> penalty = tgl.losses.Steered(tgl.losses.R1(gamma=3.0))
        >>> float(penalty.factor())
        1.0
    """

    def __init__(self, penalty, target=0.5, images=10_000, least=0.01):
        super().__init__(penalty.interval)
        if not 0 < least < 1:
            raise ValueError(f"Expected least in (0, 1). Received: least={least}")
        self.penalty = penalty
        self.target = target
        self.images = images
        self.least = least
        self.name = penalty.name
        self.gradient_share = penalty.gradient_share
        self.log_names = (f"{penalty.name}_factor",)
        # In powers of ten.
        self._exponent = SteeredValue(
            0.0, math.log10(least), 0.0, target, images, interval=4, name="factor_exponent"
        )
        self.variables = [*penalty.variables, *self._exponent.variables]

    def __call__(self, judgement):
        """See the class."""
        return self.factor() * self.penalty(judgement)

    def factor(self) -> tf.Tensor:
        """What the penalty is multiplied by now, a float32 scalar in [least, 1]."""
        return tf.pow(10.0, self._exponent.value)

    def observe(self, real_logits):
        """See the base class."""
        self._exponent.observe(real_logits)
        return {self.log_names[0]: self.factor()}
