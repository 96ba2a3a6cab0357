"""Images of many latents, batch by batch."""

import numpy as np
import tensorflow as tf


class Sampling:
    """Computes images in batches, with a compiled network where there is more than one of them.

    A network called as it is starts every operation from Python, which takes longer than the
    arithmetic of a small one. Compiling takes longer than a single batch, so it waits for a second.

    Args:
        make: function of latents of shape (n, latent_size) and labels of shape (n, ...) or
            ``None`` that returns images of shape (n, height, width, channels).

    Example:
        >>> double = Sampling(lambda latents, labels: 2 * tf.reshape(latents, (-1, 1, 1, 1)))
        >>> double(np.array([[0.1], [0.2], [0.9]], "float32"), batch_size=2).ravel().tolist()
        [0.20000000298023224, 0.4000000059604645, 1.0]
    """

    def __init__(self, make):
        self._make = make
        self._compiled = tf.function(make, reduce_retracing=True)

    def __call__(self, latents, labels=None, *, batch_size=64) -> np.ndarray:
        """Makes images to look at.

        Args:
            latents: float32 array or tensor of shape (n, latent_size), n from 1.
            labels: int32 array or tensor of shape (n, ...), or ``None``.
            batch_size: int from 1, images computed at once.

        Returns:
            float32 array of shape (n, height, width, channels), clipped to [-1, 1]: generators
            without tanh leave that range a little.
        """
        make = self._compiled if len(latents) > batch_size else self._make
        images = []
        for start in range(0, len(latents), batch_size):
            part = slice(start, start + batch_size)
            batch = make(latents[part], None if labels is None else labels[part])
            images.append(np.asarray(batch))
        return np.clip(np.concatenate(images), -1, 1)
