"""Adversarial training on a few hundred images: train, diagnose, measure, explore.

Rooms are imported when first used, so that ``import tfgan_lab`` costs nothing and sets nothing:
no policy, seed, thread count or memory option.

Example:
    >>> import tfgan_lab as tgl
    >>> images = tgl.data.plates(count=8, image_size=32, batch_size=4)
    >>> images.images.shape
    (8, 32, 32, 3)
"""

import lazy_loader

from tfgan_lab._version import __version__

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "attribution",
        "callbacks",
        "data",
        "diagnosis",
        "explorer",
        "latents",
        "layers",
        "losses",
        "metrics",
        "models",
        "networks",
        "plots",
        "replicas",
        "reports",
        "runs",
    ],
    submod_attrs={"models": ["GAN", "ConditionalGAN", "load_model"]},
)
__all__ += ["__version__"]
