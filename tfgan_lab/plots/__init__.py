"""Arrays in, figures out."""

from tfgan_lab.plots.animation import gif_bytes
from tfgan_lab.plots.comparisons import compared_curves
from tfgan_lab.plots.confusion import confusion_map
from tfgan_lab.plots.grids import (
    image_grid,
    png_bytes,
    tile_images,
    tile_rows,
    to_uint8,
    untile_images,
)
from tfgan_lab.plots.histograms import channel_histograms, histogram
from tfgan_lab.plots.line_plots import loss_curves
from tfgan_lab.plots.maps import pixel_maps
from tfgan_lab.plots.overlays import overlay
from tfgan_lab.plots.rows import image_rows

__all__ = [
    "channel_histograms",
    "compared_curves",
    "confusion_map",
    "gif_bytes",
    "histogram",
    "image_grid",
    "image_rows",
    "loss_curves",
    "overlay",
    "pixel_maps",
    "png_bytes",
    "tile_images",
    "tile_rows",
    "to_uint8",
    "untile_images",
]
