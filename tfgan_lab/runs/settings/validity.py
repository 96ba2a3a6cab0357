"""Which settings can be run: each by itself, and together."""

import math
import typing

from tfgan_lab.networks.sizes import (
    FEATURE_STRIDES,
    check_scales,
    residual_widths,
    shown_size_of,
)

# With these losses a logit's sign doesn't say what the discriminator takes an image for.
LOSSES_WITHOUT_SIGN = {"least_squares", "wasserstein"}

# Generators whose batch norms can have a scale and a shift for each class.
WITH_BATCH_NORM = ("upsampling", "dcgan")

# A penalty on the slope of the logits is differentiated once more, to move the weights.
NEED_SECOND_DERIVATIVES = ("r1_gamma", "r2_gamma", "gradient_penalty_weight", "dragan_weight")

MOST_CHANNELS = 2**16

SOURCES = ("data_dir", "tfds_name", "drawn")
SOURCE_OF = {"tfds_label": "tfds_name", "tfds_split": "tfds_name", "num_drawn": "drawn"}


class ConfigError(ValueError):
    """Settings that cannot be run; the message is one sentence with the remedy."""


def checked(field, value):
    """Returns a setting's value in its declared type.

    Args:
        field: the setting's ``dataclasses.Field``.
        value: what it was given.

    Raises:
        ConfigError: another type, or out of its bounds.
    """
    kind, metadata = field.type, field.metadata
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if abs(value) < 1e300 else math.inf
    if kind is tuple and isinstance(value, list):
        value = tuple(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ConfigError(
            f"Expected --{field.name} as {_kind_name(kind)}. Received: {field.name}={value!r}"
        )
    if kind is float and not math.isfinite(value):
        raise ConfigError(
            f"Expected --{field.name} as a finite number. Received: {field.name}={value!r}"
        )
    if kind is tuple and not (value and all(isinstance(item, int) for item in value)):
        raise ConfigError(
            f"Expected --{field.name} as whole numbers. Received: {field.name}={value!r}"
        )
    if field.name.endswith("_widths") and not 1 <= min(value) <= max(value) <= MOST_CHANNELS:
        raise ConfigError(
            f"Expected --{field.name} from 1 to {MOST_CHANNELS}. Received: {field.name}={value!r}"
        )
    choices, low, high = metadata["choices"], metadata["low"], metadata["high"]
    if choices and value not in choices:
        allowed = ", ".join(str(choice) for choice in choices if choice != "")
        raise ConfigError(f"Expected --{field.name} out of {allowed}. Received: {value!r}")
    # Negated, so that NaN is refused too.
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        bounds = f"from {low}" + (f" to {high}" if high is not None else "")
        raise ConfigError(f"Expected --{field.name} {bounds}. Received: {field.name}={value!r}")
    return value


def check_together(config) -> None:
    """Checks the settings that concern each other.

    Args:
        config: ``RunConfig`` whose settings were checked one by one.

    Raises:
        ConfigError: they contradict each other, or one would have no effect.
    """
    _check_source(config)
    _check_widths(config, "generator")
    _check_widths(config, "discriminator")
    _check_effects(config)
    if config.pixel_range not in {(0, 1), (-1, 1)}:
        raise ConfigError(
            f"Expected --pixel_range=0,1 or -1,1. Received: pixel_range={config.pixel_range}"
        )
    if config.latent_distribution != "normal":
        _check_latents(config)
    if config.first_stride not in {1, 2}:
        raise ConfigError(f"Expected --first_stride=1 or 2. Received: {config.first_stride}")
    if config.single_pass and (config.discriminator_steps > 1 or not config.opponent_training):
        raise ConfigError(
            "Expected --discriminator_steps=1 and --opponent_training with --single_pass. "
            f"Received: discriminator_steps={config.discriminator_steps}, "
            f"opponent_training={config.opponent_training}"
        )
    if config.reused_images and (
        config.single_pass or config.discriminator_steps > 1 or not config.opponent_training
    ):
        raise ConfigError(
            "Expected --discriminator_steps=1, --opponent_training and --nosingle_pass with "
            f"--reused_images. Received: discriminator_steps={config.discriminator_steps}, "
            f"opponent_training={config.opponent_training}, single_pass={config.single_pass}"
        )
    if config.generator_conditioning == "batch_norm" and config.generator not in WITH_BATCH_NORM:
        raise ConfigError(
            f"Expected --generator={' or '.join(WITH_BATCH_NORM)} with "
            f"--generator_conditioning=batch_norm. Received: generator={config.generator!r}"
        )
    if config.conditional and config.tfds_label:
        raise ConfigError(
            "Expected no --tfds_label with --conditional, which needs several classes. "
            f"Received: tfds_label={config.tfds_label!r}"
        )
    if config.discriminator == "projected":
        _check_projected(config)
    if config.minibatch_stddev and config.joint_batch:
        raise ConfigError(
            "Expected --nojoint_batch with --minibatch_stddev: groups of real and generated "
            "images together would give away nothing"
        )


def _check_source(config):
    sources = {name: getattr(config, name) for name in SOURCES}
    if sum(map(bool, sources.values())) != 1:
        raise ConfigError(
            "Expected one of --data_dir=FOLDER, --tfds_name=NAME and --drawn=plates or vehicles. "
            "Received: " + ", ".join(f"{name}={value!r}" for name, value in sources.items())
        )
    for name, source in SOURCE_OF.items():
        if not sources[source] and getattr(config, name) != _default(config, name):
            raise ConfigError(
                f"Expected --{name} only with --{source}: it would have no effect. "
                f"Received: {name}={getattr(config, name)!r}"
            )
    if config.mirrored_copies and config.augment_flip:
        raise ConfigError(
            "Expected --noaugment_flip with --mirrored_copies: half of the images would be "
            "mirrored anyway"
        )
    if config.drawn and config.image_size < 16:
        raise ConfigError(
            "Expected --image_size from 16 with --drawn: smaller drawings cannot be told apart. "
            f"Received: image_size={config.image_size}"
        )
    if config.drawn and config.channels != 3:
        raise ConfigError("Expected --channels=3 with --drawn. Received: channels=1")


def _check_projected(config):
    penalties = [
        name
        for name in NEED_SECOND_DERIVATIVES
        if getattr(config, name) and not (name.startswith("r") and config.approximate_sigma)
    ]
    if penalties:
        raise ConfigError(
            f"Expected no --{penalties[0]} with --discriminator=projected: the resizing of images "
            "has no second derivative, which this penalty needs"
        )
    if config.conditional and config.discriminator_conditioning != "projection":
        raise ConfigError(
            "Expected --discriminator_conditioning=projection with --discriminator=projected. "
            f"Received: discriminator_conditioning={config.discriminator_conditioning!r}"
        )
    if config.joint_batch:
        raise ConfigError(
            "Expected --nojoint_batch with --discriminator=projected, whose batch norm would mix "
            "real and generated images"
        )


def _check_latents(config):
    from tfgan_lab.latents.named import distribution  # It needs TensorFlow, the default doesn't.

    try:
        distribution(config.latent_distribution, config.latent_size)
    except ValueError as error:
        raise ConfigError(f"{error} (--latent_distribution)") from error


def _check_widths(config, network):
    widths, kind = getattr(config, f"{network}_widths"), getattr(config, network)
    size = config.image_size
    try:
        if kind in ("residual", "light"):
            residual_widths(size, widths)
            return
        if kind == "projected":
            check_scales(size, config.feature_size or shown_size_of(size))
            if len(widths) not in (1, len(FEATURE_STRIDES)):
                raise ValueError(
                    f"Expected 1 width or {len(FEATURE_STRIDES)}. Received: widths={widths}"
                )
            return
    except ValueError as error:
        raise ConfigError(f"{error} for --{network}={kind}") from None
    halvings = len(widths)
    if network == "generator" and not (kind == "dcgan" and config.first_stride == 2):
        halvings -= 1
    if halvings < 1 or size % 2**halvings:
        raise ConfigError(
            f"Expected --image_size divisible by {2 ** max(halvings, 1)} with --{network}={kind}. "
            f"Received: image_size={size}, {network}_widths={widths}"
        )


def unused_settings(config) -> dict:
    """Names the settings that nothing would look at, whatever their value.

    Args:
        config: an object with the settings as attributes.

    Returns:
        Dict of name to the flags with which it would have an effect.
    """
    cross_entropy = config.loss == "binary_cross_entropy"
    kinds = {config.generator, config.discriminator}
    projected = config.discriminator == "projected"
    zero_centred = bool(config.r1_gamma or config.r2_gamma)
    diff_augment = bool(
        config.diff_augment_colour or config.diff_augment_translation or config.diff_augment_cutout
    )
    needs = _needs_of_classes(config) | {
        "blocks_per_size": ("residual" in kinds, "a network of kind residual"),
        "kernel_size": (
            kinds & {"transposed", "dcgan", "convolutional"},
            "a network of kind transposed, dcgan or convolutional",
        ),
        "first_stride": (config.generator == "dcgan", "--generator=dcgan"),
        "batch_norm": (config.discriminator == "dcgan", "--discriminator=dcgan"),
        "minibatch_stddev": (config.discriminator == "residual", "--discriminator=residual"),
        "spectral_norm": (config.discriminator == "residual", "--discriminator=residual"),
        "discriminator_dropout": (
            config.discriminator in ("convolutional", "dcgan"),
            "--discriminator=convolutional or dcgan",
        ),
        "feature_size": (projected, "--discriminator=projected"),
        "discriminator_slope": (not projected, "another --discriminator than projected"),
        "generator_slope": (config.generator != "light", "another --generator than light"),
        "initial_deviation": (
            config.generator != "light" or not projected,
            "another --generator than light, or another --discriminator than projected",
        ),
        "pixel_range": (
            kinds <= {"transposed", "upsampling", "convolutional"},
            "networks of kind transposed, upsampling and convolutional",
        ),
        "real_label": (cross_entropy, "--loss=binary_cross_entropy"),
        "fake_label": (cross_entropy, "--loss=binary_cross_entropy"),
        "generator_label": (
            cross_entropy and not config.saturating,
            "--loss=binary_cross_entropy --nosaturating",
        ),
        "label_noise": (cross_entropy, "--loss=binary_cross_entropy"),
        "saturating": (cross_entropy, "--loss=binary_cross_entropy"),
        "mean_over_halves": (cross_entropy, "--loss=binary_cross_entropy"),
        "penalty_share": (zero_centred, "--r1_gamma or --r2_gamma"),
        "penalty_interval": (zero_centred, "--r1_gamma or --r2_gamma"),
        "penalty_anneal_images": (zero_centred, "--r1_gamma or --r2_gamma"),
        "lr_control_target": (
            config.loss not in LOSSES_WITHOUT_SIGN,
            "another --loss than least_squares or wasserstein",
        ),
        "lr_control_images": (bool(config.lr_control_target), "--lr_control_target"),
        "approximate_sigma": (zero_centred, "--r1_gamma or --r2_gamma"),
        "shared_gradients": (
            zero_centred
            and config.joint_batch
            and config.penalty_interval == 1
            and not config.approximate_sigma,
            "--r1_gamma or --r2_gamma, exact and at every step, and --joint_batch",
        ),
        "gradient_penalty_one_sided": (
            bool(config.gradient_penalty_weight),
            "--gradient_penalty_weight",
        ),
        "ada_target": (
            diff_augment and config.loss not in LOSSES_WITHOUT_SIGN,
            "a --diff_augment_... strength and another --loss than least_squares or wasserstein",
        ),
        "ada_images": (bool(config.ada_target), "--ada_target"),
        "on_failure": (bool(config.diagnose_every), "--diagnose_every"),
        "max_rollbacks": (config.on_failure == "rollback", "--on_failure=rollback"),
    }
    return {name: condition for name, (looked_at, condition) in needs.items() if not looked_at}


def _needs_of_classes(config):
    conditional = config.conditional
    beside_latents = conditional and config.generator_conditioning == "concatenation"
    beside_features = conditional and config.discriminator_conditioning == "concatenation"
    return {
        "generator_conditioning": (conditional, "--conditional"),
        "discriminator_conditioning": (conditional, "--conditional"),
        "class_sampling": (conditional, "--conditional"),
        "label_size": (beside_latents, "--conditional --generator_conditioning=concatenation"),
        "class_widths": (
            beside_features,
            "--conditional --discriminator_conditioning=concatenation",
        ),
        "class_dropout": (
            beside_features,
            "--conditional --discriminator_conditioning=concatenation",
        ),
        "class_loss_weight": (
            conditional and config.discriminator_conditioning == "classifier",
            "--conditional --discriminator_conditioning=classifier",
        ),
    }


def _check_effects(config):
    """Refuses a setting that was changed where nothing looks at it."""
    for name, condition in unused_settings(config).items():
        neutral, value = _default(config, name), getattr(config, name)
        if value != neutral:
            raise ConfigError(
                f"Expected {condition} with --{name}, which would have no effect without. "
                f"Received: {name}={value!r}; {_as_flag(name, neutral)} leaves it out"
            )


def _default(config, name):
    return type(config).__dataclass_fields__[name].default


def _as_flag(name, value):
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no{name}"
    text = ",".join(str(item) for item in value) if isinstance(value, tuple) else value
    return f"--{name}={text}"


def _kind_name(kind: typing.Any) -> str:
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return names.get(kind, "whole numbers, separated by commas")
