"""StarGAN: one translator among many domains, also of several data sets at once."""

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab.data import AlternatingImages, ImageSet
from tfgan_lab.losses.adversarial import mean
from tfgan_lab.losses.cyclegan import absolute_error
from tfgan_lab.losses.penalties import DiscriminatorBatch
from tfgan_lab.losses.stargan import LabelSets, StarGANLoss
from tfgan_lab.models.adversarial_model import AdversarialModel
from tfgan_lab.models.discriminator_passes import penalise
from tfgan_lab.models.optimisation import gradient_step, scaled_sum
from tfgan_lab.models.translating import translate_images
from tfgan_lab.models.updates import UpdateRule
from tfgan_lab.randomness import Purpose
from tfgan_lab.replicas import own_part, whole_batch


@keras.saving.register_keras_serializable(package="tfgan_lab")
class StarGAN(AdversarialModel):
    """Translates images to any of k domains with one generator, where pairs need k (k - 1).

    The targets of a batch are its own labels in another order, drawn again for every update. Where
    there are several data sets, a batch of one of them is translated within it, as in the paper.

    Reference:
        StarGAN: Unified Generative Adversarial Networks for Multi-Domain Image-to-Image
        Translation, arXiv 1711.09020, section 3.

    Args:
        generator: built ``keras.Model`` from a list of images and vectors of their target, such
            as ``tfgan_lab.networks.domain_translator``, to images in [-1, 1].
        discriminator: built ``keras.Model`` from images to logits of any shape and logits of all
            labels, such as ``tfgan_lab.networks.domain_discriminator``.
        label_sets: a ``tfgan_lab.losses.LabelSets``, or the number of domains.
        seed: see ``AdversarialModel``.
        ema_half_life_images: see ``AdversarialModel``.
        name: name of the model.

    Raises:
        ValueError: networks that don't fit the labels.

    Example:
        >>> import tfgan_lab as tgl
        >>> model = tgl.models.StarGAN(
        ...     tgl.networks.domain_translator(vector_size=4, width=4, num_blocks=1),
        ...     tgl.networks.domain_discriminator(num_labels=4, image_size=16, width=4),
        ...     label_sets=4,
        ... )
        >>> model.compile(penalties=[tgl.losses.GradientPenalty()])
        >>> batch = {"image": tf.zeros((2, 16, 16, 3)), "label": tf.constant([0, 3])}
        >>> history = model.fit(tf.data.Dataset.from_tensors(batch), verbose=0)
        >>> model.translate(tf.zeros((5, 17, 30, 3)), labels=[0, 1, 2, 3, 0]).shape
        (5, 17, 30, 3)
    """

    METRICS = (
        "discriminator_loss",
        "generator_loss",
        "real_classification_loss",
        "fake_classification_loss",
        "reconstruction_loss",
        "real_logits",
        "fake_logits",
        "discriminator_gradient_norm",
        "generator_gradient_norm",
    )

    def __init__(
        self,
        generator,
        discriminator,
        label_sets,
        *,
        seed=0,
        ema_half_life_images=0,
        name="stargan",
    ):
        super().__init__(
            generator,
            discriminator,
            seed=seed,
            ema_half_life_images=ema_half_life_images,
            name=name,
        )
        self.label_sets = LabelSets([label_sets]) if isinstance(label_sets, int) else label_sets
        sizes = generator.input_shape[1][-1], discriminator.output_shape[1][-1]
        expected = self.label_sets.vector_size, self.label_sets.num_labels
        if sizes != expected:
            raise ValueError(
                f"Expected a generator of vectors of {expected[0]} values and a discriminator of "
                f"{expected[1]} labels. Received: {sizes[0]} and {sizes[1]}"
            )

    def compile(self, generator_optimizer=None, discriminator_optimizer=None, loss=None, **kwargs):
        """Sets how the networks learn.

        Args:
            generator_optimizer: see ``AdversarialModel.compile``.
            discriminator_optimizer: likewise.
            loss: a ``tfgan_lab.losses.StarGANLoss``, the paper's unless given.
            **kwargs: ``penalties``, a ``GradientPenalty`` in the paper; ``update``, an
                ``UpdateRule`` that says how many discriminator steps, 5 in the paper;
                and those of ``keras.Model.compile``.

        Raises:
            ValueError: another kind of loss, an augmenter, or a rule of update with more than a
                number of steps.
        """
        loss = loss or StarGANLoss()
        if not isinstance(loss, StarGANLoss):
            raise ValueError(f"Expected loss to be a StarGANLoss. Received: loss={loss!r}")
        if kwargs.get("augmenter") is not None:
            raise ValueError("Expected no augmenter, which StarGAN does not have. Received: one")
        update = kwargs.get("update")
        if update and update != UpdateRule(discriminator_steps=update.discriminator_steps):
            raise ValueError(
                "Expected a rule of update with nothing but discriminator_steps. "
                f"Received: update={update!r}"
            )
        super().compile(generator_optimizer, discriminator_optimizer, loss, **kwargs)

    def fit(self, x=None, **kwargs):
        """Trains; see ``AdversarialModel.fit``.

        Args:
            x: ``ImageSet`` with labels, ``AlternatingImages`` of as many sets as there are label
                sets, or anything that yields what ``train_step`` takes.
            **kwargs: see there.

        Raises:
            ValueError: images of more labels than the model has, or of another number of sets.
        """
        if isinstance(x, (ImageSet, AlternatingImages)):
            self._check_labels(x)
        return super().fit(x, **kwargs)

    def train_step(self, data):
        """The discriminator's steps, then the generator's, on a batch of labelled images.

        Args:
            data: dict with ``image``, float32 of shape (batch, height, width, channels) in
                [-1, 1]; ``label`` and, where there are several sets, ``data_set``, as
                ``LabelSets.encode`` takes them.

        Returns:
            Dict of scalars: running means of losses, logits and gradient norms.
        """
        real_images = data["image"]
        sources = self.label_sets.encode(data["label"], data.get("data_set"))
        for index in range(self.update.discriminator_steps):
            values = self._discriminator_step(real_images, sources, index)
        values |= self._generator_step(real_images, sources, self.update.discriminator_steps)
        return self._finish_step(tf.shape(real_images)[0], values)

    def translate(self, images, labels, data_sets=None, *, batch_size=16):
        """Translates images with the sampling generator in inference mode.

        Args:
            images: float array of shape (n, height, width, channels) in [-1, 1], of any size
                from 8 pixels.
            labels: the targets, one for each image, as ``LabelSets.encode`` takes them.
            data_sets: see there.
            batch_size: images computed at once.

        Returns:
            float32 array of the images' shape in [-1, 1].

        Raises:
            ValueError: an unknown label, or images of another kind.
        """
        if len(labels) != len(images):
            raise ValueError(
                "Expected one target for each image. "
                f"Received: {len(labels)} for {len(images)} images"
            )
        try:
            targets = self.label_sets.encode(labels, data_sets).numpy()
        except tf.errors.InvalidArgumentError as error:
            raise ValueError(
                f"Expected labels from sets of {self.label_sets.sizes}, counted from 0. "
                f"Received: labels={np.asarray(labels).tolist()}"
            ) from error
        return translate_images(self.sampling_generator, images, targets, batch_size=batch_size)

    def judge(self, images, domain):
        """Returns the discriminator's logits of real or not in inference mode.

        Args:
            images: float tensor of shape (batch, height, width, channels) in [-1, 1].
            domain: int; there is one discriminator for all.
        """
        del domain
        return self._judge(images, training=False)

    def _check_labels(self, images):
        sets = getattr(images, "sets", (images,))
        if any(each.labels is None for each in sets):
            raise ValueError("Expected images labelled with their domain. Received: no labels")
        has = tuple(int(each.labels.max()) + 1 for each in sets)
        sizes = self.label_sets.sizes
        if len(has) != len(sizes) or any(np.greater(has, sizes)):
            raise ValueError(
                f"Expected images of {len(sizes)} sets with at most {sizes} labels. Received: {has}"
            )

    def _targets(self, sources, index):
        """The batch's labels in another order."""
        sources = whole_batch(sources)
        seed = self._key(Purpose.TARGET_DOMAINS, index, shared=True)
        order = tf.random.experimental.stateless_shuffle(tf.range(tf.shape(sources)[0]), seed)
        return own_part(tf.gather(sources, order))

    def _discriminator_step(self, real_images, sources, index):
        targets = self._targets(sources, index)
        fake_images = self.generator([real_images, targets], training=True)
        loss = self.adversarial_loss
        with tf.GradientTape() as tape:
            real_logits, real_labels = self.discriminator(real_images, training=True)
            fake_logits, _ = self.discriminator(fake_images, training=True)
            classification = self.label_sets.classification_loss(sources, real_labels)
            noise_seed = self._key(Purpose.LABEL_NOISE, index)
            value = loss.discriminator_loss(real_logits, fake_logits, classification, noise_seed)
            batch = DiscriminatorBatch(
                self._judge,
                real_images,
                fake_images,
                real_logits,
                fake_logits,
                self._key(Purpose.PENALTY, index),
                self.images_seen.value,
            )
            losses = {"discriminator_loss": value} | penalise(self.penalties, batch, self.step)
            scaled_loss = scaled_sum(losses, self.discriminator_optimizer)
        norm = gradient_step(self.discriminator_optimizer, tape, scaled_loss, self.discriminator)
        return losses | {
            "real_classification_loss": classification,
            "real_logits": mean(real_logits),
            "fake_logits": mean(fake_logits),
            "discriminator_gradient_norm": norm,
        }

    def _generator_step(self, real_images, sources, index):
        targets = self._targets(sources, index)
        with tf.GradientTape() as tape:
            fake_images = self.generator([real_images, targets], training=True)
            fake_logits, fake_labels = self.discriminator(fake_images, training=True)
            classification = self.label_sets.classification_loss(targets, fake_labels)
            back = self.generator([fake_images, sources], training=True)
            reconstruction = absolute_error(real_images, back)
            loss = self.adversarial_loss.generator_loss(fake_logits, classification, reconstruction)
            scaled_loss = self.generator_optimizer.scale_loss(loss)
        norm = gradient_step(self.generator_optimizer, tape, scaled_loss, self.generator)
        return {
            "generator_loss": loss,
            "fake_classification_loss": classification,
            "reconstruction_loss": reconstruction,
            "generator_gradient_norm": norm,
        }

    def _judge(self, images, training):
        """The discriminator's first answer, which is what penalties are about."""
        return self.discriminator(images, training=training)[0]
