"""Kernel distance: maximum mean discrepancy, known as KID with Inception's features."""

import dataclasses

import numpy as np

from tfgan_lab.metrics.checks import checked_pair

GROUPS = 10  # parts of a set, of which one at a time is left out to see how much the value moves


@dataclasses.dataclass(frozen=True)
class KernelDistance:
    """A kernel distance and how sure it is.

    Args:
        value: float; unbiased, so a little below 0 as often as above for equal distributions.
        standard_error: float from 0, of the value; ``None`` where there are too few images.
        num_blocks: int, blocks or subsets that the value is the mean of.
        block_size: int, most images of each set in one of them.
    """

    value: float
    standard_error: float | None
    num_blocks: int
    block_size: int


def polynomial_kernel(points, others) -> np.ndarray:
    """The cubic kernel (x . y / d + 1)^3.

    Reference:
        Demystifying MMD GANs, arXiv 1801.01401, section 4.

    Args:
        points: float array of shape (n, d).
        others: float array of shape (m, d).

    Returns:
        float64 array of shape (n, m).

    Example:
        >>> polynomial_kernel([[1.0, 1.0]], [[1.0, 1.0]]).tolist()
        [[8.0]]
    """
    points, others = np.asarray(points, np.float64), np.asarray(others, np.float64)
    return (points @ others.T / points.shape[1] + 1.0) ** 3


def kernel_distance(fakes, reals, max_block_size=1000) -> KernelDistance:
    """Squared maximum mean discrepancy, as the mean over blocks of both sets.

    In a block: mean of the kernel between different fakes, plus that between different reals,
    minus twice the mean between a fake and a real. The expected value doesn't depend on the
    numbers of images, which makes it fit for small sets, as the Frechet distance is not. The
    standard error comes from the blocks' scatter or, where all fits into one block, from leaving
    out a tenth of the images at a time (jackknife).

    Reference:
        Demystifying MMD GANs, arXiv 1801.01401, section 4; B-tests: Low Variance Kernel Two-Sample
        Tests, arXiv 1307.1954, equation 3.

    Args:
        fakes: float array of shape (n, d), n >= 2.
        reals: float array of shape (m, d), m >= 2.
        max_block_size: int from 2, most images of each set in a block.

    Returns:
        ``KernelDistance``.

    Raises:
        ValueError: too few images, or values that are not finite.

    Example:
        >>> kernel_distance([[0.0], [0.0]], [[1.0], [1.0]]).value
        7.0
    """
    fakes, reals = checked_pair(fakes, reals, least=2)
    if max_block_size < 2:
        raise ValueError(f"Expected max_block_size from 2. Received: {max_block_size}")
    largest = max(len(fakes), len(reals))
    num_blocks = min(-(-largest // max_block_size), len(fakes) // 2, len(reals) // 2)
    if num_blocks == 1:
        return KernelDistance(*_with_jackknife(fakes, reals), 1, largest)
    blocks = [np.array_split(points, num_blocks) for points in (fakes, reals)]
    values = [_unbiased(*pair) for pair in zip(*blocks, strict=True)]
    error = float(np.std(values, ddof=1) / np.sqrt(num_blocks))
    return KernelDistance(float(np.mean(values)), error, num_blocks, -(-largest // num_blocks))


def subset_kernel_distance(
    fakes, reals, num_subsets=100, subset_size=1000, seed=0
) -> KernelDistance:
    """The same, as the mean over random subsets: the other convention there is.

    Subsets overlap, so ``standard_error`` (the deviation between them, as others print it) says
    how a value of one subset scatters and not how sure the mean is. Where a set is no larger than
    a subset, every subset is the whole set.

    Reference:
        Demystifying MMD GANs, arXiv 1801.01401, section 4.

    Args:
        fakes: as of ``kernel_distance``.
        reals: see there.
        num_subsets: int from 2.
        subset_size: int from 2; less where a set is smaller.
        seed: int, key of the choice.

    Returns:
        ``KernelDistance``, its standard error being the subsets' standard deviation.
    """
    fakes, reals = checked_pair(fakes, reals, least=2)
    size = min(subset_size, len(fakes), len(reals))
    rng = np.random.default_rng(seed)
    values = [
        _unbiased(
            fakes[rng.choice(len(fakes), size, replace=False)],
            reals[rng.choice(len(reals), size, replace=False)],
        )
        for _ in range(num_subsets)
    ]
    return KernelDistance(float(np.mean(values)), float(np.std(values)), num_subsets, size)


def _with_jackknife(fakes, reals):
    """The value of one block, and its standard error by leaving out a part at a time."""
    of_fakes, of_reals, across = kernels = _kernels(fakes, reals)
    groups = min(GROUPS, len(fakes) // 2, len(reals) // 2)
    if groups <= 2:
        return _from_kernels(*kernels), None
    left_out = []
    for group in range(groups):
        # Both sets without every ``groups``-th member.
        rows, columns = (np.arange(len(kernel)) % groups != group for kernel in kernels[:2])
        left_out.append(
            _from_kernels(
                of_fakes[np.ix_(rows, rows)],
                of_reals[np.ix_(columns, columns)],
                across[np.ix_(rows, columns)],
            )
        )
    return _from_kernels(*kernels), float(np.sqrt((groups - 1) * np.var(left_out)))


def _unbiased(fakes, reals):
    return _from_kernels(*_kernels(fakes, reals))


def _kernels(fakes, reals):
    return tuple(
        polynomial_kernel(*pair) for pair in ((fakes, fakes), (reals, reals), (fakes, reals))
    )


def _from_kernels(of_fakes, of_reals, across):
    return float(_off_diagonal_mean(of_fakes) + _off_diagonal_mean(of_reals) - 2 * across.mean())


def _off_diagonal_mean(kernel):
    count = len(kernel)
    return (kernel.sum() - np.trace(kernel)) / (count * (count - 1))
