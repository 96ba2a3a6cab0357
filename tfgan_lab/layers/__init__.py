"""Building blocks that Keras lacks, and what happens to pictures within a training step."""

from tfgan_lab.layers.diff_augment import DiffAugment
from tfgan_lab.layers.resampling import BlurDownsample

__all__ = ["BlurDownsample", "DiffAugment"]
