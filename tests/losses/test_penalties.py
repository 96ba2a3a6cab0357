import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import losses
from tfgan_lab.layers import DiffAugment
from tfgan_lab.losses.penalties import input_gradients, slopes

SEED = tf.constant([3, 4], tf.int64)


@keras.saving.register_keras_serializable(package="test")
class _Quadratic(keras.layers.Layer):
    """Logit a * sum(x^2) + b * sum(x), whose input gradient is 2 a x + b."""

    def __init__(self, a, b):
        super().__init__()
        self.a = self.add_weight(shape=(), initializer=keras.initializers.Constant(a))
        self.b = self.add_weight(shape=(), initializer=keras.initializers.Constant(b))

    def call(self, images):
        flat = keras.layers.Flatten()(images)
        total = self.a * tf.reduce_sum(flat**2, axis=1) + self.b * tf.reduce_sum(flat, axis=1)
        return total[:, None]


def discriminator(a=0.0, b=0.0, pixels=2):
    return keras.Sequential([keras.Input((1, pixels, 1)), _Quadratic(a, b)])


def make_batch(model, real, fake):
    real, fake = (tf.constant(x, tf.float32)[:, None, :, None] for x in (real, fake))
    return losses.DiscriminatorBatch(model, real, fake, model(real), model(fake), SEED)


def close(tensor, expected, rel=1e-5):
    assert float(tensor) == pytest.approx(expected, rel=rel, abs=1e-6)


def test_r1_of_a_linear_discriminator_is_its_squared_weight():
    # Gradient 3 at both of two pixels: squared norm 18, gamma / 2 = 5.
    batch = make_batch(discriminator(b=3.0), [[1, 2]], [[0, 0]])
    close(losses.R1(gamma=10)(batch), 5 * 18)
    close(losses.R2(gamma=10)(batch), 5 * 18)


def test_r1_and_r2_look_at_their_own_images():
    # Gradient 2 x: squared norms 4 * (1 + 4) and 4 * 9 at the reals, 4 * 25 and 0 at the fakes.
    batch = make_batch(discriminator(a=1.0), [[1, 2], [3, 0]], [[5, 0], [0, 0]])
    close(losses.R1(gamma=2)(batch), (20 + 36) / 2)
    close(losses.R2(gamma=2)(batch), (100 + 0) / 2)
    close(losses.R1(gamma=2, share=0.5)(batch), 20)
    close(losses.R2(gamma=2, share=0.01)(batch), 100)


def test_r1_reaches_the_weights():
    # gamma / 2 * 2 b^2 for two pixels: slope 2 gamma b.
    model = discriminator(b=3.0)
    with tf.GradientTape() as tape:
        value = losses.R1(gamma=0.5)(make_batch(model, [[1, 2]], [[0, 0]]))
    gradients = tape.gradient(value, model.trainable_variables)
    close(gradients[1], 2 * 0.5 * 3.0)


@pytest.mark.parametrize("kind", [losses.ApproximateR1, losses.ApproximateR2])
def test_approximate_r1_agrees_with_the_exact_one(kind):
    """Unbiased to sigma^2: over many images the two agree to the draw's noise."""
    count = 20_000
    pixels = np.random.default_rng(0).normal(size=(count, 2))
    batch = make_batch(discriminator(a=0.7, b=0.3), pixels, pixels)
    exact = float(losses.R1(gamma=2.0)(batch))
    for sigma in (0.01, 0.1):
        # In float32 a smaller sigma leaves too few digits of the difference.
        value = float(kind(gamma=2.0, sigma=sigma)(batch))
        # Relative standard deviation sqrt(2) for each image, more over images that differ.
        assert value == pytest.approx(exact, rel=5 * 2 / math.sqrt(count) + 4 * sigma**2)


def test_approximate_r1_has_the_gradient_of_the_exact_one():
    model = discriminator(a=0.7, b=0.3)
    pixels = np.random.default_rng(1).normal(size=(20_000, 2))
    gradients = []
    for penalty in (losses.R1(2.0), losses.ApproximateR1(2.0, sigma=0.05)):
        with tf.GradientTape() as tape:
            value = penalty(make_batch(model, pixels, pixels))
        gradients.append([float(g) for g in tape.gradient(value, model.trainable_variables)])
    assert gradients[1] == pytest.approx(gradients[0], rel=0.08)


def test_gradient_penalty_by_hand():
    # A linear discriminator has the slope |b| sqrt(2) everywhere, here 2.
    batch = make_batch(discriminator(b=math.sqrt(2)), [[1, 2]] * 8, [[0, 5]] * 8)
    close(losses.GradientPenalty(weight=10)(batch), 10 * (2 - 1) ** 2)
    close(losses.GradientPenalty(weight=10, target=4)(batch), 10 * (2 / 4 - 1) ** 2)
    close(losses.GradientPenalty(weight=10, target=4, one_sided=True)(batch), 0)
    close(losses.GradientPenalty(weight=10, one_sided=True)(batch), 10)


def test_gradient_penalty_looks_between_the_images():
    # Slope 2 |x| on the line from 0 to (1, 0): E[(2 t - 1)^2] = 1 / 3 over uniform t.
    batch = make_batch(discriminator(a=1.0), [[1, 0]] * 20_000, [[0, 0]] * 20_000)
    close(losses.GradientPenalty(weight=1)(batch), 1 / 3, rel=0.03)


def test_gradient_penalty_is_finite_where_the_slope_is_zero():
    model = discriminator()
    with tf.GradientTape() as tape:
        value = losses.GradientPenalty()(make_batch(model, [[1, 2]], [[0, 0]]))
    assert all(np.isfinite(tape.gradient(value, model.trainable_variables)))


def test_dragan_looks_around_the_reals():
    batch = make_batch(discriminator(b=math.sqrt(2)), [[1, 2]] * 8, [[9, 9]] * 8)
    close(losses.DRAGAN(weight=3)(batch), 3 * (2 - 1) ** 2)
    # Equal images have no spread: exactly at x = 1, slope 2 sqrt(2).
    batch = make_batch(discriminator(a=1.0), [[1, 1]] * 4, [[9, 9]] * 4)
    close(losses.DRAGAN(weight=1)(batch), (2 * math.sqrt(2) - 1) ** 2)
    # One pixel at -1 or 1, standard deviation 1: E over n, t uniform of (2 |x + t n / 2| - 1)^2.
    draws = np.random.default_rng(0).uniform(size=(2, 400_000))
    reals = np.sign(np.arange(400_000) % 2 - 0.5)
    expected = np.mean((2 * np.abs(reals + draws[0] * draws[1] / 2) - 1) ** 2)
    batch = make_batch(discriminator(a=1.0, pixels=1), reals[:20_000, None], reals[:20_000, None])
    close(losses.DRAGAN(weight=1)(batch), expected, rel=0.03)


def test_consistency_by_hand():
    def brighter(images, seed):
        return images + 0.5

    # A sum of two pixels changes by 1 under the augmenter, at b = 3 by 3; both halves count.
    batch = make_batch(discriminator(b=3.0), [[1, 2]], [[0, 0]])
    close(losses.Consistency(brighter, weight=2)(batch), 2 * (9 + 9))
    nothing = DiffAugment(0, 0, 0, 0, 0)
    close(losses.Consistency(nothing)(batch), 0)


def test_helpers_by_hand():
    model = discriminator(a=1.0)
    images = tf.constant([[3.0, 4.0]])[:, None, :, None]
    np.testing.assert_allclose(np.ravel(input_gradients(model, images)), [6, 8])
    np.testing.assert_allclose(slopes(model, images), [10], rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: losses.R1(interval=0), "Expected an interval of at least 1. Received: interval=0"),
        (lambda: losses.R1(share=0), r"Expected share in \(0, 1\]. Received: share=0"),
        (lambda: losses.ApproximateR1(sigma=0), "Expected sigma above 0. Received: sigma=0"),
        (lambda: losses.GradientPenalty(target=0), "Expected target above 0. Received: target=0"),
        (lambda: losses.LeCam(decay=1), r"Expected decay in \[0, 1\). Received: decay=1"),
        (lambda: losses.AnnealedPenalty(losses.R1(), 0), "Expected images from 1.*images=0"),
        (
            lambda: losses.AnnealedPenalty(losses.R1(), 5, part=1.5),
            r"Expected part in \[0, 1\]. Received: part=1.5",
        ),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_lecam_by_hand():
    # Linear, b = 1 on one pixel: logits are the pixels. The averages start at the first means.
    lecam = losses.LeCam(weight=2.0, decay=0.5)
    model = discriminator(b=1.0, pixels=1)
    batch = make_batch(model, [[1.0], [3.0]], [[0.0], [-4.0]])
    # R = 2, F = -2: reals exceed F by 3 and 5, fakes lack R by 2 and 6.
    close(lecam(batch), 2 * ((9 + 25) / 2 + (4 + 36) / 2))
    # Second step, means 0 and 4: R = (1/4 * 2 + 1/2 * 0) / (3/4), F = (1/4 * -2 + 1/2 * 4) / (3/4).
    real_average, fake_average = 2 / 3, 2.0
    batch = make_batch(model, [[0.0]], [[4.0]])
    expected = max(0, 0 - fake_average) ** 2 + max(0, real_average - 4) ** 2
    close(lecam(batch), 2 * expected)
    # Third: means 5 and 0, shares 1/8, 1/4, 1/2 of 7/8.
    real_average = (2 / 8 + 0 / 4 + 5 / 2) / (7 / 8)
    fake_average = (-2 / 8 + 4 / 4 + 0 / 2) / (7 / 8)
    close(
        lecam(make_batch(model, [[5.0]], [[0.0]])), 2 * ((5 - fake_average) ** 2 + real_average**2)
    )


def test_lecam_averages_carry_no_gradient():
    lecam = losses.LeCam(weight=1.0, decay=0.0)
    model = discriminator(b=1.0, pixels=1)
    with tf.GradientTape() as tape:
        value = lecam(make_batch(model, [[2.0]], [[-1.0]]))
    # (2 b - F)^2 + (R - (-b))^2 with F = -1, R = 2 fixed: slopes 2 * 3 * 2 and 2 * 3 * 1 at b = 1.
    close(tape.gradient(value, model.trainable_variables)[1], 12 + 6)


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


def test_falls_with_the_images_that_a_model_has_seen(make_gan, make_images):
    gan = make_gan(penalties=[losses.AnnealedPenalty(losses.R1(1.0), images=16, part=0.0)])
    history = gan.fit(make_images(8), epochs=4, verbose=0).history["r1_penalty"]
    assert history[0] > 0 and history[2] == history[3] == 0
