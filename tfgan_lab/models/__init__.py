"""Models to ``fit``: they tie networks, losses and latents together in a ``train_step``."""

from tfgan_lab.models.adversarial_model import AdversarialModel
from tfgan_lab.models.conditional_gan import ConditionalGAN
from tfgan_lab.models.cyclegan import CycleGAN
from tfgan_lab.models.fused_adam import FusedAdam
from tfgan_lab.models.gan import GAN
from tfgan_lab.models.learning_rates import AdaptiveRate, LinearDecay
from tfgan_lab.models.model_loading import load_model
from tfgan_lab.models.pair import NetworkPair
from tfgan_lab.models.stargan import StarGAN
from tfgan_lab.models.updates import UpdateRule

__all__ = [
    "GAN",
    "AdversarialModel",
    "ConditionalGAN",
    "CycleGAN",
    "FusedAdam",
    "LinearDecay",
    "NetworkPair",
    "AdaptiveRate",
    "StarGAN",
    "UpdateRule",
    "load_model",
]
