"""Scores of generated images beside the same scores of real ones, with equal numbers everywhere.

Most scores move with the number of images. So the real images are split into two halves: real
against real is the first half against the second, and generated images are as many as the first,
against the second. Several splits say how much a score depends on which images it was taken of.
"""

import numpy as np

from tfgan_lab.markdown import number, table_lines
from tfgan_lab.metrics import (
    copying_ratio,
    coverage_and_density,
    frechet_distance,
    kernel_distance,
    nearest_other,
    neighbour_ratio,
    precision_and_recall,
)

NUM_SPLITS = 5
REAL = "real against real"

# Heads of the table, by name.
SCORES = {
    "frechet": "Fréchet",
    "kid": "KID",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage",
    "diversity": "diversity",
    "copying": "copying",
    "copying_all": "copying, all",
}


def split_halves(num_images, num_splits=NUM_SPLITS, seed=0) -> list:
    """Random halves of equal size; of an odd number one image is left out of each split.

    Args:
        num_images: int from 2.
        num_splits: int from 1.
        seed: int.

    Returns:
        List of (first, second), int arrays of shape (num_images // 2,) without a common member.

    Example:
        >>> [len(half) for half in split_halves(7)[0]]
        [3, 3]
    """
    rng, half = np.random.default_rng(seed), num_images // 2
    orders = [rng.permutation(num_images) for _ in range(num_splits)]
    return [(order[:half], order[half : 2 * half]) for order in orders]


def scores_of_reals(reals, splits) -> dict:
    """Real images judged as if they were generated: what a perfect generator would score.

    Args:
        reals: float array of shape (n, d), features of all real images.
        splits: what ``split_halves`` returned for n.

    Returns:
        Dict of the names in ``SCORES`` to a list of floats, one for each split.
    """
    nearest, rows = nearest_other(reals), []
    for first, second in splits:
        # A real image is among all of them, so it is compared with all others.
        of_all = {"copying_all": float(np.median(nearest[first]) / np.median(nearest))}
        rows.append(_half_scores(reals[first], reals[second]) | of_all)
    return _by_name(rows)


def scores_of_generated(generated, reals, splits, seed=0) -> dict:
    """Scores of generated images.

    Args:
        generated: float array of shape (m, d), features of at least n // 2 images, of which each
            split takes n // 2.
        reals: float array of shape (n, d), features of all real images.
        splits: what ``split_halves`` returned for n.
        seed: int, key of the choice.

    Returns:
        Dict of the names in ``SCORES`` to a list of floats, one for each split.

    Raises:
        ValueError: too few images.
    """
    half = len(reals) // 2
    if len(generated) < half:
        raise ValueError(
            f"Expected at least {half} generated images, half as many as real ones. Received: "
            f"{len(generated)}"
        )
    rng, rows = np.random.default_rng(seed), []
    for _, second in splits:
        chosen = generated[rng.permutation(len(generated))[:half]]
        of_all = {"copying_all": copying_ratio(chosen, reals)}
        rows.append(_half_scores(chosen, reals[second]) | of_all)
    return _by_name(rows)


def all_scores(features, reals, inputs, splits, seed=0) -> tuple:
    """Scores of several inputs in one feature space.

    Args:
        features: a ``tfgan_lab.metrics.Features``.
        reals: uint8 array of shape (n, size, size, 3).
        inputs: dict of a name to a uint8 array of shape (m, size, size, 3).
        splits: what ``split_halves`` returned for n.
        seed: int, key of the choice among generated images.

    Returns:
        (rows, vectors): dict of a row's name, the first of real images, to its scores; dict of an
        input's name, or ``"real"``, to its features.
    """
    vectors = {"real": features(reals)}
    rows = {REAL: scores_of_reals(vectors["real"], splits)}
    for name, images in inputs.items():
        vectors[name] = features(images)
        rows[name] = scores_of_generated(vectors[name], vectors["real"], splits, seed)
    return rows, vectors


def frechet_of_few(fakes, reals) -> float:
    """``frechet_distance`` of fewer images than features, in the space that they span.

    The value is the same, for both covariances are zero in all other directions; the matrices are
    as small as the sets.

    Args:
        fakes: float array of shape (n, d).
        reals: float array of shape (m, d).

    Returns:
        Float from 0.
    """
    centre = reals.mean(axis=0)
    joined = np.concatenate([fakes, reals]) - centre
    if joined.shape[0] < joined.shape[1]:
        directions, _ = np.linalg.qr(joined.T)
        joined = joined @ directions
    return frechet_distance(joined[: len(fakes)], joined[len(fakes) :])


def scores_table(rows) -> list:
    """A Markdown table: mean and standard deviation over the splits.

    Args:
        rows: dict of a row's name to a dict of the names in ``SCORES`` to lists of floats.
    """
    table = [
        [name, *(number(np.mean(scores[each]), np.std(scores[each]), digits=3) for each in SCORES)]
        for name, scores in rows.items()
    ]
    return table_lines(["images", *SCORES.values()], table)


def _half_scores(fakes, reals):
    precision, recall = precision_and_recall(fakes, reals)
    coverage, density = coverage_and_density(fakes, reals)
    return {
        "frechet": frechet_of_few(fakes, reals),
        "kid": kernel_distance(fakes, reals, len(reals)).value,
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
        "diversity": neighbour_ratio(fakes, reals),
        "copying": copying_ratio(fakes, reals),
    }


def _by_name(rows):
    return {name: [row[name] for row in rows] for name in SCORES}
