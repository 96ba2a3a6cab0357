"""The parts that models are put together from: where each is made, and of which settings.

This is the only table of them. From it follow the choices of the flags, which settings have an
effect beside the others, what can't be combined, and how a model is built. Reading it needs no
TensorFlow. A new loss is its own file and a line here; so is a new network.
"""

import dataclasses
import importlib
import typing

from tfgan_lab.runs.settings import network_sizes as sizes
from tfgan_lab.runs.settings.conditions import Is


class Times(typing.NamedTuple):
    """An argument that is a setting's value times a factor."""

    setting: str
    factor: float


@dataclasses.dataclass(frozen=True)
class Part:
    """What a value of a setting stands for.

    Args:
        constructor: what makes it, as ``module:name``.
        arguments: dict of the constructor's argument to the name of a setting, ``Times``, or
            another ``Part``.
        also: names of settings that have an effect beside this part without being its arguments.
        requires: the ``Is`` that must hold beside it.
        check: function that raises ``ValueError`` for a configuration whose sizes don't suit it.
        relativistic: whether a loss compares real images' logits with generated ones'.
        differentiates_twice: whether weights learn from a gradient towards the images.
    """

    constructor: str
    arguments: dict = dataclasses.field(default_factory=dict)
    also: tuple = ()
    requires: tuple = ()
    check: typing.Callable | None = None
    relativistic: bool = False
    differentiates_twice: bool = False

    def load(self) -> typing.Callable:
        """Imports the constructor."""
        module, name = self.constructor.split(":")
        return getattr(importlib.import_module(module), name)

    def settings(self) -> set:
        """Names of the settings that have an effect beside this part."""
        names = set(self.also)
        for source in self.arguments.values():
            if isinstance(source, Part):
                names |= source.settings()
            else:
                names.add(source.setting if isinstance(source, Times) else source)
        return names


def make(part, config, **given):
    """Makes a part from a configuration.

    Args:
        part: ``Part``. Arguments whose settings the configuration doesn't have keep their defaults.
        config: a ``declaration.Settings``.
        **given: arguments that are no settings, or go before them.
    """
    values, arguments = vars(config), {}
    for name, source in part.arguments.items():
        if isinstance(source, Part):
            arguments[name] = make(source, config)
        elif isinstance(source, Times):
            arguments[name] = source.factor * values[source.setting]
        elif source in values:
            arguments[name] = values[source]
    return part.load()(**(arguments | given))


def taking(kinds, name) -> tuple:
    """Of which parts a setting is.

    Args:
        kinds: dict of value to ``Part``, such as ``GENERATORS``.
        name: of the setting.
    """
    return tuple(kind for kind, part in kinds.items() if name in part.settings())


LATENTS = Part(
    "tfgan_lab.latents.named:distribution", {"name": "latent_distribution", "size": "latent_size"}
)

# Losses. Only with some does a logit's sign say what the discriminator takes an image for.
_SIGN = ("ada_target", "lr_control_target")

LOSSES = {
    "binary_cross_entropy": Part(
        "tfgan_lab.losses.adversarial:BinaryCrossEntropy",
        {
            "real_label": "real_label",
            "fake_label": "fake_label",
            "generator_label": "generator_label",
            "label_noise": "label_noise",
            "mean_over_halves": "mean_over_halves",
        },
        also=_SIGN,
    ),
    "least_squares": Part("tfgan_lab.losses.adversarial:LeastSquares"),
    "hinge": Part("tfgan_lab.losses.adversarial:Hinge", also=_SIGN),
    "wasserstein": Part("tfgan_lab.losses.adversarial:Wasserstein"),
    "relativistic_average": Part(
        "tfgan_lab.losses.adversarial:RelativisticAverage", also=_SIGN, relativistic=True
    ),
    "relativistic_pairing": Part(
        "tfgan_lab.losses.adversarial:RelativisticPairing", also=_SIGN, relativistic=True
    ),
}

# Penalties, by the setting that is their weight.
_ZERO_CENTRED = ("penalty_anneal_images",)

PENALTIES = {
    "r1_gamma": Part(
        "tfgan_lab.losses.penalties:R1",
        {"gamma": "r1_gamma", "share": "penalty_share"},
        also=_ZERO_CENTRED,
        differentiates_twice=True,
    ),
    "r2_gamma": Part(
        "tfgan_lab.losses.penalties:R2",
        {"gamma": "r2_gamma", "share": "penalty_share"},
        also=_ZERO_CENTRED,
        differentiates_twice=True,
    ),
}
ANNEALED = Part("tfgan_lab.losses.annealed_penalty:AnnealedPenalty",
                {"images": "penalty_anneal_images"})  # fmt: skip
SECOND_DERIVATIVES = tuple(name for name, part in PENALTIES.items() if part.differentiates_twice)

# Augmentation within the step.
DIFF_AUGMENT = Part(
    "tfgan_lab.layers.diff_augment:DiffAugment",
    {
        "brightness": Times("diff_augment_colour", 0.5),
        "saturation": Times("diff_augment_colour", 1.0),
        "contrast": Times("diff_augment_colour", 0.5),
        "translation": "diff_augment_translation",
        "cutout": "diff_augment_cutout",
    },
)
ADAPTIVE_AUGMENT = Part(
    "tfgan_lab.layers.adaptive_augment:AdaptiveAugment",
    {"target": "ada_target", "images_to_full": "ada_images"},
)

# Networks.
_IMAGES = {"image_size": "image_size", "channels": "channels"}
_KERNEL = {"kernel_size": "kernel_size"}
_RANGE = {"pixel_range": "pixel_range"}
_DRAWN_ANEW = ("initial_deviation",)  # Weights that may be drawn from a normal distribution.

_GENERATOR = _IMAGES | {"latent_size": "latent_size", "widths": "generator_widths"}
_GENERATOR_SLOPE = {"negative_slope": "generator_slope"}

GENERATORS = {
    "transposed": Part(
        "tfgan_lab.networks.generators:transposed_generator",
        _GENERATOR | _GENERATOR_SLOPE | _KERNEL | _RANGE,
        also=_DRAWN_ANEW,
        check=sizes.check_doublings,
    ),
    "upsampling": Part(
        "tfgan_lab.networks.generators:upsampling_generator",
        _GENERATOR | _GENERATOR_SLOPE | _RANGE,
        also=_DRAWN_ANEW,
        check=sizes.check_doublings,
    ),
    "dcgan": Part(
        "tfgan_lab.networks.dcgan:dcgan_generator",
        _GENERATOR | _GENERATOR_SLOPE | _KERNEL | {"first_stride": "first_stride"},
        also=_DRAWN_ANEW,
        check=sizes.check_dcgan_doublings,
    ),
    "residual": Part(
        "tfgan_lab.networks.generators:residual_generator",
        _GENERATOR | _GENERATOR_SLOPE,
        also=_DRAWN_ANEW,
        check=sizes.check_generator_sides,
    ),
    "light": Part(
        "tfgan_lab.networks.light:light_generator", _GENERATOR, check=sizes.check_generator_sides
    ),
}

_DISCRIMINATOR = _IMAGES | {
    "widths": "discriminator_widths",
    "negative_slope": "discriminator_slope",
}
_DROPOUT = {"dropout": "discriminator_dropout"}

DISCRIMINATORS = {
    "convolutional": Part(
        "tfgan_lab.networks.discriminators:convolutional_discriminator",
        _DISCRIMINATOR | _DROPOUT | _KERNEL | _RANGE,
        also=_DRAWN_ANEW,
        check=sizes.check_halvings,
    ),
    "dcgan": Part(
        "tfgan_lab.networks.dcgan:dcgan_discriminator",
        _DISCRIMINATOR | _DROPOUT | _KERNEL | {"batch_norm": "batch_norm"},
        also=_DRAWN_ANEW,
        check=sizes.check_halvings,
    ),
    "residual": Part(
        "tfgan_lab.networks.discriminators:residual_discriminator",
        _DISCRIMINATOR,
        also=_DRAWN_ANEW,
        check=sizes.check_discriminator_sides,
    ),
    "projected": Part(
        "tfgan_lab.networks.projected:projected_discriminator",
        {
            "features": Part(
                "tfgan_lab.networks.projected:projected_features",
                _IMAGES | {"shown_size": "feature_size"},
            ),
            "widths": "discriminator_widths",
        },
        requires=(
            *(
                Is(
                    name,
                    (0.0,),
                    "the resizing of images has no second derivative, which this penalty needs",
                )
                for name in SECOND_DERIVATIVES
            ),
            Is("discriminator_conditioning", ("projection",)),
            Is(
                "concatenate_batches",
                (False,),
                "its batch norm would mix real and generated images",
            ),
        ),
        check=sizes.check_projected,
    ),
}

# Classes: how the networks are told.
CONDITIONAL = Part(
    "tfgan_lab.models.conditional_gan:ConditionalGAN",
    requires=(Is("tfds_label", ("",), "it needs several classes"),),
)
_CONDITIONAL_GENERATOR = "tfgan_lab.networks.conditional:conditional_generator"
_CONDITIONAL_DISCRIMINATOR = "tfgan_lab.networks.conditional:conditional_discriminator"

GENERATOR_CONDITIONINGS = {
    "concatenation": Part(_CONDITIONAL_GENERATOR, {"method": "generator_conditioning"}),
    "batch_norm": Part(
        _CONDITIONAL_GENERATOR,
        {"method": "generator_conditioning"},
        requires=(Is("generator", ("upsampling", "dcgan")),),
    ),
}
_METHOD = {"method": "discriminator_conditioning"}

DISCRIMINATOR_CONDITIONINGS = {
    "concatenation": Part(
        _CONDITIONAL_DISCRIMINATOR,
        _METHOD | {"hidden": "class_widths", "dropout": "class_dropout"},
    ),
    "projection": Part(_CONDITIONAL_DISCRIMINATOR, _METHOD),
    "classifier": Part(_CONDITIONAL_DISCRIMINATOR, _METHOD, also=("class_loss_weight",)),
}

# Who is updated when, and what the rates do.
_UPDATE = {
    "schedule": "schedule",
    "discriminator_steps": "discriminator_steps",
    "opponent_in_training_mode": "opponent_in_training_mode",
    "concatenate_batches": "concatenate_batches",
    "shared_gradients": "shared_gradients",
}
_ONE_STEP_EACH = (Is("discriminator_steps", (1,)), Is("opponent_in_training_mode", (True,)))

SCHEDULES = {
    "alternating": Part("tfgan_lab.models.updates:UpdateRule", _UPDATE),
    "shared_fakes": Part("tfgan_lab.models.updates:UpdateRule", _UPDATE, requires=_ONE_STEP_EACH),
    "simultaneous": Part("tfgan_lab.models.updates:UpdateRule", _UPDATE, requires=_ONE_STEP_EACH),
}
ADAPTIVE_RATE = Part(
    "tfgan_lab.models.learning_rates:AdaptiveRate", {"target": "lr_control_target"}
)


@dataclasses.dataclass(frozen=True)
class Translator:
    """What a kind of translator is put together from.

    Args:
        generator, discriminator, model, loss: ``Part``.
        also: as of ``Part``.
    """

    generator: Part
    discriminator: Part
    model: Part
    loss: Part
    also: tuple = ()
    requires: tuple = ()

    def settings(self) -> set:
        """Names of the settings that have an effect beside it."""
        parts = (self.generator, self.discriminator, self.model, self.loss)
        return set(self.also).union(*(part.settings() for part in parts))


_TRANSLATOR = {
    "channels": "channels",
    "width": "generator_width",
    "num_halvings": "num_halvings",
    "num_blocks": "num_blocks",
}
_MODEL = {"seed": "seed", "ema_half_life_images": "ema_half_life_images"}
_TRANSLATOR_DISCRIMINATOR = _IMAGES | {"width": "discriminator_width"}

TRANSLATORS = {
    "cyclegan": Translator(
        Part("tfgan_lab.networks.cyclegan:residual_translator", _TRANSLATOR),
        Part(
            "tfgan_lab.networks.cyclegan:patch_discriminator",
            _TRANSLATOR_DISCRIMINATOR | {"patch_size": "patch_size"},
        ),
        Part("tfgan_lab.models.cyclegan:CycleGAN", _MODEL | {"pool_size": "pool_size"}),
        Part(
            "tfgan_lab.losses.cyclegan:CycleGANLoss",
            {"cycle_weight": "cycle_weight", "identity_weight": "identity_weight"},
        ),
    ),
    "stargan": Translator(
        Part("tfgan_lab.networks.stargan:domain_translator", _TRANSLATOR),
        Part("tfgan_lab.networks.stargan:domain_discriminator", _TRANSLATOR_DISCRIMINATOR),
        Part("tfgan_lab.models.stargan:StarGAN", _MODEL),
        Part(
            "tfgan_lab.losses.stargan:StarGANLoss",
            {
                "classification_weight": "classification_weight",
                "reconstruction_weight": "cycle_weight",
            },
        ),
        also=("discriminator_steps", "gradient_penalty_weight"),
    ),
}
TRANSLATION_LOSSES = {name: part for name, part in LOSSES.items() if not part.relativistic}
GRADIENT_PENALTY = Part(
    "tfgan_lab.losses.penalties:GradientPenalty", {"weight": "gradient_penalty_weight"}
)
