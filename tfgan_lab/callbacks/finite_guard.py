"""Stops training at the first value that is not finite, with good weights in the model."""

import keras
import numpy as np


class NonFiniteError(ArithmeticError):
    """Training met a NaN or an infinity. The model holds the last weights known to be good."""


class FiniteGuard(keras.callbacks.Callback):
    """Watches every logged value after every step, and all weights after every epoch.

    Keras' ``TerminateOnNaN`` looks at ``logs["loss"]`` alone, which adversarial models don't
    have. And when it stops, the weights are lost. This guard keeps a copy from the last epoch
    whose weights were all finite, puts it back and raises.

    Raises:
        NonFiniteError: from within ``fit``.
    """

    def __init__(self):
        super().__init__()
        self._good = None
        self._good_step = 0

    def on_epoch_begin(self, epoch, logs=None):
        """Checks all weights, and keeps them."""
        values = {
            name: variable.numpy() for name, variable in self.model.checkpoint_variables().items()
        }
        for name, value in values.items():
            if not np.isfinite(value).all():
                self._stop(f"The weights {name}", epoch)
        self._good = values
        self._good_step = int(self.model.step.numpy())

    def on_train_batch_end(self, batch, logs=None):
        """Checks what the step logged."""
        for name, value in (logs or {}).items():
            # Under float16 a step whose gradients overflow is skipped, which is no failure.
            if not name.endswith("_norm") and not np.isfinite(float(value)):
                self._stop(name, None)

    def _stop(self, what, epoch):
        step = int(self.model.step.numpy())
        if self._good is None:
            raise NonFiniteError(f"{what} was not finite at step {step}, before training began.")
        for name, variable in self.model.checkpoint_variables().items():
            variable.assign(self._good[name])
        raise NonFiniteError(
            f"{what} became not finite at step {step}; training stopped, and the model is back at "
            f"step {self._good_step}. Try lower learning rates, --precision=float32 if another was "
            "set, and a look at the data."
        )
