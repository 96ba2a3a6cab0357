import numpy as np

from tfgan_lab.metrics import distances, mean_distance, nearest_other


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
