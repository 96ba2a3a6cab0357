"""Trainings whose outcome is known: healthy ones, and ones that fail by wrong settings or data."""

import dataclasses
import typing

import numpy as np
import tensorflow as tf

from tfgan_lab.data import Augmentation, ImageSet, from_source, plates, vehicles
from tfgan_lab.data.drawn.plates_reader import PLATES, read_modes

NUM_HELD_OUT = 64


@dataclasses.dataclass(frozen=True)
class Run:
    """A training whose outcome is known.

    Args:
        outcomes: names of verdicts that are right; ``("healthy",)`` where nothing is wrong.
        settings: what differs from ``from-scratch``.
        change: function of the ``ImageSet`` and of the number of training images that returns
            another set, or ``None``.
        narrow: function of the ``ImageSet`` that returns fewer to train on, while the diagnosis
            knows all of them, or ``None``.
        source: what to read in the folder of real images; drawn plates unless given.
        onset: part of the training after which it begins to fail.
        until: part of the training after which it is ended, its outcome being long clear.
    """

    outcomes: tuple
    settings: dict = dataclasses.field(default_factory=dict)
    change: typing.Callable | None = None
    narrow: typing.Callable | None = None
    source: str = ""
    onset: float = 0.0
    until: float = 1.0

    @property
    def is_healthy(self):
        """Whether nothing is wrong with it."""
        return self.outcomes == ("healthy",)


class Poisoned(ImageSet):
    """Images of which one batch is not finite.

    Args:
        images: the ``ImageSet`` to spoil.
        step: int, the batch's number.
    """

    def __init__(self, images, step):
        super().__init__(
            images.images,
            batch_size=images.batch_size,
            seed=images.seed,
            augmentation=images.augmentation,
        )
        self._step = step

    def dataset(self, start_step=0):
        """See the base class."""

        def spoil(index, batch):
            factor = tf.where(index + start_step == self._step, np.nan, 1.0)
            return batch | {"image": batch["image"] * tf.cast(factor, tf.float32)}

        return super().dataset(start_step).enumerate().map(spoil)


class Recoloured:
    """An augmentation that no fake passes through: half of the images in other colours."""

    def __call__(self, images, seed):
        """Swaps red and blue and inverts brightness in half of the images."""
        chosen = tf.random.stateless_uniform((tf.shape(images)[0], 1, 1, 1), seed) < 0.5
        return tf.where(chosen, -images[..., ::-1], images)


def one_image(images, _):
    """The first image in the place of all others."""
    images.images[:] = images.images[0]
    return images


def recoloured(images, _):
    """Images under an augmentation that leaks."""
    images.augmentation = Recoloured()
    return images


def only_mirrored(images, _):
    """Images neither turned nor zoomed, which is what ``tfgan-lab train`` would do, too."""
    images.augmentation = Augmentation(zoom=0.0, rotation=0.0)
    return images


def without_a_tablecloth(images):
    """Those that don't lie on the first image's tablecloth."""
    cloths = read_modes(images.images) // len(PLATES)
    return ImageSet(
        images.images[cloths != cloths[0]], batch_size=images.batch_size, seed=images.seed
    )


def poisoned(images, num_images):
    """Images with a batch of NaN in the middle of the training."""
    return Poisoned(images, num_images // images.batch_size // 2)


NO_PENALTY = {"r1_gamma": 0.0, "r2_gamma": 0.0}
NO_LR_CONTROL = {"lr_control_target": 0.0}
NO_SHIFTS = {"diff_augment_translation": 0.0}
R0 = {"preset": "r0-transposed"}
COLLAPSE = ("mode_collapse", "partial_collapse", "steep_discriminator", "dropped_modes")

RUNS = {
    "generator 100 times too fast": Run(
        ("divergence", "mode_collapse", "oscillation", "non_finite"),
        {"generator_learning_rate": 0.05} | NO_LR_CONTROL,
        until=0.4,
    ),
    "discriminator 100 times too fast": Run(
        ("divergence", "discriminator_wins", "non_finite"),
        {"discriminator_learning_rate": 0.05} | NO_PENALTY,
        until=0.4,
    ),
    "discriminator frozen": Run(
        ("vanishing_gradient", "generator_wins", "not_learning"),
        {"discriminator_learning_rate": 0.0} | NO_LR_CONTROL,
        until=0.4,
    ),
    "generator frozen": Run(
        ("not_learning",), {"generator_learning_rate": 0.0} | NO_LR_CONTROL, until=0.4
    ),
    "twenty images, no penalty": Run(
        ("discriminator_overfitting", "memorisation", "loses_variety", *COLLAPSE),
        {"num_drawn": 20} | NO_PENALTY | NO_SHIFTS,
        onset=0.2,  # Their images are varied before.
        until=0.6,
    ),
    "no penalty": Run((*COLLAPSE, "discriminator_wins"), NO_PENALTY, onset=0.1, until=0.6),
    "report R0's recipe": Run(
        # Its discriminator learns at a tenth of the generator's rate.
        ("mode_collapse", "generator_wins", "not_learning"),
        R0,
        until=0.3,
    ),
    "labels swapped": Run(
        ("generator_wins", "not_learning"),
        {"loss": "binary_cross_entropy", "real_label": 0.0, "fake_label": 1.0},
        until=0.4,
    ),
    "recoloured reals": Run(("augmentation_leak",), change=recoloured, onset=0.1, until=0.5),
    "vehicles, turned and zoomed": Run(
        ("augmentation_leak",), {"drawn": "vehicles"}, onset=0.1, until=0.4
    ),
    "a batch of NaN": Run(("non_finite",), change=poisoned, onset=0.5, until=0.7),
    "one image again and again": Run(("same_images",), change=one_image, until=0.3),
    "penalty of a million": Run(
        ("generator_wins", "not_learning"),
        {"r1_gamma": 1e6, "r2_gamma": 1e6, "penalty_anneal_images": 0},
        until=0.4,
    ),
    "a tablecloth never trained on": Run(
        # Healthy runs lack kinds until then, too.
        ("dropped_modes",),
        narrow=without_a_tablecloth,
        onset=0.4,
        until=0.7,
    ),
    "plates": Run(("healthy",)),
    "plates, cross-entropy": Run(("healthy",), {"loss": "binary_cross_entropy"}),
    "plates, hinge": Run(("healthy",), {"loss": "hinge"}),
    "plates, batch 32": Run(("healthy",), {"batch_size": 32}),
    "vehicles": Run(("healthy",), {"drawn": "vehicles"}, change=only_mirrored),
    "food": Run(("healthy",), source="bowls"),
    "paintings": Run(("healthy",), source="monet"),
    "faces": Run(("healthy",), source="faces"),
    "cars": Run(("healthy",), source="cars"),
    "digits": Run(("healthy",), source="mnist/train-images-idx3-ubyte.gz"),
}


def load(run, config, data_dir):
    """Images to train on, and held-out ones.

    Args:
        run: ``Run``.
        config: its ``RunConfig``.
        data_dir: folder of folders of real images.
    """
    shared = {"image_size": config.image_size, "seed": config.seed}
    if not run.source:
        draw = {"plates": plates, "vehicles": vehicles}[config.drawn]
        images = draw(config.num_drawn, batch_size=config.batch_size, **shared)
        held_out = draw(NUM_HELD_OUT, batch_size=8, **(shared | {"seed": config.seed + 10**6}))
        return images, held_out.sample(NUM_HELD_OUT)
    every = from_source(f"{data_dir}/{run.source}", batch_size=config.batch_size, **shared)
    order = np.random.default_rng(config.seed).permutation(len(every))[: 345 + NUM_HELD_OUT]
    shuffled = every.images[order]
    images = ImageSet(shuffled[NUM_HELD_OUT:], batch_size=config.batch_size, seed=config.seed)
    return images, ImageSet(shuffled[:NUM_HELD_OUT]).sample(NUM_HELD_OUT)
