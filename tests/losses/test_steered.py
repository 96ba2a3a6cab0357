import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conftest import assert_same_state, state_of
from tests.losses.test_penalties import discriminator, judge
from tfgan_lab import callbacks as cb
from tfgan_lab import losses


def answer(penalty, sign, times=4, count=2):
    for _ in range(times):
        logs = penalty.observe(sign * tf.ones((count, 1)))
    return float(logs["r1_penalty_factor"])


def test_weight_follows_the_sign_by_hand():
    # R1 of a slope of 3 at one pixel: 10 / 2 * 9 = 45. Four batches of 2 pictures of 40 are a fifth
    # of a power of ten.
    penalty = losses.Steered(losses.R1(gamma=10), target=0.5, images=40)
    judgement = judge(discriminator(b=3.0, pixels=1), [[1]], [[0]])
    assert float(penalty(judgement)) == pytest.approx(45)
    assert answer(penalty, -1, times=3) == 1
    assert answer(penalty, -1, times=1) == pytest.approx(10**-0.2)
    assert float(penalty(judgement)) == pytest.approx(45 * 10**-0.2, rel=1e-6)
    assert answer(penalty, -1) == pytest.approx(10**-0.4)
    assert answer(penalty, 1) == pytest.approx(10**-0.2)


def test_weight_stays_within_its_bounds():
    penalty = losses.Steered(losses.R1(), images=4, least=0.01)
    assert answer(penalty, 1) == 1
    assert answer(penalty, -1, times=8) == pytest.approx(0.01)
    assert answer(penalty, 1, times=8) == 1


def test_target_is_a_mean_sign():
    # Of 8 answers 6 are right: a mean sign of 1/2.
    signs = tf.constant([[1.0]] * 6 + [[-1.0]] * 2)
    for target, expected in [(0.6, 10**-0.1), (0.4, 1.0), (0.5, 1.0)]:
        penalty = losses.Steered(losses.R1(), target=target, images=320)
        for _ in range(4):
            penalty.observe(signs)
        assert float(penalty.factor()) == pytest.approx(expected), target


def test_is_logged_and_taken_as_what_it_wraps():
    inner = losses.LeCam(weight=2.0)
    penalty = losses.Steered(inner)
    assert penalty.name == "lecam_penalty" and penalty.variables[:3] == inner.variables
    assert losses.Steered(losses.R2(interval=4)).interval == 4
    assert losses.Steered(losses.R2(share=0.5)).gradient_share == 0.5


def test_comes_back_from_its_config():
    penalty = losses.Steered(losses.R2(gamma=3.0, share=0.5), target=0.3, images=500, least=0.1)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(penalty))
    assert (again.target, again.images, again.least, again.penalty.gamma) == (0.3, 500, 0.1, 3.0)


def test_a_model_shows_it_the_answers_and_saves_where_it_is(make_gan, make_pictures, tmp_path):
    def make():
        penalties = [losses.Steered(each(1.0), target=0.9, images=40) for each in
                     (losses.R1, losses.R2)]  # fmt: skip
        return make_gan(loss=losses.RelativisticPairing(), penalties=penalties)

    gan = make()
    history = gan.fit(make_pictures(16), epochs=2, verbose=0).history
    # The middle between both kinds stands for 0: about half of the answers are above it.
    assert history["r1_penalty_factor"][1] < history["r1_penalty_factor"][0] <= 1
    np.testing.assert_array_equal(history["r1_penalty_factor"], history["r2_penalty_factor"])
    saver = cb.Checkpoints(tmp_path)
    saver.set_model(gan)
    saver.save()
    again = make()
    saver = cb.Checkpoints(tmp_path)
    saver.set_model(again)
    assert saver.restore()
    assert float(again.penalties[0].factor()) == float(gan.penalties[0].factor()) < 1
    for model in (gan, again):
        model.fit(make_pictures(16), epochs=3, verbose=0)
    assert_same_state(state_of(gan), state_of(again))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"least": 0}, r"Expected least in \(0, 1\). Received: least=0"),
        ({"target": 1}, r"Expected target in \(-1, 1\). Received: target=1"),
        ({"images": 0}, "Expected a number of pictures and an interval from 1.*0 pictures"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        losses.Steered(losses.R1(), **arguments)
