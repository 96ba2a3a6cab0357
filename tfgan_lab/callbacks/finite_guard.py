"""Stops training at the first value that is not finite, with good weights in the model."""

import numpy as np

from tfgan_lab.callbacks.training_callback import TrainingCallback

# Of the loss under float16. It begins at 2^15 and is halved whenever gradients overflow; at this
# they wouldn't, if they were finite by themselves.
LEAST_SCALE = 1e-4


class NonFiniteError(ArithmeticError):
    """Training met a NaN or an infinity.

    Attributes:
        has_good_weights: bool, whether the model holds the last weights known to be good; not so
            where the first ones were bad already.
        step: int, at which it was met; the model is back at an earlier one.
        images: int, training images seen by then.
    """

    def __init__(self, message, has_good_weights, step=0, images=0):
        super().__init__(message)
        self.has_good_weights = has_good_weights
        self.step, self.images = step, images


class FiniteGuard(TrainingCallback):
    """Watches every logged value after every step, and all weights after every epoch.

    Keras' ``TerminateOnNaN`` looks at ``logs["loss"]`` alone, which adversarial models don't
    have. And when it stops, the weights are lost. This guard keeps a copy from the last epoch
    whose weights were all finite, puts it back and raises. It must stand before the callbacks
    that save, so that nothing bad is ever saved.

    Under float16 a step whose gradients overflow is skipped, and its norms are not logged.
    Gradients that overflow at every step, as NaN does, show in the scale of the loss.

    Raises:
        NonFiniteError: from within ``fit``.
    """

    def __init__(self):
        super().__init__()
        self._good = None
        self._good_step = 0

    def on_train_begin(self, logs=None):
        """Checks and keeps the weights that training starts from."""
        self._check_weights()

    def on_train_batch_end(self, batch, logs=None):
        """Checks what the step logged."""
        for name, value in (logs or {}).items():
            if not np.isfinite(float(value)):
                self._stop(name)
        for network in ("generator", "discriminator"):
            scale = getattr(getattr(self.model, f"{network}_optimizer"), "dynamic_scale", None)
            # One step that is skipped is no failure, every step is.
            if scale is not None and float(scale.numpy()) < LEAST_SCALE:
                self._stop(f"The {network}'s gradient, however small the loss was scaled,")

    def on_epoch_end(self, epoch, logs=None):
        """Checks all weights, and keeps them."""
        self._check_weights()

    def _check_weights(self):
        values = {
            name: variable.numpy() for name, variable in self.model.checkpoint_variables().items()
        }
        for name, value in values.items():
            # Running means were looked at above.
            if not name.startswith("mean/") and not np.isfinite(value).all():
                self._stop(f"Weight {name}")
        self._good = values
        self._good_step = self.step

    def _stop(self, what):
        step, images = self.step, self.images_seen
        has_good_weights = self._good is not None
        if has_good_weights:
            for name, variable in self.model.checkpoint_variables().items():
                variable.assign(self._good[name])
            message = (
                f"{what} became not finite at step {step}; training stopped, and the model is back "
                f"at step {self._good_step}. Try lower learning rates, --precision=float32 if "
                "another was set, and a look at the data."
            )
        else:
            message = (
                f"{what} is not finite at step {step}, where training was to begin; --overwrite "
                "starts over."
            )
        raise NonFiniteError(message, has_good_weights, step, images)
