import numpy as np
import pytest

from tfgan_lab.metrics import InceptionScore, inception_score

RNG = np.random.default_rng(0)


def test_by_hand():
    # Mean (3/4, 1/4). First image: log(4/3). Second: 1/2 log(2/3) + 1/2 log 2.
    expected = np.exp((np.log(4 / 3) + np.log(2 / 3) / 2 + np.log(2) / 2) / 2)
    assert inception_score([[1.0, 0.0], [0.5, 0.5]]) == (pytest.approx(expected, rel=1e-13), 0)


def test_bounds():
    assert inception_score(np.eye(7))[0] == pytest.approx(7, rel=1e-12)
    assert inception_score(np.full((5, 7), 1 / 7))[0] == pytest.approx(1, rel=1e-14)
    assert inception_score([[1.0, 0.0]])[0] == 1  # one image
    assert inception_score([[0.3, 0.7]] * 9)[0] == pytest.approx(1, rel=1e-12)


def test_streaming_and_splits():
    probabilities = RNG.dirichlet(np.ones(5) / 3, 90)
    score = InceptionScore()
    for part in np.split(probabilities, [10, 11, 60]):
        score.update(part.astype(np.float32))
    assert score.count == 90
    assert score.result() == pytest.approx(inception_score(probabilities)[0], rel=1e-6)
    means = [inception_score(part)[0] for part in np.split(probabilities, 3)]
    assert inception_score(probabilities, 3) == pytest.approx((np.mean(means), np.std(means)))
