"""Arrays in, figures out."""

import lazy_loader

# Lazy, as every room that nothing must be registered from.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "animation": ["gif_bytes"],
        "comparisons": ["compared_curves"],
        "confusion": ["confusion_map"],
        "grids": [
            "image_grid",
            "png_bytes",
            "tile_images",
            "tile_rows",
            "to_uint8",
            "untile_images",
        ],
        "histograms": ["channel_histograms", "histogram"],
        "line_plots": ["loss_curves"],
        "maps": ["pixel_maps"],
        "overlays": ["overlay"],
        "rows": ["image_rows"],
    },
)
