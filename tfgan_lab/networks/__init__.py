"""Builders of networks: functions with keyword arguments that return a named model."""

from tfgan_lab.networks.discriminators import convolutional_discriminator, residual_discriminator
from tfgan_lab.networks.generators import (
    residual_generator,
    transposed_generator,
    upsampling_generator,
)

__all__ = [
    "convolutional_discriminator",
    "residual_discriminator",
    "residual_generator",
    "transposed_generator",
    "upsampling_generator",
]
