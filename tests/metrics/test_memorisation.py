import numpy as np
import pytest

from tfgan_lab.metrics import copying_ratio


def test_copying_ratio_by_hand():
    training = np.array([[0.0], [10.0], [20.0]])
    held_out = np.array([[2.0], [13.0], [26.0]])  # 2, 3, 6 away
    assert copying_ratio(np.array([[0.0], [10.3], [20.6]]), training, held_out) == (
        pytest.approx(0.1)
    )
    assert copying_ratio(held_out, training, held_out) == 1
