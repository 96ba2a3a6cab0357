"""What callbacks know of the training: how far it is, and on which images."""

import keras


class TrainingCallback(keras.callbacks.Callback):
    """Abstract: a callback of an ``AdversarialModel``, which counts over all sessions of a run."""

    @property
    def step(self) -> int:
        """Training steps done."""
        return int(self.model.step.numpy())

    @property
    def images_seen(self) -> int:
        """Training images seen."""
        return int(self.model.images_seen.numpy())

    def training_images(self, given):
        """The ``ImageSet`` that a callback was given, or else the one that ``fit`` got.

        Raises:
            ValueError: there is none.
        """
        images = given or self.model.training_images
        if images is None:
            raise ValueError(
                "Expected fit to get a tfgan_lab.data.ImageSet, or "
                f"{type(self).__name__} to get it as images=. Received: other data"
            )
        return images
