import numpy as np
import pytest

from tfgan_lab import data
from tfgan_lab.metrics import RandomEmbedding, distances


@pytest.fixture(scope="module")
def plates():
    return data.plates(60, image_size=32, batch_size=4, seed=3)


def test_reals_have_mean_0_and_variance_1(plates):
    images = plates.sample(60)
    features = RandomEmbedding(images)(images)
    assert features.shape == (60, 512)
    np.testing.assert_allclose(features.mean(axis=0), 0, atol=1e-9)
    assert np.median(features.std(axis=0)) == pytest.approx(1)
    np.testing.assert_array_equal(features, RandomEmbedding(images)(images))


def test_a_changed_image_stays_nearer_than_another(plates):
    images = plates.sample(60)
    embed = RandomEmbedding(images)
    shifted = np.roll(images, 1, axis=2)
    between = distances(embed(shifted), embed(images))
    assert (between.argmin(axis=1) == np.arange(60)).mean() > 0.7  # By chance 1 in 60.


def test_the_same_image_in_any_size_and_in_grey(plates):
    images = plates.sample(8)
    grey = images.mean(axis=-1, keepdims=True)
    large = np.repeat(np.repeat(grey, 2, axis=1), 2, axis=2)
    embed = RandomEmbedding(grey)
    np.testing.assert_allclose(embed(large), embed(grey), atol=1e-3)
    assert embed(grey[:, :, :, [0, 0, 0]]).shape == (8, 512)
