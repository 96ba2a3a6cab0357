"""Learning rates that change while training."""

import math

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable
from tfgan_lab.controlled_value import ControlledValue


@keras.saving.register_keras_serializable(package="tfgan_lab")
class LinearDecay(Configurable, keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that stays, and then falls in a straight line to zero.

    A function of the optimiser's own count of steps, so that a resumed run has the same.

    Reference:
        Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, arXiv
        1703.10593, section 4: half of the steps each.

    Args:
        initial: float above 0.
        constant_steps: int from 0.
        decay_steps: int from 1, steps of the fall; from then on the rate is zero.

    Example:
        >>> rate = LinearDecay(0.2, constant_steps=100, decay_steps=100)
        >>> [round(float(rate(step)), 3) for step in (0, 100, 150, 200, 300)]
        [0.2, 0.2, 0.1, 0.0, 0.0]
    """

    def __init__(self, initial=2e-4, constant_steps=0, decay_steps=1):
        if not initial > 0 or constant_steps < 0 or decay_steps < 1:
            raise ValueError(
                "Expected initial above 0, constant_steps from 0 and decay_steps from 1. Received: "
                f"initial={initial}, constant_steps={constant_steps}, decay_steps={decay_steps}"
            )
        self.initial = initial
        self.constant_steps = constant_steps
        self.decay_steps = decay_steps

    def __call__(self, step):
        """Returns the float32 rate of a step."""
        fallen = (tf.cast(step, tf.float32) - self.constant_steps) / self.decay_steps
        return self.initial * (1 - tf.clip_by_value(fallen, 0.0, 1.0))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class AdaptiveRate(Configurable, keras.optimizers.schedules.LearningRateSchedule):
    """A generator's learning rate that falls while the discriminator cannot keep up with it.

    A generator that changes faster than the discriminator learns follows answers to images that
    it no longer makes. Its images then get good of their kind, and fewer in kind. How fast is too
    fast depends on the images: those that differ in little, such as aligned faces, need a slower
    one. So the rate has a factor whose logarithm follows the mean sign of the discriminator's
    answers to real images, as ADA's probability does: it falls while the sign is below
    ``target``, and rises above it, up to 1 again.

    Reference:
        Training Generative Adversarial Networks with Limited Data, arXiv 2006.06676, section 3, for
        control by r_t. That the generator's rate should follow it is our own idea.

    Args:
        initial: float above 0, the greatest rate.
        target: float in (-1, 1), where r_t is to be.
        images: int from 1, training images over which the rate could fall to a tenth.
        least: float in (0, 1), the least factor.

    Example:
        >>> rate = AdaptiveRate(5e-4)
        >>> round(float(rate(step=0)), 6)
        0.0005
    """

    log_names = ("generator_lr_factor",)

    def __init__(self, initial=5e-4, target=0.6, images=5_000, least=0.02):
        if not initial > 0 or not 0 < least < 1:
            raise ValueError(
                "Expected initial above 0 and least in (0, 1). "
                f"Received: initial={initial}, least={least}"
            )
        self.initial = initial
        self.target = target
        self.images = images
        self.least = least
        # In powers of ten.
        self._exponent = ControlledValue(
            math.log10(least), 0.0, target, images, interval=4, name="lr_exponent"
        )
        self.variables = self._exponent.variables

    def __call__(self, step):
        """Returns the float32 rate as it is now, whatever the step."""
        del step
        return self.initial * self.factor()

    def factor(self) -> tf.Tensor:
        """What the rate is multiplied by now, a float32 scalar in [least, 1]."""
        return tf.pow(10.0, self._exponent.value)

    def observe(self, real_logits) -> dict:
        """Looks at the answers to real images after each of the discriminator's steps.

        Args:
            real_logits: tensor of shape (batch, 1), positive where an image is taken for real.

        Returns:
            Dict of ``log_names`` to float scalars.
        """
        self._exponent.observe(real_logits)
        return {self.log_names[0]: self.factor()}
