"""Report R0's networks in PyTorch, for comparison only.

Pixels in [0, 1], channels first. Strided convolutions of kernel 4 with padding 1 are Keras' "same"
at even sizes; batch norm has Keras' epsilon and momentum.
"""

import torch
from torch import nn

SLOPE = 0.2


class Discriminator(nn.Sequential):
    """Three strided blocks, dropout, one logit."""

    def __init__(self, image_size, widths=(64, 128, 128)):
        stack, channels = [], 3
        for width in widths:
            stack += [nn.Conv2d(channels, width, 4, 2, 1), _batch_norm(width), nn.LeakyReLU(SLOPE)]
            channels = width
        side = image_size // 2 ** len(widths)
        stack += [nn.Flatten(), nn.Dropout(0.2), nn.Linear(side * side * channels, 1)]
        super().__init__(*stack)


def make_generator(kind, image_size, latent_size) -> nn.Sequential:
    """Returns the report's generator A (``"transposed"``) or B (``"upsampling"``)."""
    widths = {"transposed": (128, 128, 256, 512), "upsampling": (128, 64, 128, 256)}[kind]
    side = image_size // 2 ** (len(widths) - 1)
    channels = widths[0]
    stack = [
        nn.Linear(latent_size, side * side * channels),
        nn.Unflatten(1, (channels, side, side)),
    ]
    for width in widths[1:]:
        if kind == "transposed":
            stack += [nn.ConvTranspose2d(channels, width, 4, 2, 1), nn.LeakyReLU(SLOPE)]
        else:
            stack.append(nn.Upsample(scale_factor=2))
            for inputs in (channels, width):
                stack += [nn.Conv2d(inputs, width, 3, padding=1), _batch_norm(width)]
                stack.append(nn.LeakyReLU(SLOPE))
        channels = width
    return nn.Sequential(*stack, nn.Conv2d(channels, 3, 5, padding=2), nn.Sigmoid())


def _batch_norm(width):
    return nn.BatchNorm2d(width, eps=1e-3, momentum=0.01)


def num_parameters(network: torch.nn.Module) -> int:
    """Counts trainable parameters, to be compared with Keras' count."""
    return sum(parameter.numel() for parameter in network.parameters())
