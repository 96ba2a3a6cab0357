import math

import keras
import pytest
import tensorflow as tf

from tests.losses.test_penalties import discriminator, make_batch
from tfgan_lab import losses


def test_weight_falls_as_half_a_cosine():
    # R1 of a slope of 3 at one pixel: 10 / 2 * 9 = 45.
    penalty = losses.AnnealedPenalty(losses.R1(gamma=10), images=1000, part=0.2)
    batch = make_batch(discriminator(b=3.0, pixels=1), [[1]], [[0]])
    quarter = 0.2 + 0.8 * (1 + math.cos(math.pi / 4)) / 2
    for seen, factor in [(0, 1), (250, quarter), (500, 0.6), (1000, 0.2), (10**12, 0.2)]:
        value = penalty(batch._replace(images_seen=tf.constant(seen, tf.int64)))
        assert float(value) == pytest.approx(45 * factor, rel=1e-5)


def test_is_logged_and_taken_as_what_it_wraps():
    inner = losses.LeCam(weight=2.0)
    penalty = losses.AnnealedPenalty(inner, images=10)
    assert penalty.name == "lecam_penalty" and penalty.variables is inner.variables
    assert losses.AnnealedPenalty(losses.R2(interval=4), 10).interval == 4


def test_comes_back_from_its_config():
    penalty = losses.AnnealedPenalty(losses.R2(gamma=3.0, share=0.5), images=40_000, part=0.3)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(penalty))
    assert (again.images, again.part, again.penalty.gamma) == (40_000, 0.3, 3.0)
    assert isinstance(again.penalty, losses.R2) and again.penalty.share == 0.5


def test_falls_with_the_images_that_a_model_has_seen(make_gan, make_images):
    gan = make_gan(penalties=[losses.AnnealedPenalty(losses.R1(1.0), images=16, part=0.0)])
    history = gan.fit(make_images(8), epochs=4, verbose=0).history["r1_penalty"]
    assert history[0] > 0 and history[2] == history[3] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": 0}, "Expected images from 1. Received: images=0"),
        ({"images": 5, "part": 1.5}, r"Expected part in \[0, 1\]. Received: part=1.5"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        losses.AnnealedPenalty(losses.R1(), **arguments)
