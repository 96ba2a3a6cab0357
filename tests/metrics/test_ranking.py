"""Whether measures rank sets whose truth is known: drawn plates with k of 20 modes left out."""

import numpy as np
import pytest

from tfgan_lab.data.drawn.plates import draw_plates, read_modes
from tfgan_lab.metrics import RandomEmbedding, coverage_and_density, kernel_distance

COUNT = 345


@pytest.fixture(scope="module")
def embedded():
    """Embedded real plates; embedded others; the others' modes, as read off them."""
    reals, _ = draw_plates(COUNT, image_size=32, seed=0)
    others, _ = draw_plates(600, image_size=32, seed=1)
    embed = RandomEmbedding(reals)
    return embed(reals), embed(others), read_modes(others)


def without(num_missing, order, modes):
    """Indices of as many plates as there are real ones, in equal shares of the modes left."""
    left = order[num_missing:]
    borders = np.linspace(0, COUNT, len(left) + 1).round().astype(int)
    chosen = []
    for mode, share in zip(left, np.diff(borders), strict=True):
        of_mode = np.flatnonzero(modes == mode)
        chosen.append(of_mode[np.arange(share) % len(of_mode)])
    return np.concatenate(chosen)


@pytest.mark.slow
def test_coverage_falls_with_every_missing_mode(embedded):
    reals, others, modes = embedded
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(20)
        coverage = [
            coverage_and_density(others[without(k, order, modes)], reals)[0] for k in range(20)
        ]
        assert (np.diff(coverage) < 0).all(), (seed, coverage)


@pytest.mark.slow
def test_kernel_distance_rises_with_every_missing_mode_on_average(embedded):
    """On average over which modes are missing: losing the counterpart of a lost one may help."""
    reals, others, modes = embedded
    values = np.array([
        [kernel_distance(others[without(k, order, modes)], reals).value for k in range(20)]
        for order in (np.random.default_rng(seed).permutation(20) for seed in range(10))
    ])  # fmt: skip
    assert (np.diff(values.mean(axis=0)) > 0).all(), values.mean(axis=0)
    assert (values[:, 3:].min(axis=1) > values[:, 0]).all()
