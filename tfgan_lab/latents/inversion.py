"""Inversion: the latents from which a generator makes a given image, or the nearest to it."""

import dataclasses

import numpy as np
import tensorflow as tf

from tfgan_lab.latents.generator import LatentGenerator, as_generator
from tfgan_lab.latents.search import Search
from tfgan_lab.latents.targets import as_targets
from tfgan_lab.randomness import Purpose, key


@dataclasses.dataclass(frozen=True)
class InversionSettings:
    """How latents are searched for.

    Args:
        steps: int from 0, updates at most.
        learning_rate: float above 0, Adam's.
        decay: ``"cosine"``, the rate falls to 0 over ``steps``; ``"none"``.
        beta_2: float from 0, below 1, Adam's second moment. A short memory of the gradients' size
            suits a search whose gradients shrink thousandfold on the way.
        starts: int from 1, searches for each target; only the best search continues.
        trial_steps: int from 1, after how many the best start is chosen.
        bank: int, number of draws whose images are compared with each target; the searches begin
            at the nearest. 0 begins at draws, the same for all targets.
        prior_weight: float from 0, weight of the squared excess of the latents' mean square over
            that of draws: it keeps them where the generator was trained, and costs nothing there.
        pixel_weight: float from 0, of the mean squared difference of pixels.
        feature_weight: float from 0, of that of features, where features are given.
        tolerance: float from 0, a search stops at a loss that is no greater. The default is about
            one level of 256 off at every pixel, which nobody sees.
        take: ``"best"`` of the way, or ``"last"``.
        keep: steps after which the latents and images are kept.
        seed: int from 0, key of bank and starts.
        batch_size: int from 1, images computed at once.
    """

    steps: int = 200
    learning_rate: float = 0.05
    decay: str = "cosine"
    beta_2: float = 0.9
    starts: int = 8
    trial_steps: int = 25
    bank: int = 1024
    prior_weight: float = 0.1
    pixel_weight: float = 1.0
    feature_weight: float = 1.0
    tolerance: float = 5e-5
    take: str = "best"
    keep: tuple = (0, 1, 4, 10, 20, 40)
    seed: int = 0
    batch_size: int = 64

    def __post_init__(self):
        """Checks every setting."""
        at_least = {
            "steps": 0, "beta_2": 0, "starts": 1, "trial_steps": 1, "bank": 0, "prior_weight": 0,
            "pixel_weight": 0, "feature_weight": 0, "tolerance": 0, "seed": 0,
            "batch_size": 1,
        }  # fmt: skip
        for name, least in at_least.items():
            # Negated, so that NaN is refused too.
            if not getattr(self, name) >= least:
                raise ValueError(
                    f"Expected {name} of at least {least}. Received: {name}={getattr(self, name)}"
                )
        if not self.learning_rate > 0:
            raise ValueError(
                f"Expected learning_rate above 0. Received: learning_rate={self.learning_rate}"
            )
        if not self.beta_2 < 1:
            raise ValueError(f"Expected beta_2 below 1. Received: beta_2={self.beta_2}")
        for name, choices in [("decay", ("cosine", "none")), ("take", ("best", "last"))]:
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"Expected {name} out of {', '.join(choices)}. "
                    f"Received: {name}={getattr(self, name)!r}"
                )
        if 0 < self.bank < self.starts:
            raise ValueError(
                "Expected a bank of at least as many draws as starts, or of none. "
                f"Received: bank={self.bank}, starts={self.starts}"
            )
        # Steps beyond the last show nothing new; the last is always worth showing.
        kept = sorted({int(step) for step in self.keep if 0 <= step <= self.steps} | {self.steps})
        object.__setattr__(self, "keep", tuple(kept))


INVERSION_PRESETS = {
    "default": {},
    # Report R0's: one start anywhere, Adam with learning rate 1 for 40 steps, the last counts.
    "r0": {
        "steps": 40,
        "learning_rate": 1.0,
        "decay": "none",
        "beta_2": 0.999,
        "starts": 1,
        "bank": 0,
        "prior_weight": 0.0,
        "tolerance": 0.0,
        "take": "last",
    },
}
"""What each preset changes of the defaults of ``InversionSettings``, by name."""


@dataclasses.dataclass(frozen=True)
class Inversion:
    """What a search for the latents of n targets found.

    Attributes:
        latents: float32 array of shape (n, latent_size), the best of all starts.
        images: float32 array of shape (n, height, width, channels) in [-1, 1], made from them.
        targets: array of the same shape, the images searched for, as the generator has them.
        labels: int32 array of shape (n,) with classes, else ``None``.
        errors: float64 array of shape (n,), mean squared difference of pixels between images and
            targets, both in [-1, 1]: four times what it is for pixels in [0, 1].
        losses: float32 array of shape (n, steps + 1), what the best start minimised, without the
            prior, before each update and at the end.
        losses_of_starts: float32 array of shape (n, starts), the least that each start had come
            to when the best of them was chosen.
        steps_taken: int32 array of shape (n,), updates until the best start stopped.
        kept_steps: tuple of k ints, the steps whose latents and images are kept.
        kept_latents: float32 array of shape (n, k, latent_size).
        kept_images: float32 array of shape (n, k, height, width, channels).
        norms: float64 array of shape (n,), root mean square of the standardised latents: near 1
            for draws from the training distribution, above 1 for latents farther out.
        plausibility: float64 array of shape (n,), share of draws that lie at least as far out;
            0 where the generator was never trained.
    """

    latents: np.ndarray
    images: np.ndarray
    targets: np.ndarray
    labels: np.ndarray | None
    errors: np.ndarray
    losses: np.ndarray
    losses_of_starts: np.ndarray
    steps_taken: np.ndarray
    kept_steps: tuple
    kept_latents: np.ndarray
    kept_images: np.ndarray
    norms: np.ndarray
    plausibility: np.ndarray

    def __len__(self):
        """Number of targets."""
        return len(self.latents)


def inversion_settings(preset="default", **changes) -> InversionSettings:
    """Looks up a preset of settings and changes some.

    Args:
        preset: ``"default"`` or ``"r0"``.
        **changes: fields of ``InversionSettings``.

    Raises:
        ValueError: an unknown name, or a setting out of its range.

    Example:
        >>> inversion_settings("r0", steps=10).keep
        (0, 1, 4, 10)
    """
    if preset not in INVERSION_PRESETS:
        raise ValueError(
            f"Expected a preset out of {', '.join(INVERSION_PRESETS)}. Received: {preset!r}"
        )
    names = [field.name for field in dataclasses.fields(InversionSettings)]
    for name in changes:
        if name not in names:
            raise ValueError(f"Expected settings out of {', '.join(names)}. Received: {name}")
    return InversionSettings(**INVERSION_PRESETS[preset] | changes)


def invert(
    generator,
    targets,
    *,
    preset="default",
    labels=None,
    latents=None,
    features=None,
    progress=None,
    **changes,
) -> Inversion:
    """Searches for the latents from which a generator makes given images.

    Gradient descent (Adam) on the latents, the generator staying as it is. Each target is searched
    for by itself: alone or among a thousand, it finds the same. A generator has no latents for
    most images; how near it comes, and how far out it has to go, says what it has learned.

    Reference:
        Generative Visual Manipulation on the Natural Image Manifold, arXiv 1609.03552,
        section 3.1; Precise Recovery of Latent Vectors from Generative Adversarial Networks,
        arXiv 1702.04782.

    Args:
        generator: a Keras model, a ``GAN``, a path, or a ``LatentGenerator``, which says more.
        targets: images of any size and mode, see ``as_targets``.
        preset: ``"default"``, or ``"r0"`` for what report R0 did.
        labels: with classes, the class of each target or one for all; else ``None``.
        latents: the ``LatentDistribution`` of training; the GAN's own, or standard normal, unless
            given.
        features: differentiable callable from float32 images of shape (n, height, width,
            channels) to a tensor of features, or to a list of such, of first axis n: then they
            count besides the pixels, see ``LayerFeatures``.
        progress: function of (done, total) over all batches of targets, or ``None``.
        **changes: of the preset's ``InversionSettings``.

    Returns:
        ``Inversion``.

    Raises:
        ValueError: an argument out of its range; the message says which.

    Example:
        >>> import tfgan_lab as tgl
        >>> generator = tgl.networks.transposed_generator(image_size=8, widths=(4, 4))
        >>> found = invert(generator, tgl.data.plates(2, image_size=32).images, steps=5, bank=16)
        >>> found.latents.shape, found.kept_steps
        ((2, 128), (0, 1, 4, 5))
    """
    settings = inversion_settings(preset, **changes)
    generator = as_generator(generator, latents)
    targets = as_targets(targets, generator.image_shape)
    labels = generator.checked_labels(labels, len(targets))
    starts = _starts(generator, targets, labels, settings)
    at_once = max(1, settings.batch_size // settings.starts)
    begins = range(0, len(targets), at_once)

    def report(done):
        progress(begin // at_once * settings.steps + done, len(begins) * settings.steps)

    search = Search(
        _loss(generator, features, settings), generator.latents, settings, progress and report
    )
    classes = tf.zeros(len(targets), tf.int32) if labels is None else labels
    parts = []
    for begin in begins:
        part = slice(begin, begin + at_once)
        found = search.run(*(tf.constant(each[part]) for each in (starts, classes, targets)))
        parts.append({name: value.numpy() for name, value in found._asdict().items()})
        parts[-1]["kept_latents"] = parts[-1].pop("path")[:, list(settings.keep)]
        if progress is not None:
            report(settings.steps)
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _inversion(generator, targets, labels, settings, joined)


def _loss(generator: LatentGenerator, features, settings):
    """What is minimised but for the prior, as a function of latents, labels and targets."""

    def differences(one, other):
        one, other = (tf.reshape(part, (tf.shape(part)[0], -1)) for part in (one, other))
        return tf.reduce_mean((one - other) ** 2, axis=-1)

    def loss(latents, labels, targets):
        images = generator(latents, labels)
        # What is shown is clipped, so that is compared; the gradient passes, or a pixel that is
        # beyond the range would never come back.
        images += tf.stop_gradient(tf.clip_by_value(images, -1, 1) - images)
        total = settings.pixel_weight * differences(images, targets)
        if features is not None:
            mine, theirs = features(images), features(targets)
            for one, other in zip(tf.nest.flatten(mine), tf.nest.flatten(theirs), strict=True):
                total += settings.feature_weight * differences(one, other)
        return total

    return loss


def _starts(generator, targets, labels, settings):
    """Latents to begin at, float32 of shape (n, starts, latent_size)."""
    count = settings.bank or settings.starts
    drawn = generator.latents.sample(count, key(settings.seed, 0, Purpose.INVERSION)).numpy()
    if not settings.bank:
        return np.broadcast_to(drawn, (len(targets), *drawn.shape))
    nearest = np.empty((len(targets), settings.starts), int)
    for label in [None] if labels is None else np.unique(labels):
        chosen = slice(None) if labels is None else labels.numpy() == label
        images = generator.generate(drawn, label, settings.batch_size).reshape(count, -1)
        wanted = targets[chosen].reshape(-1, images.shape[1])
        # Squared distances but for the target's own square, which is the same to all.
        distances = (images**2).sum(axis=1) - 2 * wanted @ images.T
        nearest[chosen] = np.argsort(distances, axis=1, kind="stable")[:, : settings.starts]
    return drawn[nearest]


def _inversion(generator, targets, labels, settings, joined):
    """Adds to what was found its images and how far out it lies."""
    latents, kept = joined["latents"], joined["kept_latents"]
    images = generator.generate(latents, labels, settings.batch_size)
    repeated = None if labels is None else np.repeat(labels, kept.shape[1])
    kept_images = generator.generate(
        kept.reshape(-1, kept.shape[-1]), repeated, settings.batch_size
    )
    return Inversion(
        **joined,
        images=images,
        targets=targets,
        labels=None if labels is None else labels.numpy(),
        errors=((images.astype(np.float64) - targets) ** 2).mean(axis=(1, 2, 3)),
        kept_steps=settings.keep,
        kept_images=kept_images.reshape(*kept.shape[:2], *images.shape[1:]),
        norms=generator.latents.norms(latents),
        plausibility=generator.latents.plausibility(latents),
    )
