"""Report R0's networks and its two rounds in PyTorch, for comparison only.

Pixels in [0, 1], channels first. Strided convolutions of kernel 4 with padding 1 are Keras' "same"
at even sizes; batch norm has Keras' epsilon and momentum.
"""

import numpy as np
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


def make_rounds(kind, batch, latent_size, bfloat16=False, compiled=False):
    """The report's two rounds, as a function of the number of steps.

    Args:
        kind: see ``make_generator``.
        batch: float array of shape (n, size, size, 3) in [-1, 1], the real images of every step.
        latent_size: int.
        bfloat16: whether to run the networks under autocast.
        compiled: whether to compile both networks.
    """
    count, image_size = batch.shape[:2]
    generator = make_generator(kind, image_size, latent_size)
    discriminator = Discriminator(image_size)
    generator_optimizer = torch.optim.Adam(generator.parameters(), 1e-5)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), 1e-6)
    cross_entropy = nn.functional.binary_cross_entropy_with_logits
    reals = torch.from_numpy(np.ascontiguousarray(batch.transpose(0, 3, 1, 2)) * 0.5 + 0.5)
    generate, judge = generator, discriminator
    if compiled:
        generate, judge = torch.compile(generator), torch.compile(discriminator)

    def networks_arithmetic():
        return torch.autocast("cpu", torch.bfloat16, enabled=bfloat16)

    def step():
        generator.eval()
        discriminator.train()
        labels = torch.cat([torch.ones(count, 1), torch.zeros(count, 1)])
        labels += torch.empty(2 * count, 1).uniform_(-0.05, 0.05)
        with networks_arithmetic():
            with torch.no_grad():
                fakes = generate(torch.randn(count, latent_size))
            logits = judge(torch.cat([reals, fakes]))
        loss = cross_entropy(logits.float(), labels)
        discriminator_optimizer.zero_grad()
        loss.backward()
        discriminator_optimizer.step()

        generator.train()
        discriminator.eval()
        discriminator.requires_grad_(False)
        with networks_arithmetic():
            logits = judge(generate(torch.randn(count, latent_size)))
        loss = cross_entropy(logits.float(), torch.ones(count, 1))
        generator_optimizer.zero_grad()
        loss.backward()
        generator_optimizer.step()
        discriminator.requires_grad_(True)

    def train(num_steps):
        for _ in range(num_steps):
            step()

    return train
