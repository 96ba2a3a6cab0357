"""Images of any size through a translator that halves them."""

import numpy as np

from tfgan_lab.models.pair import NetworkPair

SMALLEST = 8  # pixels of an image's side
MULTIPLE = 8  # Three halvings; with more, what comes back has another size.
PADDED = 16  # Less leaves nothing to mirror in the middle of a translator of three halvings.


def translate_images(translator, images, targets=None, *, batch_size=16) -> np.ndarray:
    """Translates images in inference mode, mirrored at the edges up to a size that can be halved.

    Args:
        translator: callable on float32 of shape (batch, height, width, channels), or on a list of
            that and targets.
        images: float array of shape (n, height, width, channels) in [-1, 1].
        targets: float array of shape (n, size), or ``None``.
        batch_size: images computed at once.

    Returns:
        float32 array of the images' shape in [-1, 1].

    Raises:
        ValueError: no images, images of another rank, less than 8 pixels high or wide, or a
            translator of more than three halvings.
    """
    images = np.asarray(images, np.float32)
    if images.ndim != 4 or not len(images) or min(images.shape[1:3]) < SMALLEST:
        raise ValueError(
            "Expected images of shape (n, height, width, channels), height and width from "
            f"{SMALLEST}. Received: shape {images.shape}"
        )
    height, width = images.shape[1:3]
    more = [(0, max(-side % MULTIPLE, PADDED - side)) for side in (height, width)]
    padded = np.pad(images, [(0, 0), *more, (0, 0)], mode="reflect")
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


def translate_to(generator, images, target, *, batch_size=16) -> np.ndarray:
    """Translates images to a domain with the generator of a ``CycleGAN`` or a ``StarGAN``.

    Args:
        generator: what ``sampling_generator`` of one of them is, with one exclusive label set.
        images: see ``translate_images``.
        target: int, number of the domain; of a ``CycleGAN`` 0 is A and 1 is B.
        batch_size: images computed at once.

    Returns:
        float32 array of the images' shape in [-1, 1].

    Raises:
        ValueError: no such domain; and see ``translate_images``.
    """
    count = num_domains(generator)
    if not 0 <= target < count:
        raise ValueError(f"Expected a domain from 0 to {count - 1}. Received: {target}")
    if isinstance(generator, NetworkPair):
        translator = generator.first if target else generator.second
        return translate_images(translator, images, batch_size=batch_size)
    targets = np.tile(np.eye(count, dtype=np.float32)[target], (len(images), 1))
    return translate_images(generator, images, targets, batch_size=batch_size)


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
            "Expected a translator of images. "
            f"Received: a network from {generator.input_shape} to {generator.output_shape}"
        )
    return generator.input_shape[1][-1]
