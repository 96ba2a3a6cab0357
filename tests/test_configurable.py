import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import layers, losses
from tfgan_lab.configurable import Configurable


@keras.saving.register_keras_serializable(package="test")
class _Part(Configurable):
    def __init__(self, number, pair=(1, 2), *, inner=None):
        self.number = number
        self.pair = pair
        self.inner = inner


@keras.saving.register_keras_serializable(package="test")
class _Child(_Part):
    """Takes its parent's arguments."""


@keras.saving.register_keras_serializable(package="test")
class _Bare(Configurable):
    """Takes none."""


def copied(part):
    return keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(part))


@pytest.mark.parametrize("kind", [_Part, _Child])
def test_nested_round_trip(kind):
    part = kind(0.25, pair=(3, 4), inner=kind(7))
    again = copied(part)
    assert type(again) is kind and type(again.inner) is kind
    assert (again.number, tuple(again.pair)) == (0.25, (3, 4))
    assert again.inner.number == 7 and again.inner.inner is None
    assert part.get_config()["number"] == 0.25


PARTS = [
    _Bare(),
    layers.DiffAugment(0.1, 0.2, 0.3, 0.05, 0.25),
    layers.AdaptiveAugment(layers.DiffAugment(cutout=0.1), 0.5, 1000, 2),
    losses.BinaryCrossEntropy(0.9, 0.1, 0.95, 0.02, mean_over_halves=True),
    losses.LeastSquares(),
    losses.Hinge(),
    losses.Wasserstein(),
    losses.RelativisticAverage(),
    losses.RelativisticPairing(),
    losses.CycleGANLoss(losses.Wasserstein(), cycle_weight=3.0, identity_weight=0.0),
    losses.StarGANLoss(losses.LeastSquares(), 2.0, 5.0),
    losses.LabelSets((2, 3), (True, False)),
]
PENALTIES = [
    losses.R1(0.3, share=0.5),
    losses.R2(0.3, interval=4),
    losses.ApproximateR1(2.0, 0.02, 0.25),
    losses.ApproximateR2(2.0, 0.02),
    losses.GradientPenalty(5.0, 0.01, True),
    losses.DRAGAN(3.0, interval=2),
    losses.Consistency(layers.DiffAugment(cutout=0.25), 4.0),
    losses.LeCam(2.0, 0.5),
    losses.AnnealedPenalty(losses.R2(gamma=3.0, share=0.5), images=40_000, part=0.3),
]


@pytest.mark.parametrize("part", PARTS + PENALTIES, ids=lambda part: type(part).__name__)
def test_every_part_of_a_model_comes_back(part):
    again = copied(part)
    assert type(again) is type(part) and again.get_config() == part.get_config()


@pytest.mark.parametrize("penalty", PENALTIES, ids=lambda penalty: type(penalty).__name__)
def test_penalties_that_came_back_are_keyed_and_compile(penalty):
    again = copied(penalty)
    images = tf.random.stateless_uniform((8, 8, 8, 3), (0, 1), -1, 1)
    network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(),
                                keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])  # fmt: skip
    logits, seed = (network(images), network(-images)), tf.constant([3, 4], tf.int64)
    batch = losses.DiscriminatorBatch(network, images, -images, *logits, seed)
    values = [float(take(batch)) for take in (penalty, again)]
    assert values[0] > 0 and values[0] == values[1] and again.interval == penalty.interval
    for variable in penalty.variables:
        variable.assign(0.0)
    compiled = tf.function(lambda: penalty(batch))
    np.testing.assert_allclose(compiled(), values[0], rtol=1e-4)
