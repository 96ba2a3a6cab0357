"""What every formula says of features that it can't do with."""

import numpy as np
import pytest

from tfgan_lab.metrics import (
    Groups,
    InceptionScore,
    Moments,
    RandomEmbedding,
    copying_ratio,
    copying_statistic,
    count_modes,
    coverage_and_density,
    diversity_ratio,
    frechet_distance,
    inception_score,
    kernel_distance,
    kernel_entropy_ratio,
    neighbour_ratio,
    precision_and_recall,
    sliced_wasserstein,
    subset_kernel_distance,
)

PAIR, WIDE = [[1.0], [2.0]], [[1.0, 2.0]] * 2
OF_PAIRS = (frechet_distance, kernel_distance, subset_kernel_distance, sliced_wasserstein,
            diversity_ratio, coverage_and_density, precision_and_recall)  # fmt: skip


@pytest.mark.parametrize("measure", OF_PAIRS)
def test_features_are_finite_and_of_one_length(measure):
    many = np.arange(20.0)[:, None]
    with pytest.raises(ValueError, match="NaN or infinity for 1 of 20"):
        measure(np.where(many == 7, np.nan, many), many)
    with pytest.raises(ValueError, match="same number of features. Received: 1 and 2"):
        measure(many, np.repeat(many, 2, axis=1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: frechet_distance(PAIR[:1], PAIR), "at least 2 images to know a cov.*Received: 1"),
        (lambda: kernel_distance(PAIR[:1], PAIR), "at least 2 fakes. Received: 1"),
        (lambda: kernel_distance(PAIR, PAIR, 1), "max_block_size from 2"),
        (lambda: sliced_wasserstein(np.zeros((0, 1)), PAIR), "at least 1 fakes. Received: 0"),
        (lambda: sliced_wasserstein(PAIR, PAIR, num_directions=0), "num_directions from 1"),
        (lambda: neighbour_ratio(PAIR[:1], PAIR), "as many fakes as reals. Received: 1 and 2"),
        (lambda: kernel_entropy_ratio(PAIR[:1], PAIR), "as many fakes as reals. Received: 1 and 2"),
        (lambda: coverage_and_density(PAIR, np.eye(5)[:, :1]), "more .* neighbour 5 of 5 images"),
        (lambda: precision_and_recall(np.eye(3), np.eye(9, 3)), "neighbour 3 of 3 images"),
        (lambda: precision_and_recall(np.eye(9, 3), np.eye(3)), "neighbour 3 of 3 images"),
        (lambda: coverage_and_density(PAIR, PAIR, neighbours=0), "neighbour from 1.* 0 of 2"),
        (lambda: copying_ratio(PAIR, PAIR[:1]), "at least 2 training. Received: 1"),
        (lambda: copying_statistic(PAIR, PAIR, [[np.nan]]), "finite held_out"),
        (lambda: Groups(PAIR, 1), "num_groups from 2.*Received: 1 groups"),
        (lambda: Groups(PAIR, 3), "num_groups from 2.*Received: 3 groups"),
        (lambda: RandomEmbedding(np.zeros((1, 16, 16, 3))), "at least 2 images. Received: 1"),
        (lambda: Moments().update(WIDE).update(PAIR), "features of size 2. Received: 1"),
        (lambda: Moments().update([1.0, 2.0]), r"features of shape \(n, d\). Received: \(2,\)"),
        (lambda: InceptionScore().result(), "at least one image. Received: none"),
        (lambda: inception_score([[0.5, 0.4]]), "that add up to 1.* a sum of 0.9"),
        (lambda: inception_score([[1.5, -0.5]]), "Received: values from -0.5"),
        (lambda: inception_score([[np.nan, 1.0]]), "finite probabilities"),
        (lambda: inception_score([[0.5, 0.5]], 2), "num_splits from 1 to 1. Received: 2"),
        (lambda: count_modes([], 4), r"modes as whole numbers of shape \(n,\). Received: float64"),
        (lambda: count_modes([0.5], 4), "Expected modes as whole numbers"),
        (lambda: count_modes([0, 4], 4), "modes from 0 to 3. Received: values from 0 to 4"),
        (lambda: count_modes([0], 4, [-1]), "reference from 0 to 3. Received: values from -1 to"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
