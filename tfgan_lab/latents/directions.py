"""Directions in the space of latents along which the images change most."""

import dataclasses

import keras
import numpy as np

from tfgan_lab.latents.generator import as_generator
from tfgan_lab.randomness import Purpose, key


@dataclasses.dataclass(frozen=True)
class Directions:
    """Directions of unit length, the strongest first.

    Attributes:
        vectors: float32 array of shape (k, latent_size).
        shares: float64 array of shape (k,), part of all variance that each explains; together at
            most 1.
    """

    vectors: np.ndarray
    shares: np.ndarray


def factorise(generator, num_directions=8) -> Directions:
    """Directions that the first dense layer stretches most, by its weights alone.

    Reference:
        Closed-Form Factorization of Latent Semantics in GANs, arXiv 2007.06600, equation 4.

    Args:
        generator: whatever ``as_generator`` takes; its first layer with weights must be dense.
        num_directions: int from 1 to the size of the latents.

    Returns:
        ``Directions``.

    Raises:
        ValueError: no dense layer that takes the latents, or too many directions.

    Example:
        >>> import tfgan_lab as tgl
        >>> generator = tgl.networks.transposed_generator(image_size=8, widths=(4, 4))
        >>> factorise(generator, 3).vectors.shape
        (3, 128)
    """
    generator = as_generator(generator)
    _check_number(generator, num_directions)
    kernel = first_dense(generator).kernel.numpy().astype(np.float64)
    # With classes, the rows behind the latents' belong to them.
    vectors, strengths, _ = np.linalg.svd(kernel[: generator.latents.size], full_matrices=False)
    squares = strengths**2 / (strengths**2).sum()
    kept = slice(num_directions)
    return Directions(_signed(vectors.T[kept]), squares[kept])


def principal_directions(
    generator, num_directions=8, *, layer=None, labels=None, num_samples=1000, seed=0
) -> Directions:
    """Directions along which the activations of a layer vary most over drawn latents.

    The principal components of the activations, carried back to the latents by least squares:
    which change of latents goes, on average, with a change along the component.

    Reference:
        GANSpace: Discovering Interpretable GAN Controls, arXiv 2004.02546, section 2.2.

    Args:
        generator: whatever ``as_generator`` takes.
        num_directions: int from 1 to the size of the latents.
        layer: name of a layer of the network; the images themselves unless given.
        labels: with classes, the class to look at; else ``None``.
        num_samples: int, number of latents drawn; more than their size.
        seed: int, key of these latents.

    Returns:
        ``Directions``.

    Raises:
        ValueError: no such layer, too many directions or too few samples.
    """
    generator = as_generator(generator)
    _check_number(generator, num_directions)
    if num_samples <= generator.latents.size:
        raise ValueError(
            f"Expected more samples than latents have values, {generator.latents.size}. "
            f"Received: num_samples={num_samples}"
        )
    latents = generator.latents.sample(num_samples, key(seed, 0, Purpose.DIRECTIONS))
    labels = generator.checked_labels(labels, num_samples)
    activations = _activations(generator, layer, latents, labels)
    activations -= activations.mean(axis=0)
    latents = latents.numpy().astype(np.float64)
    latents -= latents.mean(axis=0)
    # Through the smaller of the two matrices of products: a layer may have more values than there
    # are samples, or fewer.
    by_samples = len(activations) < activations.shape[1]
    products = activations @ activations.T if by_samples else activations.T @ activations
    variances, components = np.linalg.eigh(products)
    order = np.argsort(variances)[::-1][:num_directions]
    coordinates = components[:, order] if by_samples else activations @ components[:, order]
    # Coordinates are uncorrelated, so that least squares needs no inverse but for the length.
    vectors = coordinates.T @ latents
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    shares = variances[order] / max(np.trace(products), 1e-300)
    return Directions(_signed(vectors), np.maximum(shares, 0))


def strips(generator, latents, vectors, extents=(-3, 3), *, steps=7, labels=None) -> np.ndarray:
    """Images along directions, from latents on.

    Args:
        generator: whatever ``as_generator`` takes.
        latents: float array of shape (latent_size,), the middle of every strip.
        vectors: float array of shape (k, latent_size), such as ``Directions.vectors``.
        extents: the least and the greatest multiple of a vector that is added.
        steps: int from 2, images of a strip.
        labels: with classes, the class; else ``None``.

    Returns:
        float32 array of shape (k, steps, height, width, channels) in [-1, 1].

    Raises:
        ValueError: latents and vectors that don't fit, or fewer than 2 steps.

    Example:
        >>> import tfgan_lab as tgl
        >>> generator = tgl.networks.transposed_generator(image_size=8, widths=(4, 4))
        >>> strips(generator, np.zeros(128), factorise(generator, 2).vectors, steps=3).shape
        (2, 3, 8, 8, 3)
    """
    generator = as_generator(generator)
    latents, vectors = np.asarray(latents, np.float32), np.asarray(vectors, np.float32)
    size = generator.latents.size
    if latents.shape != (size,) or vectors.ndim != 2 or vectors.shape[1] != size:
        raise ValueError(
            f"Expected latents of shape ({size},) and vectors of shape (k, {size}). "
            f"Received: shapes {latents.shape} and {vectors.shape}"
        )
    if steps < 2:
        raise ValueError(f"Expected at least 2 steps. Received: steps={steps}")
    multiples = np.linspace(*extents, steps, dtype=np.float32)
    moved = latents + multiples[None, :, None] * vectors[:, None]
    images = generator.generate(moved.reshape(-1, size), labels)
    return images.reshape(len(vectors), steps, *images.shape[1:])


def first_dense(generator) -> keras.layers.Dense:
    """The dense layer that takes the latents.

    Args:
        generator: whatever ``as_generator`` takes.

    Raises:
        ValueError: the first layer with weights is another.
    """
    generator = as_generator(generator)
    dense = [layer for layer in generator.network.layers if isinstance(layer, keras.layers.Dense)]
    if not dense or dense[0].kernel.shape[0] < generator.latents.size:
        received = next(
            (type(each).__name__ for each in generator.network.layers if each.weights), "none"
        )
        raise ValueError(
            f"Expected a generator whose latents enter a dense layer. Received: {received} first"
        )
    return dense[0]


def _activations(generator, layer, latents, labels):
    """float64 of shape (n, values)."""
    if layer is None:
        images = generator.generate(latents, labels)
        return images.reshape(len(images), -1).astype(np.float64)
    network = generator.network
    names = [each.name for each in network.layers]
    if layer not in names:
        raise ValueError(f"Expected a layer out of {', '.join(names)}. Received: {layer!r}")
    part = keras.Model(network.inputs, network.get_layer(layer).output)
    inputs = [latents.numpy()] if labels is None else [latents.numpy(), labels.numpy()]
    outputs = []
    for start in range(0, len(latents), 256):
        batch = [each[start : start + 256] for each in inputs]
        outputs.append(np.asarray(part(batch, training=False)))
    return np.concatenate(outputs).reshape(len(latents), -1).astype(np.float64)


def _check_number(generator, num_directions):
    if not 1 <= num_directions <= generator.latents.size:
        raise ValueError(
            f"Expected from 1 to {generator.latents.size} directions. Received: {num_directions}"
        )


def _signed(vectors):
    """Turns each so that its largest value is positive: a decomposition leaves the sign open."""
    largest = np.abs(vectors).argmax(axis=1)
    signs = np.sign(vectors[np.arange(len(vectors)), largest])
    return (vectors * np.where(signs == 0, 1, signs)[:, None]).astype(np.float32)
