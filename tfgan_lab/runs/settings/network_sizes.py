"""Whether the widths of a configuration's networks suit its image size; asks no Keras."""

from tfgan_lab.networks.sizes import (
    FEATURE_STRIDES,
    check_scales,
    residual_widths,
    shown_size_of,
)


def check_doublings(config) -> None:
    """Of a generator whose first square has the first width, and each doubling one more."""
    _check_divisible(config, "generator", len(config.generator_widths) - 1)


def check_dcgan_doublings(config) -> None:
    """Of a DCGAN generator, whose first convolution doubles its square, too, at stride 2."""
    _check_divisible(config, "generator", len(config.generator_widths) - (config.first_stride == 1))


def check_halvings(config) -> None:
    """Of a discriminator that halves images for each width."""
    _check_divisible(config, "discriminator", len(config.discriminator_widths))


def check_generator_sides(config) -> None:
    """Of a generator with a width for each size."""
    residual_widths(config.image_size, config.generator_widths)


def check_discriminator_sides(config) -> None:
    """Of a discriminator with a width for each size."""
    residual_widths(config.image_size, config.discriminator_widths)


def check_projected(config) -> None:
    """Of a discriminator with a width for each scale of features, or one for all."""
    size, widths = config.image_size, config.discriminator_widths
    check_scales(size, config.feature_size or shown_size_of(size))
    if len(widths) not in (1, len(FEATURE_STRIDES)):
        raise ValueError(f"Expected 1 width or {len(FEATURE_STRIDES)}. Received: widths={widths}")


def _check_divisible(config, network, halvings):
    if halvings < 1 or config.image_size % 2**halvings:
        widths = getattr(config, f"{network}_widths")
        raise ValueError(
            f"Expected --image_size divisible by {2 ** max(halvings, 1)}. "
            f"Received: image_size={config.image_size}, {network}_widths={widths}"
        )
