"""Whether the widths of a configuration's networks suit its image size; asks no Keras.

Every check takes a configuration and ``"generator"`` or ``"discriminator"``.
"""

from tfgan_lab.networks.sizes import FEATURE_STRIDES, check_scales, residual_widths, shown_size_of


def check_doublings(config, network) -> None:
    """Checks a network with a width for its first square, and one for each doubling."""
    _check_divisible(config, network, len(_widths(config, network)) - 1)


def check_dcgan_doublings(config, network) -> None:
    """Checks a DCGAN generator: at stride 2 its first convolution doubles, too."""
    _check_divisible(config, network, len(_widths(config, network)) - (config.first_stride == 1))


def check_halvings(config, network) -> None:
    """Checks a network with a width for each halving."""
    _check_divisible(config, network, len(_widths(config, network)))


def check_sides(config, network) -> None:
    """Checks a network with a width for each size, doubling from the smallest."""
    residual_widths(config.image_size, _widths(config, network))


def check_projected(config, network) -> None:
    """Checks a network with a width for each scale of features, or one for all."""
    size, widths = config.image_size, _widths(config, network)
    check_scales(size, config.feature_size or shown_size_of(size))
    if len(widths) not in (1, len(FEATURE_STRIDES)):
        raise ValueError(f"Expected 1 width or {len(FEATURE_STRIDES)}. Received: widths={widths}")


def _widths(config, network):
    return getattr(config, f"{network}_widths")


def _check_divisible(config, network, halvings):
    if halvings < 1 or config.image_size % 2**halvings:
        raise ValueError(
            f"Expected --image_size divisible by {2 ** max(halvings, 1)}. Received: "
            f"image_size={config.image_size}, {network}_widths={_widths(config, network)}"
        )
