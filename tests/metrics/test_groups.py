import numpy as np
import pytest

from tfgan_lab.metrics import Groups


@pytest.fixture(scope="module")
def blobs():
    """Ten points about each of five places far from each other."""
    rng = np.random.default_rng(0)
    places = 100 * np.eye(5)
    return (places[:, None] + rng.normal(size=(5, 10, 5))).reshape(50, 5)


def test_groups_are_the_blobs(blobs):
    groups = Groups(blobs, num_groups=5)
    assert groups.shares == pytest.approx([0.2] * 5)
    by_blob = groups.members.reshape(5, 10)
    assert (by_blob == by_blob[:, :1]).all() and len(set(by_blob[:, 0])) == 5
    centres = blobs.reshape(5, 10, 5).mean(axis=1)
    assert groups.centres[by_blob[:, 0]] == pytest.approx(centres)


def test_missing_groups_by_hand(blobs):
    groups = Groups(blobs, num_groups=5)
    assert groups.missing_modes_share(blobs) == 0
    assert groups.missing_modes_share(blobs[10:]) == pytest.approx(0.2)
    assert groups.missing_modes_share(blobs[30:]) == pytest.approx(0.6)
    assert groups.missing(blobs[10:])[groups.members[0]]
    # One generated image of a group is near more than a quarter of its images.
    assert groups.missing_modes_share(np.concatenate([blobs[:1], blobs[11:]])) == 0


def test_images_between_all_groups_hide_no_loss(blobs):
    groups = Groups(blobs, num_groups=5)
    between = np.full((20, 5), 18.0) + np.eye(5)[0]  # nearest to the first blob, yet far from it
    away = np.linalg.norm(groups.centres - between[0], axis=1)
    assert away.argmin() == groups.members[0]
    assert groups.missing_modes_share(np.concatenate([between, blobs[10:]])) == pytest.approx(0.2)


def test_coverage_by_hand():
    # Of eight generated images three are expected among as many neighbours: the third one of 0
    # is at 3, so -2 is near it, but not near 1, whose third one is 2 away.
    reals = [[0.0], [1.0], [2.0], [3.0], [10.0], [11.0], [12.0], [13.0]]
    groups = Groups(reals, num_groups=2)
    assert groups.missing_modes_share([[-2.0]] * 8) == pytest.approx(0.5)
    assert groups.missing_modes_share([[-3.5]] * 8) == 0  # Near none: that is no loss of one kind.
    assert groups.missing_modes_share([[-2.0]] * 7 + [[14.0]]) == 0


def test_a_group_of_which_few_are_expected_is_not_missing(blobs):
    groups = Groups(blobs, num_groups=5)
    assert groups.missing_modes_share(np.repeat(blobs[-1:], 20, axis=0)) == pytest.approx(0.8)
    assert groups.missing_modes_share(np.repeat(blobs[-1:], 19, axis=0)) == 0


def test_typical_members_are_the_nearest_to_the_centre():
    groups = Groups([[0.0], [4.0], [1.0], [100.0], [101.0]], num_groups=2)
    group = groups.members[0]
    assert groups.typical(group, 2).tolist() == [2, 0]  # The centre is 5 / 3.
    assert groups.typical(group, 9).tolist() == [2, 0, 1]


def test_the_same_seed_gives_the_same_groups(blobs):
    points = np.random.default_rng(1).normal(size=(200, 3))
    assert np.array_equal(Groups(points, 7, seed=2).centres, Groups(points, 7, seed=2).centres)


def test_fewer_different_points_than_groups():
    groups = Groups(np.repeat([[0.0], [1.0]], 5, axis=0), num_groups=4)
    assert groups.shares == pytest.approx([0.5, 0.5])
    assert groups.missing_modes_share(np.zeros((8, 1))) == 0.5
