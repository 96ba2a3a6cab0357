import numpy as np
import pytest

from tests.conftest import NUM_CLASSES
from tfgan_lab import data
from tfgan_lab.data.drawn.vehicles import draw_vehicle
from tfgan_lab.diagnosis.class_signals import ClassSignals
from tfgan_lab.diagnosis.signals import Signals
from tfgan_lab.metrics import RandomEmbedding
from tfgan_lab.randomness import Purpose, key

SIZE = 32
LATENTS = np.arange(20)[:, np.newaxis]


@pytest.fixture(scope="module")
def vehicles():
    return data.vehicles(400, image_size=SIZE, seed=1)


@pytest.fixture(scope="module")
def signals(vehicles):
    images = vehicles.sample(400)
    embed = RandomEmbedding(images)
    return ClassSignals(embed, embed(images), vehicles.labels, num_fakes=128)


def draw(latents, labels):
    drawn = [
        draw_vehicle(9, int(latent[0]), SIZE, body_type=None if label < 0 else int(label))[0]
        for latent, label in zip(latents, labels, strict=True)
    ]
    return (np.stack(drawn) / 127.5 - 1).astype(np.float32)


def test_a_generator_that_does_as_it_is_told(signals):
    reading = signals.read(draw, LATENTS)
    assert reading["label_alignment"] == pytest.approx(1, abs=0.15)
    assert 0.4 < reading["label_effect"] < 0.8  # All but the body stays.


def test_a_generator_that_does_not_look_at_the_label(signals):
    reading = signals.read(lambda latents, labels: draw(latents, -np.ones(len(labels))), LATENTS)
    assert reading == {"label_effect": 0.0, "label_alignment": pytest.approx(0, abs=1e-9)}


def test_a_generator_that_takes_the_label_for_noise(signals):
    def shuffled(latents, labels):
        return draw(latents * 100 + labels[:, np.newaxis], -np.ones(len(labels)))

    reading = signals.read(shuffled, LATENTS)
    assert reading["label_effect"] == pytest.approx(1, abs=0.1)
    assert abs(reading["label_alignment"]) < 0.15


def test_a_generator_that_swaps_two_classes(signals):
    swapped = np.array([1, 0, 2, 3, 4, 5, 6, 7])
    reading = signals.read(lambda latents, labels: draw(latents, swapped[labels]), LATENTS)
    assert reading["label_alignment"] < 0.95


def test_by_hand():
    # The two moments of the classes lie at (0, 0) and (2, 4), the fakes' at (0, 0) and (1, 1): of
    # the way (2, 4) they go the part (2 + 4) / (4 + 16).
    points, labels = np.repeat([[0.0], [2.0]], 4, axis=0), np.repeat([0, 1], 4)
    signals = ClassSignals(lambda images: images, points, labels)

    def make(latents, labels):
        return labels[:, np.newaxis] + 0.0 * latents

    reading = signals.read(make, np.zeros((64, 1)))
    # All latents give the same image, so there is nothing to compare the label's effect with.
    assert reading == {"label_alignment": pytest.approx(0.3)}


def test_labels_without_meaning_cannot_be_ignored(vehicles):
    images = vehicles.sample(400)
    embed = RandomEmbedding(images)
    labels = np.random.default_rng(0).permutation(vehicles.labels)
    reading = ClassSignals(embed, embed(images), labels).read(draw, LATENTS)
    assert reading.keys() == {"label_effect"}


def test_of_too_few_images_or_classes_nothing_is_said(signals):
    points = np.zeros((5, 1))
    few = ClassSignals(lambda images: images, points, np.array([0, 0, 0, 0, 1]))
    assert few.read(draw, LATENTS) == {}
    broken = signals.read(lambda latents, labels: np.full((len(labels), 1), np.nan), LATENTS)
    assert broken == {}


def test_of_many_classes_some_are_looked_at():
    labels = np.repeat(np.arange(100), 4)
    points = labels[:, np.newaxis].astype(float)
    signals = ClassSignals(lambda images: images, points, labels)
    assert len(signals.classes) == 16 and signals.classes[[0, -1]].tolist() == [0, 99]
    assert signals.num_latents == 8


@pytest.mark.parametrize("way", ["projection", "classifier"])
def test_signals_of_a_conditional_model(way, make_conditional, make_images):
    gan = make_conditional(("batch_norm", way), ema=50)
    labelled = make_images(24, labels=np.arange(24) % NUM_CLASSES)
    gan.fit(labelled, epochs=2, verbose=0)
    images, labels = labelled.sample(24), labelled.sample_labels(24)
    signals = Signals(images, held_out=images[:9], labels=labels, held_out_labels=labels[:9]).read(
        gan
    )
    assert {"average_gap", "real_right", "held_out_right", "label_effect"} <= signals.keys()
    # The fixed real images are judged as images of their own classes.
    answers = gan.discriminator([images, labels], training=False)
    real = np.asarray(answers[0] if way == "classifier" else answers)[:, 0]
    fakes = gan.generate(gan.latents.sample(24, key(0, 0, Purpose.SAMPLES)), labels)
    answers = gan.discriminator([fakes, labels], training=False)
    fake = np.asarray(answers[0] if way == "classifier" else answers)[:, 0]
    border = (real.mean() + fake.mean()) / 2
    assert signals["real_right"] == pytest.approx((real > border).mean())
    assert signals["fake_right"] == pytest.approx((fake < border).mean())
    unlabelled = Signals(images, held_out=images[:9], labels=labels).read(gan)
    assert "held_out_right" not in unlabelled
