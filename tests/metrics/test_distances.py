import numpy as np

from tfgan_lab.metrics import distances


def test_distances_by_hand():
    points = [[0, 0], [3, 4]]
    np.testing.assert_allclose(distances(points, [[0, 0], [6, 8]]), [[0, 10], [5, 5]])
