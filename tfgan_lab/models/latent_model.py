"""What a GAN with classes and one without share: the training step from latents to images."""

import abc
import functools

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.latents.distributions import LatentDistribution, Normal
from tfgan_lab.latents.sampling import Sampling
from tfgan_lab.layers.spectral_norm import advance_power_iterations
from tfgan_lab.losses.penalties import DiscriminatorBatch
from tfgan_lab.models.adversarial_model import AdversarialModel
from tfgan_lab.models.discriminator_passes import (
    paired_logits,
    paired_logits_with_gradients,
    penalise,
)
from tfgan_lab.models.moving_average import is_time_to_measure, measured_norms, statistics_of
from tfgan_lab.models.optimisation import gradient_step
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.replicas import mean_over_replicas, num_replicas, own_part


class LatentModel(AdversarialModel):
    """Abstract: one generator from latents against one discriminator, by an ``UpdateRule``.

    A concrete model says what labels a batch has, how the generator makes images of them, and
    which discriminator sees images of these labels.

    Args:
        generator: see ``AdversarialModel``.
        discriminator: see ``AdversarialModel``.
        latents: a ``LatentDistribution`` of the generator's input size; standard normal unless
            given.
        **kwargs: further arguments of ``AdversarialModel``.
    """

    def __init__(self, generator, discriminator, *, latents=None, **kwargs):
        super().__init__(generator, discriminator, **kwargs)
        size, images = _first(generator.input_shape)[-1], _first(discriminator.input_shape)[1:]
        self.latents: LatentDistribution = latents or Normal(size)
        if self.latents.size != size:
            raise ValueError(
                f"Expected latents of size {size}, the generator's input. "
                f"Received: size={self.latents.size}"
            )
        self._measured_norms = measured_norms(self.ema_generator)
        if generator.output_shape[1:] != images:
            raise ValueError(
                "Expected the discriminator to take the generator's images. Received: images "
                f"{generator.output_shape[1:]}, discriminator {images}"
            )

    @functools.cached_property
    def _sample(self):
        def make(latents, labels):
            inputs = latents if labels is None else [latents, labels]
            return self.sampling_generator(inputs, training=False)

        return Sampling(make)

    @abc.abstractmethod
    def _labels(self, data):
        """Labels of a batch, or ``None`` without classes."""

    @abc.abstractmethod
    def _make(self, latents, labels, training):
        """Images of the generator that is being trained."""

    @abc.abstractmethod
    def _discriminator_for(self, labels):
        """The discriminator as a callable on images of these labels alone."""

    @abc.abstractmethod
    def _class_losses(self, discriminator, name):
        """Loss of a classifier on what ``discriminator`` was shown so far, by name; or nothing."""

    def train_step(self, data):
        """One step of the update rule on a batch of real images.

        Where there are labels, the generated images of a step have those of its real ones.

        Args:
            data: dict with ``image``, float32 of shape (batch, height, width, channels) in
                [-1, 1], and ``label``, int32 of shape (batch,), where the model has classes.

        Returns:
            Dict of scalars: running means of losses, logits and gradient norms.
        """
        real_images, labels = data["image"], self._labels(data)
        if self.update.single_pass:
            values = self._both_steps(real_images, labels)
        elif self.update.reused_images:
            values = self._steps_on_the_same_images(real_images, labels)
        else:
            values = {}
            for index in range(self.update.discriminator_steps):
                values |= self._discriminator_step(real_images, labels, index)
            values |= self._generator_step(real_images, labels)
        self._measure_average(real_images)
        return self._finish_step(tf.shape(real_images)[0], values)

    def _measure_average(self, real_images):
        """Every few steps, the batch norms of the averaged generator see what it makes."""
        if not self._measured_norms:
            return
        count = tf.shape(real_images)[0] * num_replicas()
        latents = self.latents.sample(count, self._key(Purpose.STATISTICS_LATENTS, shared=True))
        labels = tf.range(count) % self.num_classes if self.num_classes else None

        def measure():
            inputs = latents if labels is None else [latents, labels]
            self.ema_generator(inputs, training=True)
            return True

        due = is_time_to_measure(self.step)
        if num_replicas() == 1:
            tf.cond(due, measure, lambda: False)
            return
        # Variables are exchanged between devices, which can't be done within a condition.
        statistics = statistics_of(self._measured_norms)
        before = [tf.identity(each) for each in statistics]
        measure()
        for each, old in zip(statistics, before, strict=True):
            each.assign(tf.where(due, each, old))

    def _discriminator_step(self, real_images, labels, index):
        latents = self._draw(real_images, Purpose.DISCRIMINATOR_LATENTS, index)
        fake_images = self._make(latents, labels, training=self.update.opponent_training)
        values, _ = self._discriminator_update(real_images, fake_images, labels, index)
        return values

    def _discriminator_update(self, real_images, fake_images, labels, index=0):
        """Moves the discriminator; returns what to log, and the real images' logits."""
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION, index)
        fake_images = self._augment(fake_images, Purpose.FAKE_AUGMENTATION, index)
        advance_power_iterations(self.discriminator)
        with tf.GradientTape() as tape:
            total, (real_logits, _), values = self._discriminator_total(
                self._discriminator_for(labels), real_images, fake_images, labels, index
            )
            scaled_total = self.discriminator_optimizer.scale_loss(total)
        norm = gradient_step(self.discriminator_optimizer, tape, scaled_total, self.discriminator)
        return values | {"discriminator_gradient_norm": norm}, real_logits

    def _steps_on_the_same_images(self, real_images, labels):
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        with tf.GradientTape() as tape:
            fake_images = self._make(latents, labels, training=True)
            with tape.stop_recording():
                values, real_logits = self._discriminator_update(real_images, fake_images, labels)
            total, extras = self._generator_total(fake_images, real_logits, labels)
            scaled_total = self.generator_optimizer.scale_loss(total)
        norm = gradient_step(self.generator_optimizer, tape, scaled_total, self.generator)
        return values | extras | {"generator_gradient_norm": norm}

    def _generator_step(self, real_images, labels):
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        real_logits = None
        if self.adversarial_loss.relativistic:
            augmented = self._augment(real_images, Purpose.REAL_AUGMENTATION)
            real_logits = self._discriminator_for(labels)(
                augmented, training=self.update.opponent_training
            )
        with tf.GradientTape() as tape:
            fake_images = self._make(latents, labels, training=True)
            total, values = self._generator_total(fake_images, real_logits, labels)
            scaled_total = self.generator_optimizer.scale_loss(total)
        norm = gradient_step(self.generator_optimizer, tape, scaled_total, self.generator)
        return values | {"generator_gradient_norm": norm}

    def _generator_total(self, fake_images, real_logits, labels):
        """The generator's loss with its class losses, and what to log of them."""
        augmented = self._augment(fake_images, Purpose.GENERATOR_AUGMENTATION)
        discriminator = self._discriminator_for(labels)
        fake_logits = discriminator(augmented, training=self.update.opponent_training)
        loss = self.adversarial_loss.generator_loss(real_logits, fake_logits)
        extras = self._class_losses(discriminator, "generator_class_loss")
        return tf.add_n([loss, *extras.values()]), extras | {"generator_loss": loss}

    def _both_steps(self, real_images, labels):
        latents = self._draw(real_images, Purpose.GENERATOR_LATENTS)
        real_images = self._augment(real_images, Purpose.REAL_AUGMENTATION)
        advance_power_iterations(self.discriminator)
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = self._make(latents, labels, training=True)
            fake_images = self._augment(fake_images, Purpose.GENERATOR_AUGMENTATION)
            discriminator = self._discriminator_for(labels)
            total, logits, values = self._discriminator_total(
                discriminator, real_images, fake_images, labels
            )
            generator_loss = self.adversarial_loss.generator_loss(*logits)
            extras = self._class_losses(discriminator, "generator_class_loss")
            generator_total = tf.add_n([generator_loss, *extras.values()])
            scaled_generator_total = self.generator_optimizer.scale_loss(generator_total)
            scaled_total = self.discriminator_optimizer.scale_loss(total)
        generator_norm = gradient_step(
            self.generator_optimizer, generator_tape, scaled_generator_total, self.generator
        )
        discriminator_norm = gradient_step(
            self.discriminator_optimizer, discriminator_tape, scaled_total, self.discriminator
        )
        return (
            values
            | extras
            | {
                "generator_loss": generator_loss,
                "discriminator_gradient_norm": discriminator_norm,
                "generator_gradient_norm": generator_norm,
            }
        )

    def _discriminator_total(self, discriminator, real_images, fake_images, labels, index=0):
        """The discriminator's loss with its penalties, both logits, and what to log of them."""
        real_logits, fake_logits, *gradients = self._paired_logits(
            discriminator, real_images, fake_images
        )
        loss = self.adversarial_loss.discriminator_loss(
            real_logits, fake_logits, seed=self._key(Purpose.LABEL_NOISE, index)
        )
        extras = self._class_losses(discriminator, "discriminator_class_loss")
        extras |= penalise(
            self.penalties,
            DiscriminatorBatch(
                # They show it other images than these, which no class loss is of.
                self._discriminator_for(labels),
                real_images,
                fake_images,
                real_logits,
                fake_logits,
                self._key(Purpose.PENALTY, index),
                self.images_seen.value,
                *gradients,
            ),
            self.step,
        )
        values = {
            "discriminator_loss": loss,
            "real_logits": tf.reduce_mean(real_logits),
            "fake_logits": tf.reduce_mean(fake_logits),
        }
        values |= extras
        if index == 0:  # Several steps on the same real images count them once.
            values |= self._observe(real_logits, fake_logits)
        return tf.add_n([loss, *extras.values()]), (real_logits, fake_logits), values

    def _checked_latents(self, latents, seed):
        """Latents to make images from, drawn where only their number is given."""
        if isinstance(latents, (int, np.integer)):
            if latents < 1:
                raise ValueError(f"Expected at least 1 image. Received: {latents}")
            latents = self.latents.sample(latents, key(seed, 0, Purpose.SAMPLES))
        latents = tf.convert_to_tensor(latents, tf.float32)
        if latents.ndim != 2 or latents.shape[1] != self.latents.size or not len(latents):
            raise ValueError(
                f"Expected latents of shape (n, {self.latents.size}). "
                f"Received: shape {tuple(latents.shape)}"
            )
        return latents

    def get_config(self):
        """Returns the constructor's arguments, serialised."""
        return super().get_config() | {"latents": keras.saving.serialize_keras_object(self.latents)}

    def _draw(self, real_images, purpose, index=0):
        # Drawn for the whole batch, so that several devices train as one does.
        count = tf.shape(real_images)[0] * num_replicas()
        return own_part(self.latents.sample(count, self._key(purpose, index, shared=True)))

    def _augment(self, images, purpose, index=0):
        if self.augmenter is None:
            return images
        return self.augmenter(images, self._key(purpose, index))

    def _observe(self, real_logits, fake_logits):
        """Shows the real logits to whatever adapts to them; positive where taken for real."""
        if not self.observers:
            return {}
        if self.adversarial_loss.relativistic:
            # Such a loss leaves it open where 0 lies; the middle between both kinds stands for it.
            middle = (tf.reduce_mean(real_logits) + tf.reduce_mean(fake_logits)) / 2
            real_logits = real_logits - mean_over_replicas(middle)
        values = {}
        for observer in self.observers:
            values |= observer.observe(real_logits)
        return values

    def _paired_logits(self, discriminator, real_images, fake_images):
        """Both batches' logits, and input gradients where the rule says that they be shared."""
        networks_and_images = discriminator, real_images, fake_images
        if self.update.shared_gradients:
            share = max(penalty.gradient_share for penalty in self.penalties)
            return paired_logits_with_gradients(*networks_and_images, share)
        return paired_logits(*networks_and_images, self.update.joint_batch)


def _first(shapes):
    """Shape of the only or first input."""
    return shapes[0] if isinstance(shapes, list) else shapes
