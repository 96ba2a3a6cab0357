"""The unconditional GAN."""

import functools

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.latents.distributions import LatentDistribution, Normal
from tfgan_lab.layers.augmenter import Augmenter
from tfgan_lab.layers.spectral_norm import advance_power_iterations
from tfgan_lab.losses.penalties import Judgement
from tfgan_lab.models.adversarial import AdversarialModel
from tfgan_lab.models.judging import judge, judge_with_gradients
from tfgan_lab.models.optimisation import gradient_step
from tfgan_lab.randomness import Purpose, key


@keras.saving.register_keras_serializable(package="tfgan_lab")
class GAN(AdversarialModel):
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
            seed=seed,
            ema_half_life_images=ema_half_life_images,
            name=name,
        )
        self.latents: LatentDistribution = latents or Normal(generator.input_shape[-1])
        if self.latents.size != generator.input_shape[-1]:
            raise ValueError(
                f"Expected latents of size {generator.input_shape[-1]}, the generator's input. "
                f"Received: size={self.latents.size}"
            )
        if generator.output_shape[1:] != discriminator.input_shape[1:]:
            raise ValueError(
                "Expected the discriminator to take the generator's pictures. Received: pictures "
                f"{generator.output_shape[1:]}, discriminator {discriminator.input_shape[1:]}"
            )

    def train_step(self, data):
        """One step of the update rule on a batch of real pictures.

        Args:
            data: dict with ``image``, float32 of shape (batch, height, width, channels) in
                [-1, 1].

        Returns:
            Dict of scalars: running means of losses, logits and gradient norms.
        """
        real_images = data["image"]
        if self.update.single_pass:
            values = self._both_steps(real_images)
        else:
            for index in range(self.update.discriminator_steps):
                values = self._discriminator_step(real_images, index)
            values |= self._generator_step(real_images)
        return self._finish_step(tf.shape(real_images)[0], values)

    def _discriminator_step(self, real_images, index):
        latents = self._draw(real_images, Purpose.DISCRIMINATOR_LATENTS, index)
        fake_images = self.generator(latents, training=self.update.opponent_training)
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION, index)
        fake_images = self._augment(fake_images, Purpose.FAKE_AUGMENTATION, index)
        advance_power_iterations(self.discriminator)
        with tf.GradientTape() as tape:
            total, _, values = self._discriminator_total(real_images, fake_images, index)
            scaled_total = self.discriminator_optimizer.scale_loss(total)
        norm = gradient_step(self.discriminator_optimizer, tape, scaled_total, self.discriminator)
        return values | {"discriminator_gradient_norm": norm}

    def _generator_step(self, real_images):
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        training = self.update.opponent_training
        real_logits = None
        if self.adversarial_loss.compares:
            augmented = self._augment(real_images, Purpose.REAL_AUGMENTATION)
            real_logits = self.discriminator(augmented, training=training)
        with tf.GradientTape() as tape:
            fake_images = self.generator(latents, training=True)
            augmented = self._augment(fake_images, Purpose.GENERATOR_AUGMENTATION)
            fake_logits = self.discriminator(augmented, training=training)
            loss = self.adversarial_loss.generator_loss(real_logits, fake_logits)
            scaled_loss = self.generator_optimizer.scale_loss(loss)
        norm = gradient_step(self.generator_optimizer, tape, scaled_loss, self.generator)
        return {"generator_loss": loss, "generator_gradient_norm": norm}

    def _both_steps(self, real_images):
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION)
        advance_power_iterations(self.discriminator)
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = self.generator(latents, training=True)
            fake_images = self._augment(fake_images, Purpose.GENERATOR_AUGMENTATION)
            total, logits, values = self._discriminator_total(real_images, fake_images)
            generator_loss = self.adversarial_loss.generator_loss(*logits)
            scaled_generator_loss = self.generator_optimizer.scale_loss(generator_loss)
            scaled_total = self.discriminator_optimizer.scale_loss(total)
        generator_norm = gradient_step(
            self.generator_optimizer, generator_tape, scaled_generator_loss, self.generator
        )
        discriminator_norm = gradient_step(
            self.discriminator_optimizer, discriminator_tape, scaled_total, self.discriminator
        )
        return values | {
            "generator_loss": generator_loss,
            "discriminator_gradient_norm": discriminator_norm,
            "generator_gradient_norm": generator_norm,
        }

    def _discriminator_total(self, real_images, fake_images, index=0):
        """The discriminator's loss with its penalties, both logits, and what to log of them."""
        real_logits, fake_logits, *gradients = self._judge(real_images, fake_images)
        loss = self.adversarial_loss.discriminator_loss(
            real_logits, fake_logits, seed=self._key(Purpose.LABEL_NOISE, index)
        )
        penalties = self._penalise(
            Judgement(
                self.discriminator,
                real_images,
                fake_images,
                real_logits,
                fake_logits,
                self._key(Purpose.PENALTY, index),
                self.images_seen.value,
                *gradients,
            )
        )
        values = {
            "discriminator_loss": loss,
            "real_logits": tf.reduce_mean(real_logits),
            "fake_logits": tf.reduce_mean(fake_logits),
        }
        values |= penalties | self._observe(real_logits, fake_logits)
        return tf.add_n([loss, *penalties.values()]), (real_logits, fake_logits), values

    def generate(self, latents, labels=None, *, seed=0, batch_size=64):
        """Makes pictures with the sampling generator in inference mode.

        Args:
            latents: float array of shape (n, latent_size), or the number n of pictures to make
                from latents drawn with ``seed``.
            labels: must be ``None``: this model has no classes.
            seed: int, key of the drawn latents; the same seed gives the same pictures.
            batch_size: pictures computed at once.

        Returns:
            float32 array of shape (n, height, width, channels) in [-1, 1].

        Raises:
            ValueError: labels given, fewer than one picture, or latents of another size.
        """
        if labels is not None:
            raise ValueError("Expected no labels for an unconditional GAN. Received: labels")
        if isinstance(latents, (int, np.integer)):
            if latents < 1:
                raise ValueError(f"Expected at least 1 picture. Received: {latents}")
            latents = self.latents.sample(latents, key(seed, 0, Purpose.SAMPLES))
        latents = tf.convert_to_tensor(latents, tf.float32)
        if latents.ndim != 2 or latents.shape[1] != self.latents.size or not len(latents):
            raise ValueError(
                f"Expected latents of shape (n, {self.latents.size}). "
                f"Received: shape {tuple(latents.shape)}"
            )
        return self._sample(latents, None, batch_size)

    def get_config(self):
        """Returns the constructor's arguments, serialised."""
        return super().get_config() | {"latents": keras.saving.serialize_keras_object(self.latents)}

    def _draw(self, real_images, purpose, index=0):
        return self.latents.sample(tf.shape(real_images)[0], self._key(purpose, index))

    def _augment(self, images, purpose, index=0):
        if self.augmenter is None:
            return images
        return self.augmenter(images, self._key(purpose, index))

    def _observe(self, real_logits, fake_logits):
        """Shows the augmenter the answers to real pictures, positive where taken for real."""
        if not isinstance(self.augmenter, Augmenter):
            return {}
        if self.adversarial_loss.compares:
            # Such a loss leaves it open where 0 lies; the middle between both kinds stands for it.
            middle = (tf.reduce_mean(real_logits) + tf.reduce_mean(fake_logits)) / 2
            real_logits = real_logits - middle
        return self.augmenter.observe(real_logits)

    def _penalise(self, judgement):
        """Values of all penalties by name; those with an interval rest in between."""
        values = {}
        for number, penalty in enumerate(self.penalties):
            seed = tf.random.fold_in(judgement.seed, number)
            take = functools.partial(penalty, judgement._replace(seed=seed))
            if penalty.interval == 1:
                values[penalty.name] = take()
            else:
                values[penalty.name] = tf.cond(
                    self.step % penalty.interval == 0,
                    lambda take=take, times=penalty.interval: times * take(),
                    lambda: 0.0,
                )
        return values

    def _judge(self, real_images, fake_images):
        """Both batches' logits, and input gradients where the rule says that they be shared."""
        networks_and_images = self.discriminator, real_images, fake_images
        if self.update.shared_gradients:
            share = max(penalty.gradient_share for penalty in self.penalties)
            return judge_with_gradients(*networks_and_images, share)
        return judge(*networks_and_images, self.update.joint_batch)
