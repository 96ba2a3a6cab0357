"""Penalties on the discriminator's slope, added to its loss in its own step.

One small class each. The base class stands here too.
"""

import abc
import typing

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable
from tfgan_lab.losses.adversarial import mean

# Under the root of a norm, whose slope is infinite at zero.
EPSILON = 1e-12


class DiscriminatorBatch(typing.NamedTuple):
    """What a discriminator's step knows when it comes to its penalties.

    Attributes:
        discriminator: the model, from images to logits.
        real_images: float32 of shape (batch, height, width, channels), as the discriminator saw
            them, that is, augmented.
        fake_images: as many generated ones.
        real_logits: the discriminator's answers, of shape (batch, 1).
        fake_logits: likewise.
        seed: int64 tensor of shape (2,), key of the penalty's randomness in this step.
        images_seen: int64 scalar, training images before this step.
        real_gradients: what ``input_gradients`` says of the first real images, where it is known
            already; ``None`` where a penalty has to take it.
        fake_gradients: likewise.
    """

    discriminator: keras.Model
    real_images: tf.Tensor
    fake_images: tf.Tensor
    real_logits: tf.Tensor
    fake_logits: tf.Tensor
    seed: tf.Tensor
    images_seen: tf.Tensor | int = 0
    real_gradients: tf.Tensor | None = None
    fake_gradients: tf.Tensor | None = None


class Penalty(Configurable, abc.ABC):
    """What ``compile(penalties=[...])`` takes.

    Args:
        interval: int; the penalty is taken at every n-th step only, with n times its weight. That
            saves time, and on small networks it has been seen to fail where 1 does not.

    Attributes:
        name: what its value is logged as.
        interval: int.
        variables: list of ``keras.Variable`` to be saved and restored with the model.
        gradient_share: float, part of the batch whose ``input_gradients`` the penalty takes at
            every step; 0 for none.
        differentiates_twice: bool, whether weights learn from a gradient towards the images.
    """

    name: str
    variables = ()
    gradient_share = 0.0
    differentiates_twice = False

    def __init__(self, interval=1):
        if interval < 1:
            raise ValueError(f"Expected an interval of at least 1. Received: interval={interval}")
        self.interval = interval

    @abc.abstractmethod
    def __call__(self, batch: DiscriminatorBatch) -> tf.Tensor:
        """Returns the weighted penalty, a float32 scalar."""


@keras.saving.register_keras_serializable(package="tfgan_lab")
class R1(Penalty):
    """gamma / 2 times the mean of the squared norm of D's gradient at real images.

    Reference:
        Which Training Methods for GANs do actually Converge?, arXiv 1801.04406, equation 9.

    Args:
        gamma: float from 0. At 64 pixels and batch 32 between 0.05 and 10 have worked.
        share: float in (0, 1], part of the batch that is penalised; the expectation is the same.
        interval: see ``Penalty``.
    """

    name, kind = "r1_penalty", "real"
    differentiates_twice = True

    def __init__(self, gamma=1.0, share=1.0, interval=1):
        super().__init__(interval)
        _check_share(share)
        self.gamma = gamma
        self.share = share
        self.gradient_share = share if interval == 1 else 0.0

    def __call__(self, batch):
        """See the class."""
        images = first_part(getattr(batch, f"{self.kind}_images"), self.share)
        gradients = getattr(batch, f"{self.kind}_gradients")
        if gradients is None:
            gradients = input_gradients(batch.discriminator, images)
        return self.gamma / 2 * mean(squared_norms(gradients[: tf.shape(images)[0]]))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class R2(R1):
    """As ``R1``, at generated images."""

    name, kind = "r2_penalty", "fake"


@keras.saving.register_keras_serializable(package="tfgan_lab")
class ApproximateR1(Penalty):
    """R1 by a finite difference: no gradient of a gradient.

    For unit normal n and small sigma, E[(D(x) - D(x + sigma n))^2] is sigma^2 times the squared
    norm of the gradient, plus terms of sigma^4. One draw for each image makes it noisy: its
    standard deviation is sqrt(2) of its mean. Both answers carry gradients; keep them float32. In
    an untrained residual network at 32 pixels and sigma 0.01, one draw's gradient was off by 1.2 of
    its norm where the network computed in bfloat16, and by 0.1 in float16.

    Reference:
        Diffusion Adversarial Post-Training for One-Step Video Generation, arXiv 2501.08316,
        section 3.3; their lambda is gamma / (2 sigma^2) here.

    Args:
        gamma: as in ``R1``.
        sigma: float above 0, standard deviation of the displacement, in pixels' units of [-1, 1].
        share: as in ``R1``.
        interval: see ``Penalty``.
    """

    name, kind = "approximate_r1_penalty", "real"

    def __init__(self, gamma=1.0, sigma=0.01, share=1.0, interval=1):
        super().__init__(interval)
        _check_share(share)
        if not sigma > 0:
            raise ValueError(f"Expected sigma above 0. Received: sigma={sigma}")
        self.gamma = gamma
        self.sigma = sigma
        self.share = share

    def __call__(self, batch):
        """See the class."""
        images, logits = (
            first_part(getattr(batch, f"{self.kind}_{part}"), self.share)
            for part in ("images", "logits")
        )
        noise = tf.random.stateless_normal(tf.shape(images), batch.seed, dtype=images.dtype)
        displaced = batch.discriminator(images + self.sigma * noise, training=True)
        difference = tf.cast(displaced, tf.float32) - tf.cast(logits, tf.float32)
        return self.gamma / (2 * self.sigma**2) * mean(tf.square(difference))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class ApproximateR2(ApproximateR1):
    """As ``ApproximateR1``, at generated images."""

    name, kind = "approximate_r2_penalty", "fake"


@keras.saving.register_keras_serializable(package="tfgan_lab")
class GradientPenalty(Penalty):
    """WGAN-GP: D's slope between a real and a generated image should be ``target``.

    ``weight * E[(|grad D(x')| / target - 1)^2]``, x' uniform on the line between the two, a
    point of its own for every pair.

    Reference:
        Improved Training of Wasserstein GANs, arXiv 1704.00028, equation 3; one-sided: section 4.

    Args:
        weight: float from 0.
        target: float above 0.
        one_sided: whether slopes below the target are left alone.
        interval: see ``Penalty``.
    """

    name = "gradient_penalty"
    differentiates_twice = True

    def __init__(self, weight=10.0, target=1.0, one_sided=False, interval=1):
        super().__init__(interval)
        if not target > 0:
            raise ValueError(f"Expected target above 0. Received: target={target}")
        self.weight = weight
        self.target = target
        self.one_sided = one_sided

    def __call__(self, batch):
        """See the class."""
        real, fake = batch.real_images, batch.fake_images
        place = tf.random.stateless_uniform((tf.shape(real)[0], 1, 1, 1), batch.seed)
        between = real + tf.cast(place, real.dtype) * (fake - real)
        excess = slopes(batch.discriminator, between) / self.target - 1
        if self.one_sided:
            excess = tf.nn.relu(excess)
        return self.weight * mean(tf.square(excess))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class DRAGAN(Penalty):
    """D's slope around real images should be 1.

    ``weight * E[(|grad D(x + noise)| - 1)^2]``, the noise uniform in [0, 1) times a factor
    for each image times half of the batch's standard deviation.

    Reference:
        On Convergence and Stability of GANs, arXiv 1705.07215, section 2.5 and algorithm 1.

    Args:
        weight: float from 0.
        interval: see ``Penalty``.
    """

    name = "dragan_penalty"
    differentiates_twice = True

    def __init__(self, weight=10.0, interval=1):
        super().__init__(interval)
        self.weight = weight

    def __call__(self, batch):
        """See the class."""
        real = tf.cast(batch.real_images, tf.float32)
        seeds = tf.random.split(batch.seed, 2)
        noise = tf.random.stateless_uniform(tf.shape(real), seeds[0])
        noise *= 0.5 * tf.math.reduce_std(real)
        place = tf.random.stateless_uniform((tf.shape(real)[0], 1, 1, 1), seeds[1])
        excess = slopes(batch.discriminator, real + place * noise) - 1
        return self.weight * mean(tf.square(excess))


def check_twice_differentiable(network) -> None:
    """Refuses a network with a resizing, of which TensorFlow knows no second derivative.

    That of the bilinear one is missing without a word: the penalty would teach nothing.

    Args:
        network: ``keras.Model``, a discriminator.

    Raises:
        ValueError: images or features are resized within it.
    """
    for layer in network._flatten_layers(include_self=False):
        doubles = isinstance(layer, keras.layers.UpSampling2D) and layer.interpolation != "nearest"
        if doubles or isinstance(layer, keras.layers.Resizing):
            raise ValueError(
                "Expected no resizing in a discriminator whose slope is penalised, for it has no "
                f"second derivative. Received: {type(layer).__name__} in {network.name}"
            )


def input_gradients(discriminator, images) -> tf.Tensor:
    """Gradient of every image's logit with respect to its own pixels, itself differentiable.

    With batch norm a logit depends on the other images too, and the gradient is that of the
    logits' sum. So is that of an image whose patches have a logit each, as in StarGAN's own code.
    """
    return logits_and_gradients(discriminator, images)[1]


def logits_and_gradients(discriminator, images) -> tuple:
    """The logits in training mode, and ``input_gradients``, from one pass."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminator(images, training=True)
        total = tf.reduce_sum(tf.cast(logits, tf.float32))
    return logits, tape.gradient(total, images)


def squared_norms(gradients) -> tf.Tensor:
    """Sum of squares over all but the first axis, in float32; shape (batch,)."""
    squares = tf.square(tf.cast(gradients, tf.float32))
    return tf.reduce_sum(squares, axis=tf.range(1, tf.rank(squares)))


def slopes(discriminator, images) -> tf.Tensor:
    """Norm of the input gradient for every image; shape (batch,)."""
    return tf.sqrt(squared_norms(input_gradients(discriminator, images)) + EPSILON)


def first_part(values, share) -> tf.Tensor:
    """The first rows of a batch, ``share`` of them, rounded up."""
    if share == 1:
        return values
    count = tf.math.ceil(share * tf.cast(tf.shape(values)[0], tf.float32))
    return values[: tf.cast(count, tf.int32)]


def _check_share(share):
    if not 0 < share <= 1:
        raise ValueError(f"Expected share in (0, 1]. Received: share={share}")
