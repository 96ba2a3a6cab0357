import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.diagnosis import TRANSLATION_FAILURES, TranslationSignals, judge
from tfgan_lab.models import NetworkPair


class Pair(NetworkPair):
    """Two functions in place of networks."""

    def __init__(self, to_b, to_a):
        import keras

        keras.Model.__init__(self)
        self.first, self.second = Network(to_b), Network(to_a)


class Network:
    def __init__(self, function):
        self.function = function

    def __call__(self, images, training):
        assert not training
        return self.function(images)


class Model:
    """A translator out of two functions, and a judge that takes bright images for domain B."""

    def __init__(self, to_b, to_a):
        self.sampling_generator = Pair(to_b, to_a)

    def judge(self, images, domain):
        brightness = tf.reduce_mean(tf.convert_to_tensor(images), axis=(1, 2, 3))
        return brightness if domain else -brightness


@pytest.fixture
def domains():
    """Dark images, and the same ones 0.8 brighter, in another order."""
    rng = np.random.default_rng(0)
    dark = rng.uniform(-0.5, -0.3, (40, 16, 16, 3)).astype(np.float32)
    return dark, dark[::-1] + 0.8


def brighten(x):
    return x + 0.8


def darken(x):
    return x - 0.8


def test_a_perfect_translator(domains):
    reading = TranslationSignals(domains, 40).read(Model(brighten, darken))
    assert reading["cycle_error"] == pytest.approx(0, abs=1e-6)
    assert reading["approach"] == pytest.approx(0, abs=1e-4)
    assert reading["neighbour_ratio"] == pytest.approx(1, abs=1e-3)
    # Two such images differ by a third of 0.2; the translation is a change of 0.8.
    assert reading["change"] == pytest.approx(0.8 / (0.2 / 3), rel=0.05)
    # What is bright already gets brighter still, but no brighter than white: 0.6 on the mean.
    assert reading["identity_error"] == pytest.approx(0.6 / (0.2 / 3), rel=0.05)
    assert reading["finite"] == 1
    readings = [reading | {"images": n} for n in range(9)]
    assert judge(readings, TRANSLATION_FAILURES).name == "healthy"


def verdict_on(model, domains, times=5):
    reading = TranslationSignals(domains, 40).read(model)
    return judge([reading | {"images": n} for n in range(times)], TRANSLATION_FAILURES)


def test_every_failure_is_said(domains):
    one_bright = domains[1][:1]

    def collapsed(x):
        return 0 * x + one_bright

    assert verdict_on(Model(collapsed, darken), domains).name == "collapse"
    assert verdict_on(Model(lambda x: x, lambda x: x), domains).name == "no_translation"

    def mirrored(x):
        return x[:, ::-1, ::-1] + 0.8

    assert verdict_on(Model(mirrored, darken), domains).name == "no_way_back"

    def noise(x):
        return -x

    said = verdict_on(Model(lambda x: x - 0.2, lambda x: x + 0.2), domains)
    assert said.name == "discriminator_wins" and "--discriminator_learning_rate" in said.remedy
    nan = verdict_on(Model(lambda x: x + np.nan, darken), domains, times=1)
    assert nan.name == "non_finite"
    assert verdict_on(Model(noise, darken), domains, times=1).name == "too_early"
