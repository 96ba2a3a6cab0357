"""The parts that models are put together from: where each is made, and of which settings.

This is the only table of them. From it follow the choices of the flags, which settings have an
effect beside the others, what can't be combined, and how a model is built. Reading it needs no
TensorFlow. A new loss is its own file and a line here; so is a new network.
"""

import dataclasses
import importlib
import typing

from tfgan_lab.runs.settings.conditions import Is
from tfgan_lab.runs.settings.network_sizes import (
    check_dcgan_doublings,
    check_doublings,
    check_halvings,
    check_projected,
    check_sides,
)


class Times(typing.NamedTuple):
    """An argument that is a setting's value times a factor."""

    setting: str
    factor: float


@dataclasses.dataclass(frozen=True)
class Part:
    """What a value of a setting stands for.

    Args:
        constructor: what makes it, as ``module:name`` within this package.
        arguments: dict of the constructor's argument to the name of a setting, ``Times``, or
            another ``Part``.
        also: names of settings that have an effect beside this part without being its arguments.
        others: dict of a role to a ``Part`` that comes with this one.
        requires: the ``Is`` that must hold beside it.
        check: of a network, function of a configuration and the network's role that raises
            ``ValueError`` where the sizes don't fit.
        traits: what else is to be known of it without making it: ``relativistic`` losses compare
            real images' logits with generated ones'; weights learn from a gradient towards the
            images where a penalty ``differentiates_twice``.
    """

    constructor: str
    arguments: dict = dataclasses.field(default_factory=dict)
    also: tuple = ()
    others: dict = dataclasses.field(default_factory=dict)
    requires: tuple = ()
    check: typing.Callable = lambda config, network: None
    traits: tuple = ()

    def load(self) -> typing.Callable:
        """Imports the constructor."""
        module, name = self.constructor.split(":")
        return getattr(importlib.import_module(f"tfgan_lab.{module}"), name)

    def settings(self) -> set:
        """Names of the settings that have an effect beside this part."""
        names = set(self.also)
        for source in (*self.arguments.values(), *self.others.values()):
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


def _same(*names):
    """Arguments that are called as their settings are."""
    return dict(zip(names, names, strict=True))


# Losses. Only with some does a logit's sign say what the discriminator takes an image for.
_SIGN = ("ada_target", "lr_control_target")
_LABELS = _same("real_label", "fake_label", "generator_label", "label_noise", "mean_over_halves")
_COMPARING = {"also": _SIGN, "traits": ("relativistic",)}

LOSSES = {
    "binary_cross_entropy": Part("losses.adversarial:BinaryCrossEntropy", _LABELS, also=_SIGN),
    "least_squares": Part("losses.adversarial:LeastSquares"),
    "hinge": Part("losses.adversarial:Hinge", also=_SIGN),
    "wasserstein": Part("losses.adversarial:Wasserstein"),
    "relativistic_average": Part("losses.adversarial:RelativisticAverage", **_COMPARING),
    "relativistic_pairing": Part("losses.adversarial:RelativisticPairing", **_COMPARING),
}
TRANSLATION_LOSSES = {
    name: part for name, part in LOSSES.items() if "relativistic" not in part.traits
}

# Penalties, by the setting that is their weight.
_ZERO_CENTRED = {"also": ("penalty_anneal_images",), "traits": ("differentiates_twice",)}

PENALTIES = {
    "r1_gamma": Part(
        "losses.penalties:R1", {"gamma": "r1_gamma", "share": "penalty_share"}, **_ZERO_CENTRED
    ),
    "r2_gamma": Part(
        "losses.penalties:R2", {"gamma": "r2_gamma", "share": "penalty_share"}, **_ZERO_CENTRED
    ),
}
ANNEALED = Part("losses.annealed_penalty:AnnealedPenalty", {"images": "penalty_anneal_images"})
GRADIENT_PENALTY = Part("losses.penalties:GradientPenalty", {"weight": "gradient_penalty_weight"})
SECOND_DERIVATIVES = tuple(
    name for name, part in PENALTIES.items() if "differentiates_twice" in part.traits
)

# Augmentation within the step.
DIFF_AUGMENT = Part(
    "layers.diff_augment:DiffAugment",
    {
        "brightness": Times("diff_augment_colour", 0.5),
        "saturation": Times("diff_augment_colour", 1.0),
        "contrast": Times("diff_augment_colour", 0.5),
        "translation": "diff_augment_translation",
        "cutout": "diff_augment_cutout",
    },
)
ADAPTIVE_AUGMENT = Part(
    "layers.adaptive_augment:AdaptiveAugment",
    {"target": "ada_target", "images_to_full": "ada_images"},
)

# Networks.
_IMAGES = _same("image_size", "channels")
_KERNEL, _RANGE = _same("kernel_size"), _same("pixel_range")
_NORMAL_WEIGHTS = ("initial_deviation",)  # Of networks whose weights may be drawn so.

_ANY_GENERATOR = _IMAGES | {"latent_size": "latent_size", "widths": "generator_widths"}
_GENERATOR = _ANY_GENERATOR | {"negative_slope": "generator_slope"}

GENERATORS = {
    "transposed": Part(
        "networks.generators:transposed_generator",
        _GENERATOR | _KERNEL | _RANGE,
        also=_NORMAL_WEIGHTS,
        check=check_doublings,
    ),
    "upsampling": Part(
        "networks.generators:upsampling_generator",
        _GENERATOR | _RANGE,
        also=_NORMAL_WEIGHTS,
        check=check_doublings,
    ),
    "dcgan": Part(
        "networks.dcgan:dcgan_generator",
        _GENERATOR | _KERNEL | _same("first_stride"),
        also=_NORMAL_WEIGHTS,
        check=check_dcgan_doublings,
    ),
    "residual": Part(
        "networks.generators:residual_generator",
        _GENERATOR,
        also=_NORMAL_WEIGHTS,
        check=check_sides,
    ),
    "light": Part("networks.light:light_generator", _ANY_GENERATOR, check=check_sides),
}

_WIDTHS = {"widths": "discriminator_widths"}
_DISCRIMINATOR = _IMAGES | _WIDTHS | {"negative_slope": "discriminator_slope"}
_DROPOUT = {"dropout": "discriminator_dropout"}
_FEATURES = Part("networks.projected:projected_features", _IMAGES | {"shown_size": "feature_size"})
_NO_SECOND = "the resizing of images has no second derivative, which this penalty needs"
_NO_MIXING = "its batch norm would mix real and generated images"

DISCRIMINATORS = {
    "convolutional": Part(
        "networks.discriminators:convolutional_discriminator",
        _DISCRIMINATOR | _DROPOUT | _KERNEL | _RANGE,
        also=_NORMAL_WEIGHTS,
        check=check_halvings,
    ),
    "dcgan": Part(
        "networks.dcgan:dcgan_discriminator",
        _DISCRIMINATOR | _DROPOUT | _KERNEL | _same("batch_norm"),
        also=_NORMAL_WEIGHTS,
        check=check_halvings,
    ),
    "residual": Part(
        "networks.discriminators:residual_discriminator",
        _DISCRIMINATOR,
        also=_NORMAL_WEIGHTS,
        check=check_sides,
    ),
    "projected": Part(
        "networks.projected:projected_discriminator",
        _WIDTHS | {"features": _FEATURES},
        requires=(
            *(Is(name, (0.0,), _NO_SECOND) for name in SECOND_DERIVATIVES),
            Is("discriminator_conditioning", ("projection",)),
            Is("concatenate_batches", (False,), _NO_MIXING),
        ),
        check=check_projected,
    ),
}
LATENTS = Part("latents.named:distribution", {"name": "latent_distribution", "size": "latent_size"})

# Classes: how the networks are told.
CONDITIONAL = Part(
    "models.conditional_gan:ConditionalGAN",
    requires=(Is("tfds_label", ("",), "it needs several classes"),),
)
_TOLD_GENERATOR = "networks.conditional:conditional_generator", {"method": "generator_conditioning"}
_TOLD = "networks.conditional:conditional_discriminator"
_METHOD = {"method": "discriminator_conditioning"}
_LAYERS = {"hidden": "class_widths", "dropout": "class_dropout"}

GENERATOR_CONDITIONINGS = {
    "concatenation": Part(*_TOLD_GENERATOR),
    "batch_norm": Part(*_TOLD_GENERATOR, requires=(Is("generator", ("upsampling", "dcgan")),)),
}
DISCRIMINATOR_CONDITIONINGS = {
    "concatenation": Part(_TOLD, _METHOD | _LAYERS),
    "projection": Part(_TOLD, _METHOD),
    "classifier": Part(_TOLD, _METHOD, also=("class_loss_weight",)),
}

# Who is updated when, and at which rate.
_RULE = "models.updates:UpdateRule"
_UPDATE = _same(
    "schedule",
    "discriminator_steps",
    "opponent_in_training_mode",
    "concatenate_batches",
    "shared_gradients",
)
_ONE_STEP_EACH = (Is("discriminator_steps", (1,)), Is("opponent_in_training_mode", (True,)))

SCHEDULES = {
    "alternating": Part(_RULE, _UPDATE),
    "shared_fakes": Part(_RULE, _UPDATE, requires=_ONE_STEP_EACH),
    "simultaneous": Part(_RULE, _UPDATE, requires=_ONE_STEP_EACH),
}
ADAPTIVE_RATE = Part("models.learning_rates:AdaptiveRate", {"target": "lr_control_target"})

# Translators, each with its networks and what they minimise.
_MODEL = _same("seed", "ema_half_life_images")
_TRANSLATOR = _same("channels", "num_halvings", "num_blocks") | {"width": "generator_width"}
_PATCHES = _IMAGES | {"width": "discriminator_width"}

TRANSLATORS = {
    "cyclegan": Part(
        "models.cyclegan:CycleGAN",
        _MODEL | _same("pool_size"),
        others={
            "generator": Part("networks.cyclegan:residual_translator", _TRANSLATOR),
            "discriminator": Part(
                "networks.cyclegan:patch_discriminator", _PATCHES | _same("patch_size")
            ),
            "loss": Part("losses.cyclegan:CycleGANLoss", _same("cycle_weight", "identity_weight")),
        },
    ),
    "stargan": Part(
        "models.stargan:StarGAN",
        _MODEL,
        also=("discriminator_steps", "gradient_penalty_weight"),
        others={
            "generator": Part("networks.stargan:domain_translator", _TRANSLATOR),
            "discriminator": Part("networks.stargan:domain_discriminator", _PATCHES),
            "loss": Part(
                "losses.stargan:StarGANLoss",
                _same("classification_weight") | {"reconstruction_weight": "cycle_weight"},
            ),
        },
    ),
}
