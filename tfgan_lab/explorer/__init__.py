"""A local page on which one plays with a generator."""

import lazy_loader

# Lazy, because the page needs Gradio, which is an extra.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"explorer": ["Explorer"], "explorer_page": ["build_page", "serve"]},
)
