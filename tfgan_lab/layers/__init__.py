"""Building blocks that Keras lacks, and what happens to images within a training step."""

from tfgan_lab.layers.adaptive_augment import AdaptiveAugment
from tfgan_lab.layers.augmenter import Augmenter
from tfgan_lab.layers.batch_norm import BatchNormalization
from tfgan_lab.layers.bilinear import BilinearUpSampling2D
from tfgan_lab.layers.conditioning import ConditionalBatchNormalization
from tfgan_lab.layers.depthwise import DepthwiseConv2D
from tfgan_lab.layers.diff_augment import DiffAugment
from tfgan_lab.layers.domain_maps import DomainMaps
from tfgan_lab.layers.dropout import Dropout
from tfgan_lab.layers.image_pool import ImagePool
from tfgan_lab.layers.minibatch import MinibatchStdDev
from tfgan_lab.layers.padding import ReflectionPadding2D
from tfgan_lab.layers.plain import with_keras_own
from tfgan_lab.layers.resampling import BlurDownsample
from tfgan_lab.layers.spectral_norm import (
    SpectralConv2D,
    SpectralDense,
    advance_power_iterations,
)
from tfgan_lab.layers.transposed import TransposedConv2D

__all__ = [
    "AdaptiveAugment",
    "Augmenter",
    "BatchNormalization",
    "BilinearUpSampling2D",
    "BlurDownsample",
    "ConditionalBatchNormalization",
    "DepthwiseConv2D",
    "DiffAugment",
    "DomainMaps",
    "Dropout",
    "MinibatchStdDev",
    "ImagePool",
    "ReflectionPadding2D",
    "SpectralConv2D",
    "SpectralDense",
    "TransposedConv2D",
    "advance_power_iterations",
    "with_keras_own",
]
