import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of
from tests.models.continuing import interrupted, restored
from tfgan_lab.models import UpdateRule
from tfgan_lab.randomness import Purpose, key

SGD = keras.optimizers.SGD
RULES = {
    "r0": UpdateRule(opponent_in_training_mode=False, concatenate_batches=True),
    "pytorch": UpdateRule(),
    "simultaneous": UpdateRule(schedule="simultaneous"),
    "shared_fakes": UpdateRule(schedule="shared_fakes"),
    "three_steps": UpdateRule(discriminator_steps=3),
}


def real_batch():
    return tf.random.stateless_uniform((4, 8, 8, 3), (7, 7), -1, 1)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_fit_two_steps(make_gan, make_images, rule):
    gan = make_gan(ema_half_life_images=100, update=rule)
    before = state_of(gan)
    history = gan.fit(make_images(8), verbose=0).history
    assert set(history) == set(gan.METRICS)
    assert all(np.isfinite(values).all() for values in history.values())
    after = state_of(gan)
    assert after["step"] == 2 and after["images_seen"] == 8
    for name in before:
        # Every weight moves, the slots and statistics too; running means were filled.
        changed = not np.array_equal(before[name], after[name])
        learning_rate = name.endswith("_optimizer/learning_rate")
        assert changed != learning_rate, name


@pytest.mark.parametrize(
    "loss", [tgl.losses.BinaryCrossEntropy(label_noise=0.05), tgl.losses.RelativisticPairing()]
)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_step_by_hand(make_gan, rule, loss):
    """Plain gradient descent along every schedule, on the same networks."""
    gan = make_gan(
        loss=loss,
        update=rule,
        generator_optimizer=SGD(0.1),
        discriminator_optimizer=SGD(0.2),
    )
    other, real = make_gan(), real_batch()
    generator, discriminator = other.generator, other.discriminator
    gan.train_step({"image": real})

    def generate(purpose, index=0, training=True):
        return generator(gan.latents.sample(4, key(3, 0, purpose, index)), training=training)

    def judge(fakes, index=0):
        if rule.concatenate_batches:
            both = tf.concat([real, fakes], axis=0)
            logits = tf.split(discriminator(both, training=True), 2)
        else:
            logits = [discriminator(images, training=True) for images in (real, fakes)]
        seed = key(3, 0, Purpose.LABEL_NOISE, index)
        return logits, loss.discriminator_loss(*logits, seed=seed)

    def descend(network, tape, value, rate):
        weights = network.trainable_variables
        for weight, gradient in zip(weights, tape.gradient(value, weights), strict=True):
            weight.assign_sub(rate * gradient)

    def update_discriminator(fakes, index=0):
        with tf.GradientTape() as tape:
            logits, value = judge(fakes, index)
        descend(discriminator, tape, value, 0.2)
        return logits[0]

    opponent = rule.opponent_in_training_mode
    if rule.schedule == "alternating":
        for index in range(rule.discriminator_steps):
            update_discriminator(generate(Purpose.DISCRIMINATOR_LATENTS, index, opponent), index)
    with tf.GradientTape(persistent=True) as tape:
        fakes = generate(Purpose.GENERATOR_LATENTS)
        if rule.schedule == "simultaneous":
            logits, discriminator_value = judge(fakes)
        else:
            with tape.stop_recording():
                if rule.schedule == "shared_fakes":
                    real_logits = update_discriminator(fakes)
                elif loss.relativistic:
                    real_logits = discriminator(real, training=opponent)
                else:
                    real_logits = None
            logits = real_logits, discriminator(fakes, training=opponent)
        value = loss.generator_loss(*logits)
    descend(generator, tape, value, 0.1)
    if rule.schedule == "simultaneous":
        descend(discriminator, tape, discriminator_value, 0.2)
    for network, expected in [(gan.generator, generator), (gan.discriminator, discriminator)]:
        for found, weight in zip(network.variables, expected.variables, strict=True):
            np.testing.assert_allclose(found, weight, atol=1e-6, err_msg=weight.path)


def test_moving_average_by_hand(make_gan):
    # Batches of 4, half-life 3 images, at first a quarter of the 4, 8, 12 images seen: 1, 2, 3.
    gan = make_gan(ema_half_life_images=3)
    expected = [w.numpy() for w in gan.generator.weights]
    for decay in (1 / 16, 1 / 4, 0.5 ** (4 / 3), 0.5 ** (4 / 3)):
        gan.train_step({"image": tf.zeros((4, 8, 8, 3))})
        expected = [
            decay * average + (1 - decay) * weight.numpy()
            for average, weight in zip(expected, gan.generator.weights, strict=True)
        ]
    for value, average in zip(expected, gan.ema_generator.weights, strict=True):
        if not average.name.startswith("moving"):  # Statistics are measured, not averaged.
            np.testing.assert_allclose(value, average, atol=1e-6)
    assert gan.sampling_generator is gan.ema_generator


def test_gradient_norms_are_those_of_the_update(make_gan):
    gan = make_gan(discriminator_optimizer=SGD(0.1), generator_optimizer=SGD(0.1))
    before = [w.numpy() for w in gan.generator.trainable_variables]
    logs = gan.train_step({"image": tf.zeros((4, 8, 8, 3))})
    moved = [
        (old - new.numpy()) / 0.1
        for old, new in zip(before, gan.generator.trainable_variables, strict=True)
    ]
    norm = np.sqrt(sum((part**2).sum() for part in moved))
    assert float(logs["generator_gradient_norm"]) == pytest.approx(norm, rel=1e-3)


@pytest.mark.parametrize(
    "stop",
    [pytest.param(2, marks=pytest.mark.slow), 3, pytest.param(5, marks=pytest.mark.slow)],
)
def test_a_restored_model_resumes_to_the_same_bits(make_gan, make_images, tmp_path, stop):
    """3 steps an epoch: 3 is an epoch's end, 2 and 5 lie within one."""
    images = make_images(10, batch_size=4, augmentation=tgl.data.Augmentation())
    whole, first, second = (make_gan(ema_half_life_images=50) for _ in range(3))
    history = whole.fit(images, epochs=3, verbose=0).history
    interrupted(first, images, tmp_path, stop, epochs=3)
    resumed = restored(second, tmp_path).fit(images, epochs=3, verbose=0).history
    assert_same_state(state_of(whole), state_of(second))
    for name, values in resumed.items():
        assert values == history[name][-len(values) :]


def test_epochs_with_images_count_in_all(make_gan, make_images):
    gan, images = make_gan(), make_images(8)
    for epochs, steps in ((2, 4), (2, 4), (3, 6)):
        gan.fit(images, epochs=epochs, verbose=0)
        assert int(gan.step.numpy()) == steps


def test_steps_per_execution_changes_no_bit(make_gan, make_images):
    states = []
    for steps in (1, 2):
        gan = make_gan(steps_per_execution=steps)
        gan.fit(make_images(16), epochs=2, verbose=0)
        states.append(state_of(gan))
    assert_same_state(*states)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_trains(make_gan, make_images, policy):
    gan = make_gan(precision=policy)
    scaled = isinstance(gan.generator_optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (policy == "mixed_float16")
    before = [w.numpy() for w in gan.generator.trainable_variables]
    history = gan.fit(make_images(16), epochs=2, verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()
    assert any(
        (old != new.numpy()).any()
        for old, new in zip(before, gan.generator.trainable_variables, strict=True)
    )


def test_gradient_norm_is_unscaled_under_float16(make_gan):
    real = {"image": real_batch()}
    loss = tgl.losses.BinaryCrossEntropy()
    plain = make_gan(loss=loss).train_step(real)
    half = make_gan(loss=loss, precision="mixed_float16").train_step(real)
    for name in ("discriminator_gradient_norm", "generator_gradient_norm"):
        assert float(half[name]) == pytest.approx(float(plain[name]), rel=0.3)


def test_generate(make_gan):
    gan = make_gan()
    images = gan.generate(5, batch_size=2)
    assert images.shape == (5, 8, 8, 3) and images.dtype == np.float32
    np.testing.assert_array_equal(images, gan.generate(5, batch_size=2))
    assert (gan.generate(5, seed=1) != images).any()
    latents = gan.latents.sample(5, key(0, 0, Purpose.SAMPLES))
    np.testing.assert_array_equal(gan.generate(latents.numpy()), gan.generate(5))
    np.testing.assert_array_equal(gan(latents), gan.generate(latents))


ADAM = keras.optimizers.Adam()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda gan: gan.generate(0), "Expected at least 1 image. Received: 0"),
        (lambda gan: gan.generate(np.zeros((2, 5))), r"latents of shape \(n, 4\)"),
        (lambda gan: gan.generate(2, labels=[0, 1]), "Expected no labels"),
        (lambda gan: gan.compile(), "Expected loss to be an adversarial loss"),
        (lambda gan: gan.compile(loss="mse"), "Expected loss to be an adversarial loss"),
        (lambda gan: gan.compile(ADAM, ADAM, tgl.losses.Hinge()), "Expected two optimisers"),
        (
            lambda gan: gan.compile(
                loss=tgl.losses.Hinge(), penalties=[tgl.losses.R1(), tgl.losses.R1(2.0)]
            ),
            "every penalty once. Received: r1_penalty, r1_penalty",
        ),
    ],
)
def test_refuses(make_gan, call, message):
    with pytest.raises(ValueError, match=message):
        call(make_gan())


def test_refuses_what_images_know_themselves(make_gan, make_images):
    with pytest.raises(ValueError, match="Received: steps_per_epoch"):
        make_gan().fit(make_images(8), steps_per_epoch=3)
    with pytest.raises(ValueError, match="steps_per_execution=2, 3 steps per epoch"):
        make_gan(steps_per_execution=2).fit(make_images(10))


def test_refuses_networks_that_do_not_fit():
    generator = tgl.networks.transposed_generator(image_size=8, latent_size=4, widths=(4, 4))
    discriminator = tgl.networks.convolutional_discriminator(image_size=16, widths=(4,))
    with pytest.raises(ValueError, match="Expected the discriminator to take the generator's"):
        tgl.GAN(generator, discriminator)
    with pytest.raises(ValueError, match="Expected latents of size 4.*Received: size=5"):
        tgl.GAN(generator, discriminator, latents=tgl.latents.Normal(5))
    with pytest.raises(ValueError, match="Expected a built generator"):
        tgl.GAN(keras.Sequential([keras.layers.Dense(3)]), discriminator)
    with pytest.raises(ValueError, match="Expected ema_half_life_images of at least 0"):
        tgl.GAN(generator, discriminator, ema_half_life_images=-1)


@pytest.mark.parametrize(
    "resize",
    [keras.layers.Resizing(8, 8), keras.layers.UpSampling2D(2, interpolation="bilinear")],
    ids=lambda layer: type(layer).__name__,
)
def test_refuses_penalties_that_no_weight_would_learn_from(resize):
    layers, losses = keras.layers, tgl.losses
    discriminator = keras.Sequential(
        [keras.Input((4, 4, 3)), keras.Sequential([resize]), layers.Flatten(), layers.Dense(1)]
    )
    generator = keras.Sequential([keras.Input((48,)), layers.Reshape((4, 4, 3))])
    gan = tgl.GAN(generator, discriminator)
    gan.compile(loss=losses.Hinge(), penalties=[losses.ApproximateR1()])
    slopes = [losses.R1(), losses.R2(), losses.GradientPenalty(), losses.DRAGAN()]
    for penalty in (*slopes, losses.AnnealedPenalty(losses.R1(), images=10)):
        message = f"no resizing in a discriminator .* Received: {type(resize).__name__} in"
        with pytest.raises(ValueError, match=message):
            gan.compile(loss=losses.Hinge(), penalties=[penalty])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"schedule": "both"}, "Expected schedule out of alternating, .* Received: 'both'"),
        ({"discriminator_steps": 0}, "Expected discriminator_steps of at least 1"),
        ({"schedule": "simultaneous", "discriminator_steps": 2}, "Received: discriminator_steps=2"),
        (
            {"schedule": "shared_fakes", "opponent_in_training_mode": False},
            'opponent_in_training_mode=True with schedule="shared_fakes"',
        ),
        ({"shared_gradients": True}, "concatenate_batches=True with shared_gradients=True"),
    ],
)
def test_update_rule_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        UpdateRule(**arguments)


@pytest.mark.parametrize(("stops", "epochs"), [(True, [0]), (False, [0, 1, 2])])
def test_the_rest_of_an_epoch_may_stop_the_training(make_gan, make_images, stops, epochs):
    class Dies(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.step.numpy()) == 2:
                raise RuntimeError("died")

    class Stops(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = stops

    gan, images = make_gan(), make_images(16)
    with pytest.raises(RuntimeError, match="died"):
        gan.fit(images, epochs=3, verbose=0, callbacks=[Dies()])
    history = gan.fit(images, epochs=3, verbose=0, callbacks=[Stops()])
    assert history.epoch == epochs and len(history.history["generator_loss"]) == len(epochs)
    assert int(gan.step.numpy()) == 4 * len(epochs)
