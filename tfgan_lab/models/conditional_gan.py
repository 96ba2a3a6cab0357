"""The GAN with classes."""

import keras

from tfgan_lab.models.gan import GAN


@keras.saving.register_keras_serializable(package="tfgan_lab")
class ConditionalGAN(GAN):
    """Generator against discriminator, both told the class.

    How they are told is the networks' affair: ``tfgan_lab.networks.conditional_generator`` and
    ``conditional_discriminator`` know several methods. The discriminator judges whether an image
    is a real one of its class; generated images of a step get the labels of its real ones, so
    that relativistic losses compare within a class. Losses, penalties, augmenters and rules of
    update are those of ``GAN``.

    Reference:
        Conditional Generative Adversarial Nets, arXiv 1411.1784, equation 2. With class logits:
        Conditional Image Synthesis With Auxiliary Classifier GANs, arXiv 1610.09585, equations 2
        and 3.

    Args:
        generator: built ``keras.Model`` from a list of latents of shape (batch, latent_size) and
            int32 labels of shape (batch,) to images in [-1, 1].
        discriminator: built ``keras.Model`` from a list of images and labels to logits of shape
            (batch, 1), or to a list of these and class logits of shape (batch, num_classes).
        num_classes: int from 2.
        latents: see ``GAN``.
        class_loss_weight: float from 0, weight of the auxiliary classifier's cross-entropy in both
            networks' losses, where the discriminator has class logits.
        seed: see ``AdversarialModel``.
        ema_half_life_images: see ``AdversarialModel``.

    Raises:
        ValueError: networks that don't take labels, or don't fit each other.

    Example:
        >>> import tfgan_lab as tgl
        >>> generator = tgl.networks.upsampling_generator(image_size=16, widths=(8, 8))
        >>> discriminator = tgl.networks.convolutional_discriminator(image_size=16, widths=(8,))
        >>> gan = tgl.ConditionalGAN(
        ...     tgl.networks.conditional_generator(generator, 8, method="batch_norm"),
        ...     tgl.networks.conditional_discriminator(discriminator, 8, method="projection"),
        ...     num_classes=8,
        ... )
        >>> gan.compile(loss=tgl.losses.Hinge())
        >>> history = gan.fit(tgl.data.vehicles(8, image_size=16, batch_size=4), verbose=0)
        >>> gan.generate(3, labels=7).shape
        (3, 16, 16, 3)
    """

    def __init__(
        self,
        generator,
        discriminator,
        num_classes,
        *,
        latents=None,
        class_loss_weight=1.0,
        seed=0,
        ema_half_life_images=0,
        **kwargs,
    ):
        for role, network in [("generator", generator), ("discriminator", discriminator)]:
            inputs = getattr(network, "input_shape", None)
            if not isinstance(inputs, list) or len(inputs) != 2:
                raise ValueError(
                    f"Expected a {role} with two inputs, the second of them labels. "
                    f"Received: input shape {inputs}"
                )
        if num_classes < 2:
            raise ValueError(f"Expected num_classes from 2. Received: num_classes={num_classes}")
        outputs = discriminator.output_shape
        if isinstance(outputs, list) and outputs[1][-1] != num_classes:
            raise ValueError(
                f"Expected class logits of {num_classes} classes. Received: {outputs[1][-1]}"
            )
        kwargs.setdefault("name", "conditional_gan")
        super().__init__(
            generator,
            discriminator,
            latents=latents,
            seed=seed,
            ema_half_life_images=ema_half_life_images,
            **kwargs,
        )
        self.num_classes = int(num_classes)
        self.class_loss_weight = class_loss_weight

    @property
    def METRICS(self):  # noqa: N802 (as in the other models, where it is constant)
        """Names of what is logged, the classifier's losses among them where there is one."""
        if not isinstance(self.discriminator.output_shape, list):
            return GAN.METRICS
        return (*GAN.METRICS, "discriminator_class_loss", "generator_class_loss")
