"""Where the generator's inputs come from, and how to find and move them."""

import lazy_loader

# Lazy, because whoever wants a distribution alone should not wait for Pillow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "distributions": [
            "Gamma",
            "LatentDistribution",
            "Normal",
            "TruncatedNormal",
            "Uniform",
        ],
        "generator": ["LatentGenerator", "as_generator"],
        "inversion": ["Inversion", "InversionSettings", "inversion_settings", "invert"],
        "named": ["R1_DISTRIBUTIONS", "distribution"],
        "perceptual": ["LayerFeatures"],
        "targets": ["as_targets"],
    },
)
