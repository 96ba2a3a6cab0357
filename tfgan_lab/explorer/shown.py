"""An image and what one may take away of it, as HTML that needs no file on the server."""

import base64
import html
import io

import numpy as np

from tfgan_lab.plots.grids import png_bytes


def shown_image(image, latents, name) -> str:
    """An image, and links that save it as PNG and its latents as npz.

    Args:
        image: uint8 array of shape (height, width, 1 or 3).
        latents: float array of shape (n, latent_size), what it was made from.
        name: str, of the files without ending.
    """
    png = _address(png_bytes(image), "image/png")
    buffer = io.BytesIO()
    np.savez(buffer, latents=np.asarray(latents, np.float32))
    npz = _address(buffer.getvalue(), "application/octet-stream")
    name = html.escape(name)
    return (
        f'<img class="shown" src="{png}" alt="{name}">'
        f'<p class="links"><a download="{name}.png" href="{png}">Save PNG</a> '
        f'<a download="{name}.npz" href="{npz}">Save latents</a></p>'
    )


def _address(content, kind):
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
