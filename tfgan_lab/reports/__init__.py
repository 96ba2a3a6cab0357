"""The pages of a run and of a comparison, and the figures of an exploration."""

import lazy_loader

# Lazy, because an exploration needs no TensorFlow.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "comparison_page": ["write_comparison"],
        "source_figures": ["add_exploration", "draw_exploration"],
        "gallery": ["is_gallery", "write_gallery"],
        "run_page": ["reported", "write_report"],
        "figures": ["draw_evaluation"],
    },
)
