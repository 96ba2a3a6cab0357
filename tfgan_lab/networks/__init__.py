"""Builders of networks: functions with keyword arguments that return a named model."""

from tfgan_lab.networks.dcgan import dcgan_discriminator, dcgan_generator
from tfgan_lab.networks.discriminators import convolutional_discriminator, residual_discriminator
from tfgan_lab.networks.generators import (
    residual_generator,
    transposed_generator,
    upsampling_generator,
)
from tfgan_lab.networks.initialisation import draw_normal_weights

__all__ = [
    "convolutional_discriminator",
    "dcgan_discriminator",
    "dcgan_generator",
    "draw_normal_weights",
    "residual_discriminator",
    "residual_generator",
    "transposed_generator",
    "upsampling_generator",
]
