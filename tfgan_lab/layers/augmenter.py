"""What the augmenters of a training step have in common."""

import abc

from tfgan_lab.configurable import Configurable


class Augmenter(Configurable, abc.ABC):
    """A differentiable change of images, the same for real and generated ones.

    ``compile(augmenter=...)`` takes any callable on (images, seed); an ``Augmenter`` may besides
    watch the discriminator, keep variables that are saved with the model, and log.

    Attributes:
        log_names: names of what ``observe`` returns.
        variables: list of ``keras.Variable`` to be saved and restored.
    """

    log_names = ()
    variables = ()

    @abc.abstractmethod
    def __call__(self, images, seed):
        """Changes a batch.

        Args:
            images: float tensor of shape (batch, height, width, channels) in [-1, 1].
            seed: int64 tensor of shape (2,), the batch's key.

        Returns:
            Tensor of the same shape and type.
        """

    def observe(self, real_logits) -> dict:
        """Looks at the discriminator's answers to real images; returns scalars to log."""
        return {}
