import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.latents.generators import (
    conditional_generator,
    convolutional_generator,
    linear_generator,
)
from tfgan_lab.latents import Normal, Uniform, invert
from tfgan_lab.latents.inversion import InversionSettings, inversion_settings

ROTATION = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1]]) / 8
FIELDS = ["latents", "images", "losses", "losses_of_starts", "steps_taken", "kept_latents"]


def test_the_report_by_hand():
    """R0's way: MSE, a start drawn once, Keras' Adam with rate 1, the last step counts."""
    import keras

    network = linear_generator(ROTATION)
    target = np.float32([[[0.5], [0.25]], [[-0.25], [0.0]]])
    found = invert(network, target, preset="r0", seed=4)
    noise = tf.Variable(found.kept_latents[:, 0])
    optimizer = keras.optimizers.Adam(1.0)
    losses = []
    for _ in range(40):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((network(noise, training=False) - target) ** 2)
        losses.append(float(loss))
        optimizer.apply_gradients([(tape.gradient(loss, noise), noise)])
    np.testing.assert_allclose(found.losses[0, :40], losses, rtol=2e-3, atol=1e-6)
    np.testing.assert_allclose(found.latents, noise.numpy(), rtol=1e-3, atol=1e-3)
    assert found.kept_steps == (0, 1, 4, 10, 20, 40)
    assert found.steps_taken.tolist() == [40] and found.losses.shape == (1, 41)
    np.testing.assert_array_equal(found.kept_latents[:, -1], found.latents)
    # The first update of Adam is of length 1 in every value.
    step = found.kept_latents[0, 1] - found.kept_latents[0, 0]
    assert np.abs(step) == pytest.approx(1, rel=1e-3)


def test_finds_the_least_squares_solution():
    """The columns are orthogonal, so the nearest latents are a product."""
    targets = np.random.default_rng(0).uniform(-0.3, 0.3, (5, 2, 2, 1)).astype(np.float32)
    found = invert(linear_generator(ROTATION), targets, tolerance=0.0, prior_weight=0.0, steps=400)
    solution = targets.reshape(5, 4) @ ROTATION.T * 16
    np.testing.assert_allclose(found.latents, solution, atol=2e-3)
    rest = targets.reshape(5, 4) - solution @ ROTATION
    assert found.errors == pytest.approx((rest**2).mean(axis=1), rel=1e-3)
    assert found.losses[:, -1] == pytest.approx(found.errors, rel=1e-2)


def test_targets_of_the_generator_are_found_again():
    network = convolutional_generator()
    latents = Normal(6).sample(12, (3, 1))
    targets = np.clip(network(latents, training=False), -1, 1)
    found = invert(network, targets, bank=256, batch_size=32)
    assert np.median(found.errors) < 1e-3 and found.errors.max() < 1e-2
    assert found.images == pytest.approx(found.targets, abs=0.5)
    assert np.median(found.plausibility) > 0.1 and (found.norms < 2).all()
    once = invert(network, targets, preset="r0")
    assert np.median(once.errors) > 3 * np.median(found.errors)
    # The tolerance stops a search; what it had then is kept.
    stopped = found.steps_taken < 200
    assert stopped.any()
    for index in np.flatnonzero(stopped):
        taken = found.steps_taken[index]
        assert (found.losses[index, taken:] == found.losses[index, taken]).all()
        assert found.losses[index, taken] <= 5e-5 < found.losses[index, taken - 1]


@pytest.mark.parametrize("preset", ["default", "r0"])
def test_a_target_finds_the_same_alone_as_among_others(preset):
    network = convolutional_generator()
    targets = np.clip(network(Normal(6).sample(7, (3, 2)), training=False), -1, 1)
    changes = {"steps": 8, "trial_steps": 4, "starts": 2, "bank": 32, "batch_size": 6}
    changes = changes if preset == "default" else {"steps": 8, "batch_size": 5}
    together = invert(network, targets, preset=preset, **changes)
    for index in (0, 6):
        alone = invert(network, targets[index], preset=preset, **changes)
        for name in FIELDS:
            np.testing.assert_allclose(
                getattr(alone, name)[0], getattr(together, name)[index],
                rtol=2e-3, atol=2e-4, err_msg=name,
            )  # fmt: skip


def test_starts_at_the_nearest_of_the_bank():
    network = convolutional_generator()
    drawn = invert(network, np.zeros((1, 8, 8, 3), np.float32), steps=0, bank=0, starts=1, seed=5)
    images = network(drawn.latents, training=False)
    found = invert(network, np.clip(images, -1, 1), steps=0, bank=64, seed=5)
    # Draw 0 of the bank is the same draw.
    np.testing.assert_array_equal(found.latents, drawn.latents)
    assert found.errors == pytest.approx(0, abs=1e-9) and found.kept_steps == (0,)
    ends = invert(network, np.clip(images, -1, 1), steps=1, bank=64, seed=5, starts=8)
    assert ends.losses_of_starts.shape == (1, 8)
    assert (np.diff(ends.losses_of_starts[0]) > -0.01).all()  # From the nearest to the farthest.


def test_prior_keeps_latents_where_the_generator_was_trained():
    network = linear_generator(ROTATION / 4)
    target = np.float32([[[0.9], [0.5]], [[0.5], [0.5]]])  # Its latents have length 19.
    far = invert(network, target, steps=300, learning_rate=0.3, starts=1, prior_weight=0.0)
    near = invert(network, target, steps=300, learning_rate=0.3, starts=1, prior_weight=1.0)
    assert far.plausibility[0] == 0 and far.norms[0] > 3
    assert near.norms[0] < 1.4 and near.plausibility[0] > 0.1
    assert far.errors[0] < near.errors[0]


def test_keeps_to_the_bounds_of_the_distribution():
    network = linear_generator(ROTATION)
    target = np.full((2, 2, 1), 0.9, np.float32)
    found = invert(network, target, latents=Uniform(3, -0.5, 0.5), prior_weight=0.0)
    assert found.latents[0] == pytest.approx([0.5, 0, 0], abs=0.01)
    assert np.abs(found.latents).max() <= 0.5


def test_conditional_generator():
    network = conditional_generator()
    labels = np.array([2, 0, 1, 2])
    values = np.float32([[0.5, -0.25], [0.1, 0.9], [-0.5, 0.5], [0.3, 0.3]])
    targets = np.array(network([tf.constant(values), tf.constant(labels, tf.int32)]))
    found = invert(network, targets, labels=labels, tolerance=1e-8, steps=300, batch_size=12)
    np.testing.assert_allclose(found.latents, values, atol=0.01)
    assert found.labels.tolist() == labels.tolist()
    wrong = invert(network, targets[:1], labels=1)
    assert wrong.errors[0] == pytest.approx((0.5**2 + 0.25**2) / 6, rel=0.01)


def test_features_count_besides_pixels_or_instead():
    network = linear_generator(np.eye(4))
    target = np.float32([[[0.5], [0.1]], [[-0.4], [0.2]]])
    changes = {"tolerance": 0.0, "prior_weight": 0.0}

    def top_row(images):
        return images[:, 0]

    only = invert(network, target, features=top_row, pixel_weight=0.0, **changes)
    again = invert(
        network, target, features=lambda x: [top_row(x)] * 2, pixel_weight=0.0, **changes
    )
    assert only.latents[0, :2] == pytest.approx([0.5, 0.1], abs=1e-3)
    assert np.abs(only.latents[0, 2:] - [-0.4, 0.2]).max() > 0.05
    assert again.losses[0, 0] == pytest.approx(2 * only.losses[0, 0], rel=1e-5)


def test_what_is_clipped_when_shown_is_clipped_when_compared():
    network = linear_generator(np.eye(4))
    target = np.float32([[[1.0], [0.5]], [[-1.0], [0.0]]])
    far = invert(network, target, bank=0, starts=1, seed=2, tolerance=0.0, prior_weight=0.0,
                 learning_rate=0.3)  # fmt: skip
    assert far.errors[0] < 1e-4
    # A pixel that starts beyond the range comes back to 0.5: the gradient passes the clipping.
    assert far.latents[0, 1] == pytest.approx(0.5, abs=0.02)


def test_takes_a_gan_and_a_file(make_gan, tmp_path):
    gan = make_gan(ema_half_life_images=100)
    target = gan.generate(1)
    for source in (gan, tgl.latents.LatentGenerator(gan)):
        found = invert(source, target, steps=2, bank=8, starts=1)
        np.testing.assert_allclose(found.images, gan.generate(found.latents), atol=1e-6)
    gan.sampling_generator.save(tmp_path / "generator.keras")
    from_file = invert(tmp_path / "generator.keras", target, steps=2, bank=8, starts=1)
    np.testing.assert_array_equal(from_file.latents, found.latents)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"preset": "best"}, "Expected a preset out of default, r0. Received: 'best'"),
        ({"step": 3}, "Expected settings out of steps, .*Received: step$"),
        ({"steps": -1}, "Expected steps of at least 0. Received: steps=-1"),
        ({"prior_weight": np.nan}, "Expected prior_weight of at least 0. Received: .*nan"),
        ({"learning_rate": 0}, "Expected learning_rate above 0. Received: learning_rate=0"),
        ({"beta_2": 1.0}, "Expected beta_2 below 1. Received: beta_2=1.0"),
        ({"decay": "linear"}, "Expected decay out of cosine, none. Received: decay='linear'"),
        ({"bank": 3}, "Expected a bank of at least as many draws as starts.*bank=3, starts=8"),
        ({"labels": 1}, "Expected no labels for a generator without classes. Received: labels"),
        ({"latents": Normal(9)}, "Expected latents of size 3, the generator's input.*size=9"),
    ],
)
def test_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        invert(linear_generator(ROTATION), np.zeros((1, 2, 2, 1)), **changes)


def test_refuses_labels_that_do_not_fit():
    targets = np.zeros((2, 3, 2, 1))
    with pytest.raises(ValueError, match="Expected labels for a generator with classes"):
        invert(conditional_generator(), targets)
    with pytest.raises(ValueError, match="Expected 2 whole numbers as labels.*shape \\(3,\\)"):
        invert(conditional_generator(), targets, labels=[0, 1, 2])
    with pytest.raises(ValueError, match="Expected 2 whole numbers as labels.*float64"):
        invert(conditional_generator(), targets, labels=[0.5, 1])


def test_tells_how_far_it_is_and_finds_the_same():
    network = convolutional_generator()
    targets = tgl.data.plates(3, image_size=16).images
    settings = {"steps": 5, "starts": 2, "bank": 4, "trial_steps": 2, "batch_size": 4}
    told = []
    found = invert(network, targets, progress=lambda *done: told.append(done), **settings)
    # Two batches of two targets and one; after the last step of each it says that it is through.
    assert told == [(0, 10), (1, 10), (2, 10), (3, 10), (4, 10), (5, 10), (5, 10),
                    (5, 10), (6, 10), (7, 10), (8, 10), (9, 10), (10, 10), (10, 10)]  # fmt: skip
    alone = invert(network, targets, **settings)
    other = invert(network, targets, **settings, seed=1)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))
    assert (found.latents != other.latents).any()


def test_settings_keep_the_last_step():
    assert InversionSettings(steps=15).keep == (0, 1, 4, 10, 15)
    assert inversion_settings("r0").keep == (0, 1, 4, 10, 20, 40)
    assert inversion_settings(keep=[3, -1, 999]).keep == (3, 200)
