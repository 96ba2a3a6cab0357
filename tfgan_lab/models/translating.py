"""Pictures of any size through a translator that halves them."""

import numpy as np

from tfgan_lab.models.pair import NetworkPair

SMALLEST = 8  # pixels of a picture's side
MULTIPLE = 8  # Three halvings; with more, what comes back has another size.
PADDED = 16  # Less leaves nothing to mirror in the middle of a translator of three halvings.


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
        ValueError: no pictures, pictures of another rank, less than 8 pixels high or wide, or a
            translator of more than three halvings.
    """
    pictures = np.asarray(pictures, np.float32)
    if pictures.ndim != 4 or not len(pictures) or min(pictures.shape[1:3]) < SMALLEST:
        raise ValueError(
            "Expected pictures of shape (n, height, width, channels), height and width from "
            f"{SMALLEST}. Received: shape {pictures.shape}"
        )
    height, width = pictures.shape[1:3]
    more = [(0, max(-side % MULTIPLE, PADDED - side)) for side in (height, width)]
    padded = np.pad(pictures, [(0, 0), *more, (0, 0)], mode="reflect")
    translated = []
    for start in range(0, len(padded), batch_size):
        part = slice(start, start + batch_size)
        inputs = padded[part] if targets is None else [padded[part], targets[part]]
        translated.append(np.asarray(translator(inputs, training=False)))
    if translated[0].shape[1:3] != padded.shape[1:3]:
        raise ValueError(
            f"Expected a translator of at most 3 halvings, which keeps multiples of {MULTIPLE}. "
            f"Received: one from {padded.shape[1:3]} to {translated[0].shape[1:3]}"
        )
    return np.clip(np.concatenate(translated)[:, :height, :width], -1, 1)


def translate_to(generator, pictures, target, *, batch_size=16) -> np.ndarray:
    """Translates pictures to a domain with the generator of a ``CycleGAN`` or a ``StarGAN``.

    Args:
        generator: what ``sampling_generator`` of one of them is, with one exclusive label set.
        pictures: see ``translate_pictures``.
        target: int, number of the domain; of a ``CycleGAN`` 0 is A and 1 is B.
        batch_size: pictures computed at once.

    Returns:
        float32 array of the pictures' shape in [-1, 1].

    Raises:
        ValueError: no such domain; and see ``translate_pictures``.
    """
    count = num_domains(generator)
    if not 0 <= target < count:
        raise ValueError(f"Expected a domain from 0 to {count - 1}. Received: {target}")
    if isinstance(generator, NetworkPair):
        translator = generator.first if target else generator.second
        return translate_pictures(translator, pictures, batch_size=batch_size)
    targets = np.tile(np.eye(count, dtype=np.float32)[target], (len(pictures), 1))
    return translate_pictures(generator, pictures, targets, batch_size=batch_size)


def num_domains(generator) -> int:
    """Number of domains that the generator of a ``CycleGAN`` or a ``StarGAN`` translates to.

    Args:
        generator: see ``translate_to``.

    Raises:
        ValueError: another kind of network.
    """
    if isinstance(generator, NetworkPair):
        return 2
    if len(generator.inputs) != 2 or len(generator.input_shape[0]) != 4:
        raise ValueError(
            "Expected a translator of pictures. "
            f"Received: a network from {generator.input_shape} to {generator.output_shape}"
        )
    return generator.input_shape[1][-1]
