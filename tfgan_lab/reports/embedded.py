"""Pictures within a page, so that it is one file."""

import base64
import io


def png_uri(content) -> str:
    """The content of a PNG file as an address.

    Args:
        content: bytes.
    """
    return "data:image/png;base64," + base64.b64encode(content).decode()


def figure_uri(figure) -> str:
    """A figure as an address.

    Args:
        figure: ``matplotlib.figure.Figure``.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return png_uri(buffer.getvalue())
