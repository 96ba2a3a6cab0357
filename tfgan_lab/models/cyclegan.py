"""CycleGAN: two translators between two domains, from images that are not paired."""

import keras
import tensorflow as tf

from tfgan_lab.layers.image_pool import ImagePool
from tfgan_lab.losses.adversarial import mean, ordered_sum
from tfgan_lab.losses.cyclegan import CycleGANLoss, cycle_loss, identity_loss
from tfgan_lab.models.adversarial_model import AdversarialModel
from tfgan_lab.models.optimisation import gradient_step
from tfgan_lab.models.pair import NetworkPair
from tfgan_lab.models.translating import translate_images
from tfgan_lab.models.updates import UpdateRule
from tfgan_lab.randomness import Purpose


@keras.saving.register_keras_serializable(package="tfgan_lab")
class CycleGAN(AdversarialModel):
    """Translates images of domain A to B and back, and learns it from a set of each.

    Both translators are one ``NetworkPair``, and so are both discriminators: ``generator`` and
    ``discriminator``, each with one optimiser, as in the authors' code.

    Reference:
        Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, arXiv
        1703.10593, sections 3 and 4.

    Args:
        translators: two built ``keras.Model``, from A to B and from B to A.
        discriminators: two built ``keras.Model`` from images to logits of any shape, of domain
            A and of domain B.
        pool_size: int from 0, translations of each domain that are kept, to be shown to the
            discriminators among new ones; see ``tfgan_lab.layers.ImagePool``.
        seed: see ``AdversarialModel``.
        ema_half_life_images: see ``AdversarialModel``.
        name: name of the model.

    Example:
        >>> import tfgan_lab as tgl
        >>> translator, judge = tgl.networks.residual_translator, tgl.networks.patch_discriminator
        >>> model = tgl.models.CycleGAN(
        ...     [translator(width=4, num_blocks=1) for _ in range(2)],
        ...     [judge(image_size=16, width=4, patch_size=16) for _ in range(2)],
        ... )
        >>> model.compile()
        >>> batch = {"image_a": tf.zeros((2, 16, 16, 3)), "image_b": tf.ones((2, 16, 16, 3))}
        >>> history = model.fit(tf.data.Dataset.from_tensors(batch), verbose=0)
        >>> model.translate(tf.zeros((5, 17, 30, 3)), to="b").shape
        (5, 17, 30, 3)
    """

    METRICS = (
        "discriminator_loss",
        "generator_loss",
        "adversarial_loss",
        "cycle_loss",
        "identity_loss",
        "real_logits",
        "fake_logits",
        "discriminator_gradient_norm",
        "generator_gradient_norm",
    )

    def __init__(
        self,
        translators,
        discriminators,
        *,
        pool_size=50,
        seed=0,
        ema_half_life_images=0,
        name="cyclegan",
    ):
        super().__init__(
            NetworkPair(*translators, name="translators"),
            NetworkPair(*discriminators, name="discriminators"),
            seed=seed,
            ema_half_life_images=ema_half_life_images,
            name=name,
        )
        self.pool_a = ImagePool(pool_size, name="pool_a")
        self.pool_b = ImagePool(pool_size, name="pool_b")
        if pool_size:
            self.pool_a.build(self.discriminator.first.input_shape)
            self.pool_b.build(self.discriminator.second.input_shape)

    def compile(self, generator_optimizer=None, discriminator_optimizer=None, loss=None, **kwargs):
        """Sets how the networks learn.

        Args:
            generator_optimizer: Keras optimiser of both translators; Adam(2e-4, beta_1=0.5)
                unless given. ``LinearDecay`` is the paper's learning rate.
            discriminator_optimizer: another instance for both discriminators, same default.
            loss: a ``tfgan_lab.losses.CycleGANLoss``, the paper's unless given.
            **kwargs: ``jit_compile``, ``run_eagerly``, ``steps_per_execution`` of
                ``keras.Model.compile``.

        Raises:
            ValueError: another kind of loss, penalties, an augmenter or a rule of update.
        """
        loss = loss or CycleGANLoss()
        if not isinstance(loss, CycleGANLoss):
            raise ValueError(f"Expected loss to be a CycleGANLoss. Received: loss={loss!r}")
        given = {name: kwargs.get(name) for name in ("augmenter", "penalties", "update")}
        clash = [name for name, value in given.items() if value and value != UpdateRule()]
        if clash:
            raise ValueError(
                "Expected none of penalties, augmenter, update, which CycleGAN does not have. "
                f"Received: {', '.join(clash)}"
            )
        super().compile(generator_optimizer, discriminator_optimizer, loss, **kwargs)

    def train_step(self, data):
        """One step on a batch of each domain; both generators' and both discriminators' updates.

        Args:
            data: dict with ``image_a`` and ``image_b``, float32 of shape (batch, height, width,
                channels) in [-1, 1].

        Returns:
            Dict of scalars: running means of losses, logits and gradient norms.
        """
        real_a, real_b = data["image_a"], data["image_b"]
        loss = self.adversarial_loss
        a_to_b, b_to_a = self.generator.first, self.generator.second
        with tf.GradientTape() as generator_tape:
            # 1. Translate both ways, 2. and back again.
            fake_b, fake_a = a_to_b(real_a, training=True), b_to_a(real_b, training=True)
            cycled_a, cycled_b = b_to_a(fake_b, training=True), a_to_b(fake_a, training=True)
            # 3. What is in the target domain already should stay.
            identity = self._identity_loss(real_a, real_b)
            # 4. Let the discriminators judge the translations.
            fake_a_logits, fake_b_logits = self.discriminator([fake_a, fake_b], training=True)
            # 5. Generators' total.
            adversarial = loss.adversarial_loss(fake_a_logits, fake_b_logits)
            cycle = cycle_loss(real_a, cycled_a, real_b, cycled_b)
            generator_loss = loss.generators_loss(adversarial, cycle, identity)
            scaled_generator_loss = self.generator_optimizer.scale_loss(generator_loss)
        # 6. Discriminators' loss, on new and pooled translations.
        shown_a = self.pool_a(fake_a, self._key(Purpose.IMAGE_POOL, 0, shared=True))
        shown_b = self.pool_b(fake_b, self._key(Purpose.IMAGE_POOL, 1, shared=True))
        with tf.GradientTape() as discriminator_tape:
            real_logits = self.discriminator([real_a, real_b], training=True)
            fake_logits = self.discriminator([shown_a, shown_b], training=True)
            discriminator_loss = self._discriminators_loss(real_logits, fake_logits)
            scaled_loss = self.discriminator_optimizer.scale_loss(discriminator_loss)
        # 7. Update the generators, 8. and the discriminators.
        generator_norm = gradient_step(
            self.generator_optimizer, generator_tape, scaled_generator_loss, self.generator
        )
        discriminator_norm = gradient_step(
            self.discriminator_optimizer, discriminator_tape, scaled_loss, self.discriminator
        )
        # 9. The losses as a dictionary.
        values = {
            "discriminator_loss": discriminator_loss,
            "generator_loss": generator_loss,
            "adversarial_loss": adversarial,
            "cycle_loss": cycle,
            "identity_loss": identity,
            "real_logits": _mean_of_both(real_logits),
            "fake_logits": _mean_of_both(fake_logits),
            "discriminator_gradient_norm": discriminator_norm,
            "generator_gradient_norm": generator_norm,
        }
        return self._finish_step(tf.shape(real_a)[0], values)

    def translate(self, images, to="b", *, batch_size=16):
        """Translates images with the sampling generators in inference mode.

        Args:
            images: float array of shape (n, height, width, channels) in [-1, 1], of any size
                from 8 pixels; not necessarily the size of training.
            to: the target domain, ``"a"`` or ``"b"``.
            batch_size: images computed at once.

        Returns:
            float32 array of the images' shape in [-1, 1].

        Raises:
            ValueError: another domain, or images of another kind.
        """
        if to not in {"a", "b"}:
            raise ValueError(f'Expected to translate to "a" or "b". Received: to={to!r}')
        pair = self.sampling_generator
        translator = pair.first if to == "b" else pair.second
        return translate_images(translator, images, batch_size=batch_size)

    def judge(self, images, domain):
        """Returns the logits of a domain's discriminator in inference mode.

        Args:
            images: float tensor of shape (batch, height, width, channels) in [-1, 1].
            domain: int, 0 for A and 1 for B.
        """
        judge = self.discriminator.second if domain else self.discriminator.first
        return judge(images, training=False)

    def checkpoint_variables(self):
        """Adds the image pools to what ``AdversarialModel`` says."""
        return super().checkpoint_variables() | {
            f"{pool.name}/{index:03d}": variable
            for pool in (self.pool_a, self.pool_b)
            for index, variable in enumerate(pool.variables)
        }

    def get_config(self):
        """Returns the constructor's arguments, serialised."""
        serialize = keras.saving.serialize_keras_object
        return {
            "translators": serialize([self.generator.first, self.generator.second]),
            "discriminators": serialize([self.discriminator.first, self.discriminator.second]),
            "pool_size": self.pool_a.capacity,
            "seed": self.seed,
            "ema_half_life_images": self.ema_half_life_images,
            "name": self.name,
        }

    def _identity_loss(self, real_a, real_b):
        if not self.adversarial_loss.identity_weight:
            return tf.constant(0.0)
        same_b, same_a = self.generator([real_b, real_a], training=True)
        return identity_loss(real_a, same_a, real_b, same_b)

    def _discriminators_loss(self, real_logits, fake_logits):
        judge = self.adversarial_loss.discriminator_loss
        return ordered_sum(
            *(
                judge(real, fake, seed=self._key(Purpose.LABEL_NOISE, index))
                for index, (real, fake) in enumerate(zip(real_logits, fake_logits, strict=True))
            )
        )


def _mean_of_both(logits):
    return (mean(logits[0]) + mean(logits[1])) / 2
