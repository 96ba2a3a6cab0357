"""Where the generator's inputs come from, and how to find and move them."""

import lazy_loader

# Lazy, so that callers that need only a distribution do not wait for Pillow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "directions": [
            "Directions",
            "factorise",
            "first_dense",
            "principal_directions",
            "strips",
        ],
        "distributions": [
            "Gamma",
            "LatentDistribution",
            "Normal",
            "Sphere",
            "TruncatedNormal",
            "Uniform",
        ],
        "generator": ["LatentGenerator", "as_generator"],
        "inversion": ["Inversion", "InversionSettings", "inversion_settings", "invert"],
        "interpolation": [
            "Smoothness",
            "between",
            "closed_walk",
            "interpolate",
            "linear",
            "smoothness",
            "spherical",
        ],
        "named": ["R1_DISTRIBUTIONS", "distribution"],
        "perceptual": ["LayerFeatures"],
        "perturbation": ["scale_values", "truncate"],
        "targets": ["as_targets"],
    },
)
