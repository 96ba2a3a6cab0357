"""Learning rates that change while training."""

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable


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
