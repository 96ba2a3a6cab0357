"""The ways in which training fails: by what they are known, in a sentence, and what helps.

One table, worst first. The thresholds are of readings: of what ``signals.Signals`` takes, and of
the training's own losses and norms of gradients, which ``callbacks.Diagnosis`` adds.
"""

import typing


class Condition(typing.NamedTuple):
    """A signal beyond a threshold.

    Attributes:
        signal: name of a signal.
        sign: ``">"`` or ``"<"``.
        threshold: float.
    """

    signal: str
    sign: str
    threshold: float

    def holds(self, reading) -> bool:
        """Whether a reading has the signal, beyond the threshold.

        Args:
            reading: dict of signal to float.
        """
        value = reading.get(self.signal)
        if value is None or value != value:  # NaN
            return False
        return value > self.threshold if self.sign == ">" else value < self.threshold


class Failure(typing.NamedTuple):
    """A way of failing.

    Attributes:
        name: in snake case, as it is written to files.
        conditions: which must hold together.
        readings: int, in how many readings in a row, before it is said.
        sentence: what happens, for somebody who trains a GAN for the first time.
        remedy: what to change, with the flags' names.
        changes: flags and what a rollback does to them: a factor, or a value of its own.
        span_images: int, training images that must lie between the first and the last of those
            readings, however close they are.
    """

    name: str
    conditions: tuple
    readings: int
    sentence: str
    remedy: str
    changes: dict
    span_images: int = 0


class Multiply(typing.NamedTuple):
    """A change of a setting by a factor."""

    factor: float


# Generated images do not resemble the training images; no such training is called healthy either.
UNLIKE = Condition("coverage", "<", 0.15)

SLOWER = {"generator_learning_rate": Multiply(0.5), "discriminator_learning_rate": Multiply(0.5)}
STRONGER_PENALTIES = {"r1_gamma": Multiply(4.0), "r2_gamma": Multiply(4.0)}

FAILURES = (
    Failure(
        "non_finite",
        (Condition("finite", "<", 0.5),),
        1,
        "The networks compute values that are no numbers; nothing can be learned from them.",
        "Lower --generator_learning_rate and --discriminator_learning_rate, and try "
        "--precision=float32 if it was another.",
        SLOWER | {"precision": "float32"},
    ),
    Failure(
        "same_images",
        (Condition("distinct_share", "<", 0.1),),
        1,
        "The training images are nearly all the same ones: there is nothing to generate but "
        "their copies.",
        "Look at them with tfgan-lab inspect, and give other ones by --data_dir.",
        {},
    ),
    Failure(
        "divergence",
        (Condition("generator_gradient_norm", ">", 1e4),),
        2,
        "The networks drive each other to ever larger values: gradients are thousands of times "
        "what they are in a training that goes well.",
        "Lower --generator_learning_rate and --discriminator_learning_rate, and use the penalties "
        "--r1_gamma and --r2_gamma of preset from-scratch.",
        {"generator_learning_rate": Multiply(0.25), "discriminator_learning_rate": Multiply(0.25)},
    ),
    Failure(
        "vanishing_gradient",
        (Condition("generator_gradient_norm", "<", 1e-3),),
        2,
        "The generator gets hardly any gradient: to the discriminator its images are all the "
        "same, and nothing shows it how to change them.",
        "Raise --discriminator_learning_rate, or lower --generator_learning_rate.",
        {"discriminator_learning_rate": Multiply(4.0)},
    ),
    Failure(
        "generator_wins",
        (Condition("ranked_right", "<", 0.3), UNLIKE),
        2,
        "Generated images do not resemble the training images, but the discriminator takes them "
        "for real sooner than the real ones, so it teaches nothing right.",
        "Raise --discriminator_learning_rate, or lower --generator_learning_rate, --r1_gamma and "
        "--r2_gamma; --real_label must be above --fake_label.",
        {"discriminator_learning_rate": Multiply(4.0)},
    ),
    Failure(
        "mode_collapse",
        (Condition("neighbour_ratio", "<", 0.15), Condition("kernel_entropy_ratio", "<", 0.35)),
        2,
        "The generator gives nearly the same image whatever the latent vector is.",
        "Use the penalties: --r1_gamma and --r2_gamma of preset from-scratch, or larger ones; and "
        "--loss=relativistic_pairing.",
        STRONGER_PENALTIES,
    ),
    Failure(
        "discriminator_wins",
        (
            Condition("real_right", ">", 0.97),
            Condition("fake_right", ">", 0.97),
            UNLIKE,
        ),
        3,
        "The discriminator tells real from generated without fail, and generated images still do "
        "not resemble the training images: the generator gets no hint of what would be better.",
        "Lower --discriminator_learning_rate, or raise --r1_gamma and --r2_gamma.",
        {"discriminator_learning_rate": Multiply(0.25)},
    ),
    Failure(
        "oscillation",
        (Condition("motion", ">", 0.6), Condition("straightness", "<", 0.25)),
        4,
        "What the generator makes of the same latents changes all the time and gets nowhere.",
        "Lower both learning rates, and raise --ema_half_life_images.",
        SLOWER,
    ),
    Failure(
        "not_learning",
        (UNLIKE,),
        3,
        "After thousands of training images generated images still do not resemble the "
        "training images.",
        "Look at the snapshots. Where they hardly change, raise --generator_learning_rate; where "
        "they are blurred, or change and get nowhere, lower --r1_gamma and --r2_gamma to those of "
        "preset from-scratch, or raise --discriminator_learning_rate. Recipes with low rates, such "
        "as the reports', take longer.",
        {
            "generator_learning_rate": Multiply(2.0),
            "r1_gamma": Multiply(0.1),
            "r2_gamma": Multiply(0.1),
        },
        span_images=2_000,
    ),
    Failure(
        "memorisation",
        (Condition("copying_ratio", "<", 0.6), Condition("density", ">", 0.3)),
        3,
        "Generated images are copies of training images, or nearly.",
        "Use more images or stop earlier (--images); --diff_augment_translation=0.125 and "
        "--ada_target=0.6 make copying harder.",
        {"diff_augment_translation": 0.125, "ada_target": 0.6},
    ),
    Failure(
        "augmentation_leak",
        (Condition("leak", ">", 0.4),),
        3,
        "Generated images look augmented: shifted, turned or recoloured as the real ones never "
        "are.",
        "Lower --augment_zoom and --augment_rotation, which only the real images pass through, "
        "or the --diff_augment_... strengths.",
        {"augment_zoom": 0.0, "augment_rotation": 0.0},
    ),
    Failure(
        "ignores_the_label",
        # Before images are like real ones at all, no label can be obeyed.
        (Condition("label_alignment", "<", 0.15), Condition("density", ">", 0.1)),
        4,
        "The generator gives images like the real ones, but not of the class it is conditioned "
        "on: the label changes hardly anything, or not the right things.",
        "Look whether the classes are what you think (tfgan-lab inspect); then try "
        "--discriminator_conditioning=projection, or classifier with a larger --class_loss_weight, "
        "and --class_sampling=balanced.",
        {"class_loss_weight": Multiply(4.0)},
    ),
    Failure(
        "partial_collapse",
        (Condition("coverage", "<", 0.35), Condition("density", ">", 0.4)),
        3,
        "The generated images are good ones of their kind, but leave out most kinds there are.",
        "Raise --r1_gamma and --r2_gamma, use --loss=relativistic_pairing, and train longer.",
        STRONGER_PENALTIES,
    ),
    Failure(
        "steep_discriminator",
        (
            Condition("generator_gradient_norm", ">", 8),
            Condition("missing_modes_share", ">", 0.25),
            Condition("density", ">", 0.4),
        ),
        3,
        "The discriminator's answer changes so steeply from image to image that it throws the "
        "generator about; whole kinds of images are missing already.",
        "Use the penalties: --r1_gamma and --r2_gamma of preset from-scratch, or larger ones.",
        STRONGER_PENALTIES,
    ),
    Failure(
        "dropped_modes",
        (Condition("missing_modes_share", ">", 0.2), Condition("density", ">", 0.9)),
        3,
        "The generated images are good ones, but some kinds of images are never among them.",
        "Raise --r1_gamma and --r2_gamma, and start over: a kind that was lost hardly ever "
        "comes back.",
        STRONGER_PENALTIES,
        span_images=1_500,
    ),
    Failure(
        "loses_variety",
        (
            Condition("neighbour_ratio", "<", 0.65),
            Condition("density", ">", 1.4),
            # A young generator's images are alike, too, but change much from reading to reading.
            Condition("motion", "<", 0.35),
        ),
        3,
        "The generated images are good ones of their kind, but more alike than the real ones, "
        "and stay so: the generator outruns the discriminator.",
        "Use --lr_control_target=0.6, or lower --generator_learning_rate; a larger --batch_size "
        "shows the discriminator more at once.",
        {"lr_control_target": 0.6, "generator_learning_rate": Multiply(0.5)},
    ),
    Failure(
        "discriminator_overfitting",
        (Condition("overfitting", ">", 0.6), Condition("real_right", ">", 0.9)),
        4,
        "The discriminator knows the training images by heart: it takes unseen real images for "
        "generated ones.",
        "--diff_augment_translation=0.125 with --ada_target=0.6, larger --r1_gamma, more images.",
        {"diff_augment_translation": 0.125} | STRONGER_PENALTIES,
    ),
)
