"""Adversarial losses: two methods on logits of any shape, one small class each."""

import abc

import keras
import tensorflow as tf

from tfgan_lab.configurable import Configurable


class AdversarialLoss(Configurable, abc.ABC):
    """What a model's ``compile(loss=...)`` takes.

    Discriminators end in logits (the sigmoid lives in the loss), positive for real. A loss is
    saved by the arguments of its constructor, see ``tfgan_lab.configurable.Configurable``.

    Attributes:
        relativistic: bool, whether the generator's loss needs the real logits too. Where it does
            not, the generator's step saves a pass through the discriminator.
    """

    relativistic = False

    @abc.abstractmethod
    def discriminator_loss(self, real_logits, fake_logits, seed=None) -> tf.Tensor:
        """Returns the scalar float32 that the discriminator minimises.

        Args:
            real_logits: float tensor of any shape, the discriminator's answer to real images.
            fake_logits: float tensor of the same shape, its answer to generated ones.
            seed: int64 tensor of shape (2,), the key of this step's randomness; only losses with
                randomness of their own (label noise) need it.
        """

    @abc.abstractmethod
    def generator_loss(self, real_logits, fake_logits) -> tf.Tensor:
        """Returns the scalar float32 that the generator minimises.

        Args:
            real_logits: as above; may be ``None`` unless the loss is ``relativistic``.
            fake_logits: float tensor of any shape.
        """


@keras.saving.register_keras_serializable(package="tfgan_lab")
class BinaryCrossEntropy(AdversarialLoss):
    """The original loss, on logits, with the label tricks that the field uses around it.

    With labels r and f, D minimises CE(r, D(x)) + CE(f, D(G(z))). The non-saturating G minimises
    CE(g, D(G(z))), which is softplus(-D(G(z))) for g = 1; the saturating G minimises
    log(1 - sigmoid(D(G(z)))), whose gradient dies when D is sure.

    Reference:
        Generative Adversarial Networks, arXiv 1406.2661, equation 1 and section 3.
        Label smoothing: Improved Techniques for Training GANs, arXiv 1606.03498, section 3.4.

    Args:
        real_label: target for real images, usually in [0.8, 1]; below 1 is label smoothing.
        fake_label: target for generated images, usually in [0, 0.2].
        generator_label: target the non-saturating generator wants its fakes to reach.
        label_noise: half-width of the uniform noise added to every label the discriminator sees.
            It may push labels beyond [0, 1]; then the loss is not bounded below.
        saturating: whether the generator minimises log(1 - sigmoid) instead.
        mean_over_halves: whether the discriminator's loss is the mean over the concatenated
            batch, that is half of the sum of the two means. The sum is the convention.

    Example:
        >>> loss = BinaryCrossEntropy()
        >>> float(loss.discriminator_loss(tf.zeros((4, 1)), tf.zeros((4, 1))))  # 2 log 2
        1.3862943649291992
    """

    def __init__(
        self,
        real_label=1.0,
        fake_label=0.0,
        generator_label=1.0,
        label_noise=0.0,
        saturating=False,
        mean_over_halves=False,
    ):
        for name, value, most in [
            ("real_label", real_label, 1),
            ("fake_label", fake_label, 1),
            ("generator_label", generator_label, 1),
            ("label_noise", label_noise, 0.5),
        ]:
            if not 0 <= value <= most:
                raise ValueError(f"Expected {name} in [0, {most}]. Received: {name}={value}")
        if saturating and generator_label != 1:
            raise ValueError(
                "Expected generator_label=1 with saturating=True, which has no label for the "
                f"generator. Received: generator_label={generator_label}"
            )
        self.real_label = real_label
        self.fake_label = fake_label
        self.generator_label = generator_label
        self.label_noise = label_noise
        self.saturating = saturating
        self.mean_over_halves = mean_over_halves

    def discriminator_loss(self, real_logits, fake_logits, seed=None):
        """See the class; label noise needs ``seed``."""
        real_labels = self.real_label * tf.ones(tf.shape(real_logits))
        fake_labels = self.fake_label * tf.ones(tf.shape(fake_logits))
        if self.label_noise:
            if seed is None:
                raise ValueError(
                    f"Expected a seed for label_noise={self.label_noise}. Received: seed=None"
                )
            real_labels += self._noise(tf.shape(real_labels), seed, index=0)
            fake_labels += self._noise(tf.shape(fake_labels), seed, index=1)
        total = cross_entropy(real_labels, real_logits) + cross_entropy(fake_labels, fake_logits)
        return total / 2 if self.mean_over_halves else total

    def generator_loss(self, real_logits, fake_logits):
        """See the class; real logits are not looked at."""
        if self.saturating:
            return -mean(tf.math.softplus(tf.cast(fake_logits, tf.float32)))
        labels = self.generator_label * tf.ones(tf.shape(fake_logits))
        return cross_entropy(labels, fake_logits)

    def _noise(self, shape, seed, index):
        seed = tf.random.experimental.stateless_fold_in(seed, index)
        return tf.random.stateless_uniform(shape, seed, -self.label_noise, self.label_noise)


@keras.saving.register_keras_serializable(package="tfgan_lab")
class LeastSquares(AdversarialLoss):
    """D wants 1 for real and 0 for fake in the mean square, G wants 1 for fake.

    D: E[(D(x) - 1)^2] / 2 + E[D(G(z))^2] / 2; G: E[(D(G(z)) - 1)^2] / 2. The gradient does not
    die for fakes that are far on the right side, so it pulls them towards the data.

    Reference:
        Least Squares Generative Adversarial Networks, arXiv 1611.04076, equation 9.
    """

    def discriminator_loss(self, real_logits, fake_logits, seed=None):
        """See the class."""
        return (mean(tf.square(real_logits - 1)) + mean(tf.square(fake_logits))) / 2

    def generator_loss(self, real_logits, fake_logits):
        """See the class; real logits are not looked at."""
        return mean(tf.square(fake_logits - 1)) / 2


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Hinge(AdversarialLoss):
    """D learns from images within the margin only.

    D: E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]; G: -E[D(G(z))].

    Reference:
        Geometric GAN, arXiv 1705.02894, equations 19 and 20; Spectral Normalization for
        Generative Adversarial Networks, arXiv 1802.05957, equations 16 and 17.
    """

    def discriminator_loss(self, real_logits, fake_logits, seed=None):
        """See the class."""
        return mean(tf.nn.relu(1 - real_logits)) + mean(tf.nn.relu(1 + fake_logits))

    def generator_loss(self, real_logits, fake_logits):
        """See the class; real logits are not looked at."""
        return -mean(fake_logits)


@keras.saving.register_keras_serializable(package="tfgan_lab")
class Wasserstein(AdversarialLoss):
    """D, a critic, estimates the distance of two distributions; it needs a bound on its slope.

    D: E[D(G(z))] - E[D(x)]; G: -E[D(G(z))]. Use it with a gradient penalty.

    Reference:
        Wasserstein GAN, arXiv 1701.07875, equation 2 and algorithm 1.
    """

    def discriminator_loss(self, real_logits, fake_logits, seed=None):
        """See the class."""
        return mean(fake_logits) - mean(real_logits)

    def generator_loss(self, real_logits, fake_logits):
        """See the class; real logits are not looked at."""
        return -mean(fake_logits)


class _Relativistic(AdversarialLoss):
    """The generator minimises what D does, with real and fake exchanged."""

    relativistic = True

    def generator_loss(self, real_logits, fake_logits):
        """See the class."""
        return self.discriminator_loss(fake_logits, real_logits)


@keras.saving.register_keras_serializable(package="tfgan_lab")
class RelativisticAverage(_Relativistic):
    """D tells whether an image is more real than the other kind is on average.

    D: E[softplus(-(D(x) - E[D(G(z))]))] + E[softplus(D(G(z)) - E[D(x)])]; G: the same with real
    and fake exchanged.

    Reference:
        The relativistic discriminator: a key element missing from standard GAN, arXiv
        1807.00734, section 4.3.
    """

    def discriminator_loss(self, real_logits, fake_logits, seed=None):
        """See the class."""
        real_over_fake = real_logits - mean(fake_logits)
        fake_over_real = fake_logits - mean(real_logits)
        return mean(tf.math.softplus(-real_over_fake)) + mean(tf.math.softplus(fake_over_real))


@keras.saving.register_keras_serializable(package="tfgan_lab")
class RelativisticPairing(_Relativistic):
    """D tells which of two is real, one pair for each place in the batch.

    D: E[softplus(-(D(x) - D(G(z))))]; G: E[softplus(-(D(G(z)) - D(x)))]. A generator that makes
    one image loses to every real one, so its landscape has no basin of collapse; with R1 and R2
    it converges locally.

    Reference:
        The GAN is dead; long live the GAN! A Modern GAN Baseline, arXiv 2501.05441, equation 2.
    """

    def discriminator_loss(self, real_logits, fake_logits, seed=None):
        """See the class."""
        return mean(tf.math.softplus(fake_logits - real_logits))


def mean(values) -> tf.Tensor:
    """Mean over all values, in float32 whatever their precision."""
    return tf.reduce_mean(tf.cast(values, tf.float32))


def ordered_sum(*parts) -> tf.Tensor:
    """Sum of scalars in this order, in every process.

    Of sums within sums TensorFlow's graph optimiser makes one, whose order depends on the process;
    the last bit of what is logged would too.

    Args:
        *parts: float32 scalars.
    """
    return tf.reduce_sum(tf.stack(parts))


def cross_entropy(labels, logits) -> tf.Tensor:
    """Mean of -y log sigmoid(x) - (1 - y) log(1 - sigmoid(x)), finite for every finite logit.

    Args:
        labels: float32 tensor; values outside of [0, 1] are allowed (label noise).
        logits: float tensor of the same shape; computed in float32 whatever its precision.

    Returns:
        float32 scalar.
    """
    logits = tf.cast(logits, tf.float32)
    return mean(labels * tf.math.softplus(-logits) + (1 - labels) * tf.math.softplus(logits))
