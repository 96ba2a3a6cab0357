import math

import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.losses import LabelSets, StarGANLoss


def test_vectors_of_one_set_have_no_mask():
    sets = LabelSets([3])
    assert (sets.num_labels, sets.vector_size) == (3, 3)
    np.testing.assert_array_equal(sets.encode([2, 0]), [[0, 0, 1], [1, 0, 0]])


def test_vectors_of_two_sets_end_in_the_mask():
    sets = LabelSets((2, 3), exclusive=(False, True))
    assert (sets.num_labels, sets.vector_size) == (5, 7)
    # What stands at the labels of the other set is not known and doesn't pass.
    vectors = sets.encode([[1, 1, 1, 0, 0], [1, 0, 0, 0, 1]], data_sets=[0, 1])
    np.testing.assert_array_equal(vectors, [[1, 1, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0, 1]])


def test_softmax_of_an_exclusive_set_by_hand():
    # Logits 0, log 3: probabilities 1/4 and 3/4.
    logits = tf.constant([[0.0, math.log(3)], [0.0, math.log(3)]])
    sets = LabelSets([2])
    loss = sets.classification_loss(sets.encode([1, 0]), logits)
    assert float(loss) == pytest.approx((math.log(4 / 3) + math.log(4)) / 2)


def test_sigmoids_of_attributes_add_up():
    # Probabilities 1/4 and 3/4 of two attributes that are both there.
    sets = LabelSets([2], exclusive=[False])
    loss = sets.classification_loss(sets.encode([[1, 1]]), [[-math.log(3), math.log(3)]])
    assert float(loss) == pytest.approx(math.log(4) + math.log(4 / 3))


def test_only_the_known_set_counts_in_value_and_in_slope():
    sets = LabelSets((2, 2), exclusive=(True, False))
    vectors = sets.encode([[0, 1, 0, 0], [0, 0, 1, 0]], data_sets=[0, 1])
    logits = tf.Variable(tf.zeros((2, 4)))
    with tf.GradientTape() as tape:
        loss = sets.classification_loss(vectors, logits)
    # log 2 for the first, 2 log 2 for the second, which has two labels of its own.
    assert float(loss) == pytest.approx(1.5 * math.log(2))
    # Half of probability minus label, and nothing at labels of the other set.
    np.testing.assert_allclose(
        tape.gradient(loss, logits), [[0.25, -0.25, 0, 0], [0, 0, -0.25, 0.25]], atol=1e-6
    )


def test_stargan_totals_by_hand():
    loss = StarGANLoss(classification_weight=2.0)
    fake = tf.constant([[1.0, 3.0]])
    assert float(loss.generator_loss(fake, 0.5, 0.25)) == pytest.approx(-2 + 2 * 0.5 + 10 * 0.25)
    real = tf.constant([[7.0, 9.0]])
    assert float(loss.discriminator_loss(real, fake, 0.5)) == pytest.approx(2 - 8 + 1)


def test_faults():
    with pytest.raises(ValueError, match="Expected two labels or more in every exclusive set"):
        LabelSets((3, 1))
    with pytest.raises(ValueError, match="Expected at least one size, and exclusive for each"):
        LabelSets((3, 2), exclusive=[True])
    with pytest.raises(ValueError, match="Expected the data set of every image, of 2"):
        LabelSets((3, 2)).encode([0])
    with pytest.raises(ValueError, match=r"or as 0 and 1 of shape \(batch, 3\)"):
        LabelSets([3]).encode([[0, 1]])
    for label in (3, -1):
        with pytest.raises(tf.errors.InvalidArgumentError, match="Expected labels from 0"):
            LabelSets([3]).encode([label])
    # A label of the first set, but not of the second.
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expected labels from 0"):
        LabelSets((3, 2)).encode([2], data_sets=[1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expected data sets from 0"):
        LabelSets((3, 2)).encode([0], data_sets=[2])
