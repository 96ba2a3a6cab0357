import math

import numpy as np
import pytest

from tfgan_lab.metrics import count_modes


def test_by_hand():
    # Shares 1/2, 1/4, 1/4, 0 of four modes: 1/2 log 2 + 2 (1/4 log 1) = log(2) / 2.
    counts = count_modes([0, 0, 1, 2], num_modes=4)
    assert (counts.num_found, counts.num_modes, counts.num_samples) == (3, 4, 4)
    assert counts.kl_divergence == pytest.approx(math.log(2) / 2, rel=1e-12)
    # Against 1/2, 1/4, 1/8, 1/8: only the third mode differs, by a factor of two.
    reference = [0, 0, 0, 0, 1, 1, 2, 3]
    divergence = count_modes([0, 0, 1, 2], 4, reference).kl_divergence
    assert divergence == pytest.approx(math.log(2) / 4, rel=1e-12)


def test_extremes():
    assert count_modes(np.arange(20), 20).kl_divergence == 0
    total = count_modes(np.zeros(100, int), 20)
    assert total.num_found == 1
    assert total.kl_divergence == pytest.approx(math.log(20))
    assert count_modes([0, 1], 2, reference=[0, 0]).kl_divergence == math.inf


def test_a_perfect_generator_scores_about_the_baseline():
    rng = np.random.default_rng(0)
    draws = [count_modes(rng.integers(0, 1000, 25_600), 1000) for _ in range(20)]
    mean = np.mean([counts.kl_divergence for counts in draws])
    assert mean == pytest.approx(draws[0].kl_baseline, rel=0.05)
    assert draws[0].kl_baseline == pytest.approx(999 / 51_200)
