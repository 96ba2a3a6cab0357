"""Formulas on plain arrays, by hand and by what they must not change under."""

import numpy as np
import pytest

from tfgan_lab.metrics import (
    InceptionScore,
    Moments,
    copying_ratio,
    copying_statistic,
    coverage_and_density,
    distances,
    diversity_ratio,
    inception_score,
    kernel_entropy_ratio,
    mean_distance,
    nearest_other,
    neighbour_ratio,
    precision_and_recall,
    sliced_wasserstein,
)

RNG = np.random.default_rng(0)


def test_distances_by_hand():
    points = [[0, 0], [3, 4]]
    np.testing.assert_allclose(distances(points, [[0, 0], [6, 8]]), [[0, 10], [5, 5]])


def test_equal_points_are_at_0_and_near_ones_are_not():
    points = 1000 + np.random.default_rng(0).normal(size=(40, 300))
    between = distances(points, points[::-1])
    np.testing.assert_array_equal(np.diag(between[:, ::-1]), 0)
    np.testing.assert_allclose(
        between, np.linalg.norm(points[:, None] - points[::-1], axis=-1), rtol=1e-6
    )


def test_within_a_set_by_hand():
    points = np.array([[0.0], [1.0], [3.0], [7.0]])
    assert mean_distance(points) == (1 + 3 + 7 + 2 + 6 + 4) / 6
    assert nearest_other(points).tolist() == [1, 1, 2, 4]
    assert nearest_other(points, 3).tolist() == [7, 6, 4, 7]


def test_neighbour_ratio_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [6.0], [10.0]])  # nearest others: 1, 1, 2, 3, 4
    fakes = np.array([[0.0], [1.0], [1.0], [5.0], [9.0]])  # nearest others: 1, 0, 0, 4, 4
    assert neighbour_ratio(fakes, reals) == pytest.approx(1 / 2)
    assert neighbour_ratio(np.zeros((5, 1)), reals) == 0
    assert np.isnan(neighbour_ratio(reals, np.zeros((5, 1))))


def test_kernel_entropy_ratio_by_hand():
    # Four reals at equal distances; kernel exp(-4) between them, squared mean (4 + 12 e^-4) / 16.
    reals = np.eye(4)
    real_count = 16 / (4 + 12 * np.exp(-4))
    pair = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]])
    pair_count = 16 / (8 + 8 * np.exp(-4))
    ratio = kernel_entropy_ratio(pair, reals)
    assert ratio == pytest.approx(pair_count / real_count, rel=1e-12)
    assert kernel_entropy_ratio(np.ones((4, 4)), reals) == pytest.approx(1 / real_count)
    assert kernel_entropy_ratio(reals + 7, reals) == pytest.approx(1)


def test_diversity_ratio_by_hand():
    reals = np.array([[0.0], [2.0], [4.0]])  # distances 2, 2, 4
    assert diversity_ratio([[0.0], [1.0]], reals) == pytest.approx(1 / (8 / 3))
    assert diversity_ratio(np.zeros((5, 1)), reals) == 0
    assert np.isnan(diversity_ratio(reals, np.zeros((5, 1))))


def test_coverage_and_density_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [7.0]])  # second neighbours at 3, 2, 3, 6
    fakes = np.array([[0.5], [20.0], [20.0]])
    # 0.5 is within 3 of 0, within 2 of 1, within 3 of 3, not within 6 of 7.
    coverage, density = coverage_and_density(fakes, reals, neighbours=2)
    assert coverage == pytest.approx(3 / 4)
    assert density == pytest.approx((3 + 0 + 0) / (2 * 3))


def test_coverage_and_density_of_more_of_the_same():
    reals, more = RNG.normal(size=(2, 400, 4))
    coverage, density = coverage_and_density(more, reals)
    assert coverage == pytest.approx(1 - 2**-5, abs=0.04)
    assert density == pytest.approx(1, abs=0.1)


def test_precision_and_recall_by_hand():
    reals = np.array([[0.0], [1.0], [3.0], [7.0]])  # nearest others at 1, 1, 2, 4
    fakes = np.array([[1.5], [12.0], [30.0]])  # nearest others at 10.5, 10.5, 18
    # 1.5 is within 1 of 1; 12 and 30 are not within 4 of 7. All but 0 and 1 are within 10.5 of 12,
    # and these of 1.5.
    assert precision_and_recall(fakes, reals, neighbours=1) == pytest.approx((1 / 3, 1))
    assert precision_and_recall(fakes[1:], reals, neighbours=1)[1] == pytest.approx(1)
    assert precision_and_recall(fakes + 100, reals, neighbours=1) == (0, 0)


def test_identical_and_constant_sets():
    points = RNG.normal(size=(20, 50)) + 100
    assert precision_and_recall(points, points) == (1, 1)
    assert coverage_and_density(points, points)[0] == 1
    same = np.repeat(points[:1], 8, axis=0)
    assert precision_and_recall(same, same) == (1, 1)
    assert coverage_and_density(same, same) == (1, pytest.approx(8 / 5))
    assert precision_and_recall(same + 1, same) == (0, 0)


def test_copying_ratio_by_hand():
    training = np.array([[0.0], [10.0], [20.0]])
    held_out = np.array([[2.0], [13.0], [26.0]])  # 2, 3, 6 away
    assert copying_ratio(np.array([[0.0], [10.3], [20.6]]), training, held_out) == (
        pytest.approx(0.1)
    )
    assert copying_ratio(held_out, training, held_out) == 1


def test_training_images_stand_in_for_unseen_ones():
    training = np.array([[0.0], [1.0], [4.0], [9.0]])  # nearest others: 1, 1, 3, 5
    assert copying_ratio([[0.5]], training) == pytest.approx(0.5 / 2)
    assert np.isnan(copying_ratio([[0.5]], np.zeros((4, 1))))


def test_copying_statistic_by_hand():
    # Distances of fakes 1, 2, 3, of unseen images 4, 5, 6: none of nine pairs is above.
    training, fakes, held_out = [[0.0], [100.0]], [[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]
    deviation = np.sqrt(3 * 3 * 7 / 12)
    assert copying_statistic(fakes, training, held_out) == pytest.approx(-4.5 / deviation)
    assert copying_statistic(held_out, training, fakes) == pytest.approx(4.5 / deviation)
    assert copying_statistic(fakes, training, fakes) == 0
    # Ties: 1, 1 against 1, 2. Half pairs count half: 2 * 0.5 + 0 of four; three of a rank.
    value = copying_statistic([[1.0], [1.0]], training, [[1.0], [2.0]])
    assert value == pytest.approx((1 - 2) / np.sqrt(4 / 12 * (5 - 24 / 12)))
    assert copying_statistic([[0.0]] * 3, training, [[0.0]] * 3) == 0


def test_new_images_and_copies_are_told_apart():
    rng = np.random.default_rng(0)
    training, held_out, new = rng.normal(size=(3, 200, 6))
    assert abs(copying_statistic(new, training, held_out)) < 3
    copies = training + 0.1 * rng.normal(size=(200, 6))
    assert copying_statistic(copies, training, held_out) < -10
    assert copying_statistic(copies, training) < -10
    assert copying_ratio(copies, training) < 0.3 < 0.8 < copying_ratio(new, training) < 1.2


def test_sliced_wasserstein_by_hand():
    # Sorted 0, 2 against 1, 1, 4: quantiles differ by 1, then 1 (to 2/3), then 2, in thirds:
    # |0-1| on [0, 1/2], |2-1| on [1/2, 2/3], |2-4| on [2/3, 1].
    expected = 1 / 2 + 1 / 6 + 2 / 3
    assert sliced_wasserstein([[2.0], [0.0]], [[1.0], [4.0], [1.0]]) == pytest.approx(expected)


def test_sliced_wasserstein_of_a_shift_in_many_dimensions():
    # Mean of |cos| between a shift and random directions in the plane is 2 / pi.
    points = RNG.normal(size=(50, 2))
    distance = sliced_wasserstein(points + [5, 0], points, num_directions=20_000)
    assert distance == pytest.approx(5 * 2 / np.pi, rel=0.01)


def test_sliced_wasserstein_is_a_metric():
    a, b = RNG.normal(size=(30, 4)), RNG.normal(size=(45, 4)) * 2
    assert sliced_wasserstein(a, a[::-1]) == 0
    assert sliced_wasserstein(a, b) == pytest.approx(sliced_wasserstein(b, a), rel=1e-12)
    assert sliced_wasserstein(np.repeat(a, 3, axis=0), b) == pytest.approx(
        sliced_wasserstein(a, b), rel=1e-12
    )
    assert sliced_wasserstein(a[:1], a[:1]) == 0


def test_moments_of_batches_are_the_whole_sets():
    features = RNG.normal(size=(100, 5)) @ RNG.normal(size=(5, 5)) + 3
    moments = Moments()
    for part in np.split(features, [1, 7, 50]):
        moments.update(part)
    assert moments.count == 100
    np.testing.assert_allclose(moments.mean, features.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(moments.covariance(), np.cov(features, rowvar=False), rtol=1e-12)


def test_moments_with_a_mean_far_larger_than_the_deviation_is_safe():
    features = RNG.normal(size=(1000, 2))
    moments = Moments()
    for part in np.split(features + 1e8, 10):
        moments.update(part)
    np.testing.assert_allclose(moments.covariance(), np.cov(features.T), rtol=1e-6, atol=1e-7)


def test_inception_score_by_hand():
    # Mean (3/4, 1/4). First image: log(4/3). Second: 1/2 log(2/3) + 1/2 log 2.
    expected = np.exp((np.log(4 / 3) + np.log(2 / 3) / 2 + np.log(2) / 2) / 2)
    assert inception_score([[1.0, 0.0], [0.5, 0.5]]) == (pytest.approx(expected, rel=1e-13), 0)


def test_inception_score_has_bounds():
    assert inception_score(np.eye(7))[0] == pytest.approx(7, rel=1e-12)
    assert inception_score(np.full((5, 7), 1 / 7))[0] == pytest.approx(1, rel=1e-14)
    assert inception_score([[1.0, 0.0]])[0] == 1  # one image
    assert inception_score([[0.3, 0.7]] * 9)[0] == pytest.approx(1, rel=1e-12)


def test_inception_score_streams_and_splits():
    probabilities = RNG.dirichlet(np.ones(5) / 3, 90)
    score = InceptionScore()
    for part in np.split(probabilities, [10, 11, 60]):
        score.update(part.astype(np.float32))
    assert score.count == 90
    assert score.result() == pytest.approx(inception_score(probabilities)[0], rel=1e-6)
    means = [inception_score(part)[0] for part in np.split(probabilities, 3)]
    assert inception_score(probabilities, 3) == pytest.approx((np.mean(means), np.std(means)))
