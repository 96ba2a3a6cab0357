"""Generators that travel: exported, checked against the original, with a card and checksums."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "exporting": ["Exported", "export_generator"],
        "formats": ["FORMATS", "Format"],
        "verification": ["TOLERANCE", "verify_export"],
    },
)
