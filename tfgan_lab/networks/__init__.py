"""Builders of networks: functions with keyword arguments that return a named model."""

from tfgan_lab.networks.discriminators import convolutional_discriminator
from tfgan_lab.networks.generators import transposed_generator, upsampling_generator

__all__ = ["convolutional_discriminator", "transposed_generator", "upsampling_generator"]
