import types

import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tfgan_lab import data
from tfgan_lab.data.drawn.plates_reader import PLATES, read_modes
from tfgan_lab.diagnosis.signals import Signals

NUM = 64


@pytest.fixture(scope="module")
def plates():
    return data.plates(2 * NUM, image_size=16, batch_size=4, seed=1).sample(2 * NUM)


class Model:
    """A generator that gives certain images, a discriminator that looks at the first pixel."""

    ema_generator = None

    def __init__(self, images, judge=lambda images: images[:, 0, 0, :1]):
        self.images = images
        self.latents = types.SimpleNamespace(sample=lambda num, seed: np.zeros((num, 2)))
        self.judge = judge

    def generate(self, latents):
        return self.images[: len(latents)]

    def discriminator(self, images, training):
        return self.judge(images)


def read(training, fakes, **arguments):
    return Signals(training, num_fakes=NUM, **arguments).read(Model(fakes))


def test_more_images_of_the_same_kind(plates):
    signals = read(plates[:NUM], plates[NUM:], held_out=plates[NUM:])
    assert signals["neighbour_ratio"] == pytest.approx(1, abs=0.15)
    assert signals["kernel_entropy_ratio"] == pytest.approx(1, abs=0.2)
    assert signals["density"] == pytest.approx(1, abs=0.25) and signals["coverage"] > 0.85
    assert signals["distance"] < 0.25 and abs(signals["saturation"]) < 0.01
    assert signals["copying_ratio"] == 1


def test_one_image_again_and_again(plates):
    signals = read(plates[:NUM], np.repeat(plates[NUM:][:1], NUM, axis=0))
    assert signals["neighbour_ratio"] == 0 and signals["kernel_entropy_ratio"] < 0.2
    assert signals["coverage"] < 0.3


def test_a_kind_that_is_never_made():
    images = data.plates(2 * NUM, image_size=32, batch_size=4, seed=1).sample(2 * NUM)
    cloths = read_modes(images) // len(PLATES)
    most = np.bincount(cloths).argmax()
    without = images[cloths != most][:NUM]
    assert len(without) == NUM
    lost = (cloths == most).mean()
    assert read(images, without)["missing_modes_share"] == pytest.approx(lost, abs=0.1)
    assert read(images, images[:NUM])["missing_modes_share"] == 0


def test_copies_of_the_training_images(plates):
    noise = 0.02 * np.random.default_rng(0).normal(size=(NUM, 16, 16, 3))
    fakes = (plates[:NUM] + noise).astype("float32")
    signals = read(plates[:NUM], fakes, held_out=plates[NUM:])
    assert signals["copying_ratio"] < 0.5 and signals["neighbour_ratio"] > 0.9


def test_noise_is_like_no_real_image(plates):
    noise = np.random.default_rng(0).choice([-1.0, 1.0], (NUM, 16, 16, 3)).astype("float32")
    signals = read(plates[:NUM], noise)
    assert signals["density"] == 0 and signals["coverage"] == 0
    assert signals["distance"] > 1 and signals["saturation"] > 0.9


def test_an_augmentation_that_leaks(plates):
    def darken(images):
        return images * 0.5 - 0.5

    training, others = plates[:NUM], plates[NUM:]
    assert read(training, others, augment=darken)["leak"] == pytest.approx(0, abs=0.1)
    assert read(training, darken(others), augment=darken)["leak"] == pytest.approx(1, abs=0.15)
    assert "leak" not in read(training, others, augment=lambda images: images)


def test_motion_is_between_readings(plates):
    signals, model = Signals(plates[:NUM], num_fakes=NUM), Model(plates[NUM:])
    assert "motion" not in signals.read(model)
    assert signals.read(model)["motion"] == 0
    model.images = plates[:NUM]
    assert signals.read(model)["motion"] == pytest.approx(1, abs=0.15)


def test_straight_ways_and_ways_to_and_fro(plates):
    dark, bright = plates[NUM:] * 0.5 - 0.5, plates[NUM:] * 0.5 + 0.5
    signals, model = Signals(plates[:NUM], num_fakes=NUM), Model(dark)
    for step in range(6):
        model.images = dark + (bright - dark) * step / 5
        there = signals.read(model)
    assert there["straightness"] > 0.5
    for step in range(6):
        model.images = bright if step % 2 else dark
        to_and_fro = signals.read(model)
    assert to_and_fro["straightness"] == pytest.approx(0.2, abs=0.01)
    assert to_and_fro["motion"] > 2 * there["motion"]


def test_answers_by_hand():
    rng = np.random.default_rng(0)
    images = rng.uniform(-0.2, 0.2, (24, 16, 16, 3)).astype("float32")
    training, held_out, fakes = images[:8], images[8:16], images[16:]
    training[:, 0, 0, 0] = [1, 1, 1, 1, 1, 1, 1, -1]  # mean 0.75
    held_out[:, 0, 0, 0] = [1, 1, 1, 1, -1, -1, -1, -1]  # mean 0
    fakes[:, 0, 0, 0] = [-1, -1, -1, -1, -1, -1, 1, 1]  # mean -0.5: the border is at 0.125
    signals = read(training, fakes, held_out=held_out)
    assert signals["real_right"] == 7 / 8 and signals["fake_right"] == 6 / 8
    assert signals["held_out_right"] == 1 / 2
    assert signals["overfitting"] == pytest.approx(0.75 / 1.25)
    # 7 of 8 reals outrank 6 of 8 fakes; a pair of equal answers is half right.
    pairs = 7 * 6 + (7 * 2 + 1 * 6) / 2
    assert signals["ranked_right"] == pytest.approx(pairs / 64)
    # Nine of sixteen answers are 1, the others -1.
    assert signals["logit_gap"] == pytest.approx(1.25 / np.sqrt(1 - (2 / 16) ** 2))


def test_of_logits_of_places_the_mean_is_the_image_s():
    """Two places whose logits are 4 and -2, or -4 and 2, tell 1 and -1; each alone says less."""
    rng = np.random.default_rng(0)
    images = rng.uniform(-0.2, 0.2, (16, 16, 16, 3)).astype("float32")
    training, fakes = images[:8], images[8:]
    training[:, 0, 0, 0] = [1, 1, 1, 1, 1, 1, 1, -1]
    fakes[:, 0, 0, 0] = [-1, -1, -1, -1, -1, -1, 1, 1]
    model = Model(fakes, judge=lambda images: images[:, 0, 0, :1] * [4.0, -2.0])
    one = Model(fakes)
    found, expected = (Signals(training, num_fakes=8).read(each) for each in (model, one))
    assert found == expected and found["real_right"] == 7 / 8


def test_what_is_not_finite(plates):
    broken = plates[NUM:].copy()
    broken[0, 0, 0, 0] = np.nan
    assert read(plates[:NUM], broken) == {"finite": 0.0}
    model = Model(plates[NUM:], judge=lambda images: tf.fill((len(images), 1), np.inf))
    assert Signals(plates[:NUM], num_fakes=NUM).read(model)["finite"] == 0.0


def test_of_a_real_model(make_gan, make_images):
    gan = make_gan(ema_half_life_images=50)
    gan.fit(make_images(16), epochs=2, verbose=0)
    signals = Signals(make_images(16).sample(16)).read(gan)
    assert 0 < signals["average_gap"] < 10
    assert isinstance(gan, tgl.GAN) and all(isinstance(x, float) for x in signals.values())
