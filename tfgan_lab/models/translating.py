"""Pictures of any size through a translator that halves them."""

import numpy as np

SMALLEST = 8  # Less leaves nothing to mirror in the middle of a translator.
MULTIPLE = 8


def translate_pictures(translator, pictures, targets=None, *, batch_size=16) -> np.ndarray:
    """Translates pictures in inference mode, mirrored at the edges up to a size that can be halved.

    Args:
        translator: callable on float32 of shape (batch, height, width, channels), or on a list of
            that and targets.
        pictures: float array of shape (n, height, width, channels) in [-1, 1].
        targets: float array of shape (n, size), or ``None``.
        batch_size: pictures computed at once.

    Returns:
        float32 array of the pictures' shape in [-1, 1].

    Raises:
        ValueError: no pictures, pictures of another rank, or less than 8 pixels high or wide.
    """
    pictures = np.asarray(pictures, np.float32)
    if pictures.ndim != 4 or not len(pictures) or min(pictures.shape[1:3]) < SMALLEST:
        raise ValueError(
            "Expected pictures of shape (n, height, width, channels), height and width from "
            f"{SMALLEST}. Received: shape {pictures.shape}"
        )
    height, width = pictures.shape[1:3]
    more = [(0, -side % MULTIPLE) for side in (height, width)]
    padded = np.pad(pictures, [(0, 0), *more, (0, 0)], mode="reflect")
    translated = []
    for start in range(0, len(padded), batch_size):
        part = slice(start, start + batch_size)
        inputs = padded[part] if targets is None else [padded[part], targets[part]]
        translated.append(np.asarray(translator(inputs, training=False)))
    return np.clip(np.concatenate(translated)[:, :height, :width], -1, 1)
