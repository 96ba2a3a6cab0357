"""Arrays in, figures out."""

from tfgan_lab.plots.animation import gif_bytes
from tfgan_lab.plots.curves import loss_curves
from tfgan_lab.plots.grids import image_grid, png_bytes, tile_images, to_uint8

__all__ = ["gif_bytes", "image_grid", "loss_curves", "png_bytes", "tile_images", "to_uint8"]
