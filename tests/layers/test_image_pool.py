import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.layers import ImagePool


def numbered(*numbers):
    return tf.reshape(tf.constant(numbers, tf.float32), (-1, 1, 1, 1))


def flat(tensor):
    return np.asarray(tensor).ravel().tolist()


def seed(number):
    return tf.constant([number, 7], tf.int64)


def test_fills_up_first_and_gives_the_images_back():
    pool = ImagePool(5)
    assert flat(pool(numbered(1, 2), seed(0))) == [1, 2]
    assert flat(pool(numbered(3, 4), seed(1))) == [3, 4]
    assert flat(pool.images) == [1, 2, 3, 4, 0] and int(pool.count) == 4


def test_every_image_is_kept_shown_or_both_and_none_is_lost():
    """Whatever goes in comes out at once or stays, until another takes its place."""
    pool = ImagePool(4)
    number, inside = 0, []
    for step in range(40):
        new = [float(number + index) for index in range(3)]
        number += 3
        filling = new[: max(0, 4 - len(inside))]
        shown = flat(pool(numbered(*new), seed(step)))
        kept = flat(pool.images)[: int(pool.count)]
        # While it fills, an image is both kept and shown.
        assert sorted(kept + shown) == sorted(inside + new + filling)
        inside = kept


def test_odds_are_even_and_places_are_drawn_alike():
    pool = ImagePool(10)
    pool(numbered(*range(10)), seed(-1))
    exchange = tf.function(pool)
    swapped, places = 0, np.zeros(10)
    for step in range(500):
        before = np.array(flat(pool.images))
        new = [100.0 + 4 * step + index for index in range(4)]
        shown = flat(exchange(numbered(*new), seed(step)))
        swapped += sum(one != other for one, other in zip(new, shown, strict=True))
        places += np.array(flat(pool.images)) != before
    assert swapped == places.sum()
    assert swapped / 2000 == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(2000))
    # 100 each are expected.
    assert (abs(places - 100) < 4 * 10).all()


def test_a_full_batch_over_the_edge_of_the_capacity():
    pool = ImagePool(3)
    pool(numbered(1, 2), seed(0))
    for number in range(20):
        before = flat(pool.images)[: int(pool.count)]
        shown = flat(pool(numbered(10, 11, 12), seed(number)))
        assert int(pool.count) == 3
        assert set(shown) <= {*before, 10, 11, 12} and 0 not in flat(pool.images)


def test_has_no_gradient_and_no_trainable_weights():
    pool = ImagePool(2)
    images = tf.Variable(numbered(1, 2))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(pool(images, seed(0)))
    assert tape.gradient(value, images) is None
    assert not pool.trainable_weights and len(pool.weights) == 2


def test_capacity_0_gives_everything_back():
    pool = ImagePool(0)
    for number in (1, 2):
        assert flat(pool(numbered(number), seed(0))) == [number]


def test_compiled_and_restored_it_continues_alike(tmp_path):
    @keras.saving.register_keras_serializable(package="test")
    class Model(keras.Model):
        def __init__(self, pool=None, **kwargs):
            super().__init__(**kwargs)
            self.pool = pool or ImagePool(4, name="pool")
            self.pool.build((None, 1, 1, 1))
            self.built = True

        def call(self, inputs):
            return inputs

    models = [Model(), Model()]
    compiled = tf.function(models[1].pool)
    for step in range(6):
        new = numbered(2 * step, 2 * step + 1)
        assert flat(models[0].pool(new, seed(step))) == flat(compiled(new, seed(step)))
    models[0].save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    for step in range(6, 12):
        new = numbered(2 * step, 2 * step + 1)
        assert flat(again.pool(new, seed(step))) == flat(models[0].pool(new, seed(step)))


def test_faults():
    with pytest.raises(ValueError, match="Expected a capacity from 0. Received: capacity=-1"):
        ImagePool(-1)
    with pytest.raises(ValueError, match="Expected images of a fixed size"):
        ImagePool().build((None, None, None, 3))
    with pytest.raises(ValueError, match="at most 1 images, which is how many are kept. .* 2"):
        ImagePool(1)(numbered(1, 2), seed(0))
    # Of a size that only the step knows.
    pool = ImagePool(1)
    pool.build((None, 1, 1, 1))
    show = tf.function(lambda number: pool(tf.zeros((number, 1, 1, 1)), seed(0)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="at most the capacity"):
        show(tf.constant(2))
