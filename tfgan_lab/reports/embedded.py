"""Images within a page, so that it is one file."""

import base64


def png_uri(content) -> str:
    """The content of a PNG file as an address.

    Args:
        content: bytes.
    """
    return "data:image/png;base64," + base64.b64encode(content).decode()
