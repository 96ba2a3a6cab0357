"""A generator from latents against a discriminator: their training step, whole."""

import functools

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.latents.generator import LatentGenerator
from tfgan_lab.layers.spectral_norm import advance_power_iterations
from tfgan_lab.losses.penalties import DiscriminatorBatch
from tfgan_lab.models.adversarial_model import AdversarialModel
from tfgan_lab.models.discriminator_passes import (
    LabelledDiscriminator,
    Logits,
    class_loss_of,
    paired_logits,
    penalise,
)
from tfgan_lab.models.moving_average import measure_statistics, measured_norms
from tfgan_lab.models.optimisation import gradient_step, scaled_sum
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.replicas import mean_over_replicas, num_replicas, own_part


@keras.saving.register_keras_serializable(package="tfgan_lab")
class GAN(AdversarialModel):
    """Generator against discriminator, without labels.

    Reference:
        Generative Adversarial Networks, arXiv 1406.2661, algorithm 1.

    Args:
        generator: built ``keras.Model`` from latents of shape (batch, latent_size) to images in
            [-1, 1].
        discriminator: built ``keras.Model`` from images to logits of shape (batch, 1).
        latents: a ``LatentDistribution`` of the generator's input size; standard normal unless
            given.
        seed: see ``AdversarialModel``.
        ema_half_life_images: see ``AdversarialModel``.
        name: name of the model.

    Raises:
        ValueError: networks that are not built, or don't fit each other or the latents.

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

    class_loss_weight = 1.0  # ``ConditionalGAN`` sets it, and ``num_classes``.

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
        self.latents = LatentGenerator(self.sampling_generator, latents).latents
        self._measured_norms = measured_norms(self.ema_generator)
        images = tuple(discriminator.inputs[0].shape[1:])
        if generator.output_shape[1:] != images:
            raise ValueError(
                "Expected the discriminator to take the generator's images. Received: images "
                f"{generator.output_shape[1:]}, discriminator {images}"
            )

    def generate(self, latents, labels=None, *, seed=0, batch_size=64):
        """Makes images with the sampling generator in inference mode.

        Args:
            latents: float array of shape (n, latent_size), or the number n of images to make
                from latents drawn with ``seed``.
            labels: with classes int array of shape (n,), or one int for all; unless given, the
                classes take turns: 0, 1, 2 and so on, and again from 0.
            seed: int, key of the drawn latents; the same seed gives the same images.
            batch_size: images computed at once.

        Returns:
            float32 array of shape (n, height, width, channels) in [-1, 1].

        Raises:
            ValueError: fewer than one image, latents of another size, or labels of another number,
                out of range, or for a model without classes.
        """
        if isinstance(latents, (int, np.integer)):
            if latents < 1:
                raise ValueError(f"Expected at least 1 image. Received: {latents}")
            latents = self.latents.sample(latents, key(seed, 0, Purpose.SAMPLES))
        if labels is None and self.num_classes:
            labels = np.arange(len(latents)) % self.num_classes
        return self._latent_generator.generate(latents, labels, batch_size)

    @functools.cached_property
    def _latent_generator(self):
        return LatentGenerator(self)

    def train_step(self, data):
        """One step of the update rule on a batch of real images; see ``UpdateRule``.

        Where there are labels, the generated images of a step have those of its real ones.

        Args:
            data: dict with ``image``, float32 of shape (batch, height, width, channels) in
                [-1, 1], and ``label``, int32 of shape (batch,), where the model has classes.

        Returns:
            Dict of scalars: running means of losses, logits and gradient norms.
        """
        real_images, labels = data["image"], self._labels(data)
        rule, values = self.update, {}
        if rule.schedule == "alternating":
            # 1. For k steps: sample latents, update the discriminator on images of these.
            for index in range(rule.discriminator_steps):
                latents = self._draw(real_images, Purpose.DISCRIMINATOR_LATENTS, index)
                fake_images = self._generate(latents, labels, rule.opponent_in_training_mode)
                values |= self._update_discriminator(real_images, fake_images, labels, index)[1]
        # 2. Sample latents again, update the generator on images of these.
        if rule.schedule == "simultaneous":
            values |= self._update_both(real_images, labels)
        else:
            values |= self._update_generator(real_images, labels)
        # 3. Let the moving average follow.
        self._measure_average(real_images)
        return self._finish_step(tf.shape(real_images)[0], values)

    def _update_discriminator(self, real_images, fake_images, labels, index=0):
        """Augment, pass, loss, apply; returns the pass's logits, and what to log."""
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION, index)
        fake_images = self._augment(fake_images, Purpose.FAKE_AUGMENTATION, index)
        advance_power_iterations(self.discriminator)
        with tf.GradientTape() as tape:
            logits, losses = self._discriminator_pass(real_images, fake_images, labels, index)
            scaled_loss = scaled_sum(losses, self.discriminator_optimizer)
        values = losses | self._observe(logits, index)
        norm = gradient_step(self.discriminator_optimizer, tape, scaled_loss, self.discriminator)
        return logits, values | {"discriminator_gradient_norm": norm}

    def _update_generator(self, real_images, labels):
        """Generate, augment, pass, loss, apply; returns what to log.

        Shared fakes go to the discriminator's update as soon as they are generated.
        """
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        with tf.GradientTape() as tape:
            fake_images = self._generate(latents, labels, training=True)
            with tape.stop_recording():
                if self.update.schedule == "shared_fakes":
                    shown, values = self._update_discriminator(real_images, fake_images, labels)
                    real_logits = shown.real
                else:
                    real_logits, values = self._real_logits(real_images, labels), {}
            fake_images = self._augment(fake_images, Purpose.GENERATOR_AUGMENTATION)
            discriminator = self._discriminator_for(labels)
            fake_logits = discriminator(fake_images, training=self.update.opponent_in_training_mode)
            losses = self._generator_losses(
                Logits(real_logits, fake_logits, class_loss_of(discriminator))
            )
            scaled_loss = scaled_sum(losses, self.generator_optimizer)
        norm = gradient_step(self.generator_optimizer, tape, scaled_loss, self.generator)
        return values | losses | {"generator_gradient_norm": norm}

    def _update_both(self, real_images, labels):
        """Generate, augment, one pass for both losses, apply both; returns what to log."""
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION)
        advance_power_iterations(self.discriminator)
        with tf.GradientTape() as tape, tf.GradientTape() as generator_tape:
            fake_images = self._generate(latents, labels, training=True)
            fake_images = self._augment(fake_images, Purpose.GENERATOR_AUGMENTATION)
            logits, losses = self._discriminator_pass(real_images, fake_images, labels)
            generator_losses = self._generator_losses(logits)
            scaled_loss = scaled_sum(losses, self.discriminator_optimizer)
            scaled_generator_loss = scaled_sum(generator_losses, self.generator_optimizer)
        values = losses | generator_losses | self._observe(logits)
        generator_norm = gradient_step(
            self.generator_optimizer, generator_tape, scaled_generator_loss, self.generator
        )
        norm = gradient_step(self.discriminator_optimizer, tape, scaled_loss, self.discriminator)
        return values | {
            "discriminator_gradient_norm": norm,
            "generator_gradient_norm": generator_norm,
        }

    def _discriminator_pass(self, real_images, fake_images, labels, index=0):
        """One pass over both batches: its ``Logits``, and the terms of the loss by name."""
        share = 0.0
        if self.update.shared_gradients:
            share = max(penalty.gradient_share for penalty in self.penalties)
        logits = paired_logits(
            self._discriminator_for(labels),
            real_images,
            fake_images,
            concatenate=self.update.concatenate_batches,
            gradient_share=share,
        )
        loss = self.adversarial_loss.discriminator_loss(
            logits.real, logits.fake, seed=self._key(Purpose.LABEL_NOISE, index)
        )
        batch = DiscriminatorBatch(
            self._discriminator_for(labels),
            real_images,
            fake_images,
            logits.real,
            logits.fake,
            self._key(Purpose.PENALTY, index),
            self.images_seen.value,
            logits.real_gradients,
            logits.fake_gradients,
        )
        losses = {"discriminator_loss": loss} | self._class_loss("discriminator", logits)
        return logits, losses | penalise(self.penalties, batch, self.step)

    def _generator_losses(self, logits):
        """The terms of the generator's loss by name."""
        loss = self.adversarial_loss.generator_loss(logits.real, logits.fake)
        return {"generator_loss": loss} | self._class_loss("generator", logits)

    def _class_loss(self, role, logits):
        """The auxiliary classifier's loss, which both networks lower; none without one."""
        if logits.class_loss is None:
            return {}
        return {f"{role}_class_loss": self.class_loss_weight * logits.class_loss}

    def _real_logits(self, real_images, labels):
        """What a relativistic generator's loss compares with; ``None`` for other losses."""
        if not self.adversarial_loss.relativistic:
            return None
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION)
        discriminator = self._discriminator_for(labels)
        return discriminator(real_images, training=self.update.opponent_in_training_mode)

    def _observe(self, logits, index=0):
        """Shows the real logits to whatever adapts to them; returns what to log of logits."""
        values = {
            "real_logits": tf.reduce_mean(logits.real),
            "fake_logits": tf.reduce_mean(logits.fake),
        }
        if index or not self.observers:  # Several steps on the same real images count them once.
            return values
        real_logits = logits.real
        if self.adversarial_loss.relativistic:
            # Such a loss leaves it open where 0 lies; the middle between both kinds stands for it.
            middle = (values["real_logits"] + values["fake_logits"]) / 2
            real_logits = real_logits - mean_over_replicas(middle)
        for observer in self.observers:
            values |= observer.observe(real_logits)
        return values

    def _draw(self, real_images, purpose, index=0):
        """As many latents as there are real images."""
        # Drawn for the whole batch, so that several devices train as one does.
        count = tf.shape(real_images)[0] * num_replicas()
        return own_part(self.latents.sample(count, self._key(purpose, index, shared=True)))

    def _generate(self, latents, labels, training):
        return self.generator(_inputs(latents, labels), training=training)

    def _discriminator_for(self, labels):
        """The discriminator as a callable on images of these labels alone."""
        if labels is None:
            return self.discriminator
        return LabelledDiscriminator(self.discriminator, labels)

    def _augment(self, images, purpose, index=0):
        if self.augmenter is None:
            return images
        return self.augmenter(images, self._key(purpose, index))

    def _labels(self, data):
        """Labels of a batch; ``None`` without classes."""
        if not self.num_classes:
            return None
        if "label" not in data:
            raise ValueError(
                "Expected images with classes: a data set of dicts with image and label. "
                f"Received: {', '.join(data)}"
            )
        return tf.cast(data["label"], tf.int32)

    def _measure_average(self, real_images):
        """Lets the batch norms of the averaged generator see what it makes."""
        if not self._measured_norms:
            return
        count = tf.shape(real_images)[0] * num_replicas()
        latents = self.latents.sample(count, self._key(Purpose.STATISTICS_LATENTS, shared=True))
        labels = tf.range(count) % self.num_classes if self.num_classes else None
        inputs = _inputs(latents, labels)
        measure_statistics(self.ema_generator, self._measured_norms, inputs, self.step)


def _inputs(latents, labels):
    return latents if labels is None else [latents, labels]
