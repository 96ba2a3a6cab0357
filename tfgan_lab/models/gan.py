"""The unconditional GAN."""

import keras

from tfgan_lab.models.latent_model import LatentModel


@keras.saving.register_keras_serializable(package="tfgan_lab")
class GAN(LatentModel):
    """Generator against discriminator, without labels.

    Reference:
        Generative Adversarial Networks, arXiv 1406.2661, algorithm 1.

    Args:
        generator: see ``AdversarialModel``.
        discriminator: see ``AdversarialModel``.
        latents: a ``LatentDistribution`` of the generator's input size; standard normal unless
            given.
        seed: see ``AdversarialModel``.
        ema_half_life_images: see ``AdversarialModel``.
        name: name of the model.

    Example:
        >>> import tfgan_lab as tgl
        >>> gan = tgl.GAN(
        ...     generator=tgl.networks.transposed_generator(image_size=16, widths=(8, 8)),
        ...     discriminator=tgl.networks.convolutional_discriminator(image_size=16, widths=(8,)),
        ... )
        >>> gan.compile(loss=tgl.losses.BinaryCrossEntropy())
        >>> history = gan.fit(tgl.data.plates(8, image_size=16, batch_size=4), verbose=0)
        >>> gan.generate(3).shape
        (3, 16, 16, 3)
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        latents=None,
        seed=0,
        ema_half_life_images=0,
        name="gan",
    ):
        super().__init__(
            generator,
            discriminator,
            latents=latents,
            seed=seed,
            ema_half_life_images=ema_half_life_images,
            name=name,
        )

    def generate(self, latents, labels=None, *, seed=0, batch_size=64):
        """Makes images with the sampling generator in inference mode.

        Args:
            latents: float array of shape (n, latent_size), or the number n of images to make
                from latents drawn with ``seed``.
            labels: must be ``None``: this model has no classes.
            seed: int, key of the drawn latents; the same seed gives the same images.
            batch_size: images computed at once.

        Returns:
            float32 array of shape (n, height, width, channels) in [-1, 1].

        Raises:
            ValueError: labels given, fewer than one image, or latents of another size.
        """
        if labels is not None:
            raise ValueError("Expected no labels for an unconditional GAN. Received: labels")
        return self._sample(self._checked_latents(latents, seed), batch_size=batch_size)

    def _labels(self, data):
        return None

    def _make(self, latents, labels, training):
        return self.generator(latents, training=training)

    def _discriminator_for(self, labels):
        return self.discriminator

    def _class_losses(self, discriminator, name):
        return {}
