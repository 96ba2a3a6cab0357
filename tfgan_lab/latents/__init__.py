"""Where the generator's inputs come from."""

from tfgan_lab.latents.distributions import LatentDistribution, Normal, Uniform

__all__ = ["LatentDistribution", "Normal", "Uniform"]
