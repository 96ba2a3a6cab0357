"""Collapse as a number: how many modes were found, and how far their mix is from the data's.

What reads a mode off an image stands elsewhere: beside the drawing for drawn images, a
classifier for others.
"""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class ModeCounts:
    """How generated images spread over the modes.

    Args:
        num_modes: int, modes there are.
        num_found: int, modes with at least one generated image.
        kl_divergence: float in nats from 0, of the generated mix from the reference mix.
        num_samples: int, generated images counted.
        kl_baseline: float, about what a perfect generator scores with as many samples, by chance:
            (num_modes - 1) / (2 num_samples).
    """

    num_modes: int
    num_found: int
    kl_divergence: float
    num_samples: int
    kl_baseline: float


def count_modes(modes, num_modes, reference=None) -> ModeCounts:
    """Counts modes, and compares their mix with the data's.

    The divergence is the sum of q log(q / p) over modes, q being the generated shares and p the
    reference's, so modes that are not generated add nothing of their own, and one that the
    reference lacks makes it infinite.

    Reference:
        Unrolled Generative Adversarial Networks, arXiv 1611.02163, section 3.3; PacGAN, arXiv
        1712.04086, section 4.2.

    Args:
        modes: int array of shape (num_samples,), the mode of every generated image.
        num_modes: int from 1.
        reference: int array of the data's modes; ``None`` for a uniform mix.

    Returns:
        ``ModeCounts``.

    Raises:
        ValueError: no samples, or modes outside of 0 to num_modes - 1.

    Example:
        >>> count_modes([0, 0, 1, 1], num_modes=4).num_found
        2
    """
    shares = _shares(modes, num_modes, "modes")
    wanted = np.full(num_modes, 1 / num_modes)
    if reference is not None:
        wanted = _shares(reference, num_modes, "reference")
    found = shares > 0
    with np.errstate(divide="ignore"):
        divergence = np.sum(shares[found] * np.log(shares[found] / wanted[found]))
    num_samples = len(modes)
    return ModeCounts(
        num_modes=num_modes,
        num_found=int(found.sum()),
        # Rounding may leave equal mixes a hair below 0.
        kl_divergence=max(0.0, float(divergence)),
        num_samples=num_samples,
        kl_baseline=(num_modes - 1) / (2 * num_samples),
    )


def _shares(modes, num_modes, name):
    modes = np.asarray(modes)
    if modes.ndim != 1 or not len(modes) or not np.issubdtype(modes.dtype, np.integer):
        raise ValueError(
            f"Expected {name} as whole numbers of shape (n,). "
            f"Received: {modes.dtype} of shape {modes.shape}"
        )
    if modes.min() < 0 or modes.max() >= num_modes:
        raise ValueError(
            f"Expected {name} from 0 to {num_modes - 1}. "
            f"Received: values from {modes.min()} to {modes.max()}"
        )
    return np.bincount(modes, minlength=num_modes) / len(modes)
