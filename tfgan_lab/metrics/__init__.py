"""Measures of what a generator makes: float64 formulas on plain arrays."""

import lazy_loader

# Lazy, because the formulas need numpy alone and the networks TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "distances": ["distances"],
        "diversity": ["kernel_entropy_ratio", "neighbour_ratio"],
        "embedding": ["RandomEmbedding"],
        "manifold": ["coverage_and_density"],
        "memorisation": ["copying_ratio"],
        "modes": ["ModeCounts", "count_modes"],
    },
)
