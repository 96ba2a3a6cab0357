import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import state_of
from tests.models.translators import batches, make_cyclegan, unpaired
from tfgan_lab.layers import ImagePool
from tfgan_lab.models import NetworkPair
from tfgan_lab.models.translating import translate_images, translate_to
from tfgan_lab.networks import residual_translator
from tfgan_lab.randomness import Purpose, key


def test_counts_and_pools():
    model = make_cyclegan(pool_size=4)
    model.fit(batches(unpaired, 0, 3), verbose=0)
    state = state_of(model)
    assert state["step"] == 3 and state["images_seen"] == 6 and state["pool_b/001"] == 4


def test_nine_steps_against_a_slow_version():
    """Steps of plain gradient descent, with Keras' layers, TensorFlow and a memory of two."""
    rate = 0.05
    model = make_cyclegan(compiled=False, pool_size=2)
    model.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(rate))
    other = make_cyclegan(compiled=False)
    pool_a, pool_b = ImagePool(2), ImagePool(2)
    from_memory = 0
    gen_ab, gen_ba = other.generator.first, other.generator.second
    disc_a, disc_b = other.discriminator.first, other.discriminator.second

    def error(one, two):
        return tf.reduce_mean(tf.abs(one - two))

    def towards(logits, goal):
        return tf.reduce_mean((logits - goal) ** 2) / 2

    for step in range(4):
        real_a, real_b = unpaired(step).values()
        keys = [key(3, step, Purpose.IMAGE_POOL, index, shared=True) for index in range(2)]
        with tf.GradientTape(persistent=True) as tape:
            fake_b = gen_ab(real_a)
            fake_a = gen_ba(real_b)
            cycled_a = gen_ba(fake_b)
            cycled_b = gen_ab(fake_a)
            same_a = gen_ba(real_a)
            same_b = gen_ab(real_b)
            adversarial = towards(disc_b(fake_b), 1) + towards(disc_a(fake_a), 1)
            cycle = 0.5 * error(real_a, cycled_a) + 0.5 * error(real_b, cycled_b)
            identity = 0.5 * error(real_a, same_a) + 0.5 * error(real_b, same_b)
            total = adversarial + 10 * cycle + 5 * identity
            shown_a, shown_b = pool_a(fake_a, keys[0]), pool_b(fake_b, keys[1])
            loss_a = towards(disc_a(real_a), 1) + towards(disc_a(shown_a), 0)
            loss_b = towards(disc_b(real_b), 1) + towards(disc_b(shown_b), 0)
        from_memory += not np.array_equal(shown_a, fake_a)
        updates = [(gen_ab, total), (gen_ba, total), (disc_a, loss_a), (disc_b, loss_b)]
        gradients = [
            tape.gradient(value, network.trainable_variables) for network, value in updates
        ]
        model.reset_metrics()
        logs = model.train_step(unpaired(step))
        expected = {
            "generator_loss": total,
            "adversarial_loss": adversarial,
            "cycle_loss": cycle,
            "identity_loss": identity,
            "discriminator_loss": loss_a + loss_b,
        }
        for name, value in expected.items():
            np.testing.assert_allclose(logs[name], value, rtol=2e-5, err_msg=name)
        # The function alone has no memory: it judges the new translations.
        new_a = towards(disc_a(real_a), 1) + towards(disc_a(fake_a), 0)
        new_b = towards(disc_b(real_b), 1) + towards(disc_b(fake_b), 0)
        alone = tgl.losses.cyclegan_losses(real_a, real_b, gen_ab, gen_ba, disc_a, disc_b)
        np.testing.assert_allclose(
            alone, (total, adversarial, cycle, identity, new_a, new_b), rtol=2e-5
        )
        for (network, _), slopes in zip(updates, gradients, strict=True):
            for weight, slope in zip(network.trainable_variables, slopes, strict=True):
                weight.assign_sub(rate * slope)
    assert from_memory
    for updated, weight in zip(model.trainable_variables, other.trainable_variables, strict=True):
        np.testing.assert_allclose(updated, weight, atol=2e-6)


def test_discriminators_see_past_translations_once_the_pool_is_full():
    frozen = [keras.optimizers.SGD(0.0) for _ in range(2)]
    model = make_cyclegan(compiled=False, pool_size=2)
    model.compile(*frozen)
    shown = []
    for step in range(8):
        model.train_step(unpaired(step))
        fakes = model.generator([*unpaired(step).values()])[0].numpy()
        shown.append(sum(any(np.allclose(past, fake) for fake in fakes) for past in
                         model.pool_b.images.numpy()))  # fmt: skip
    # The newest fill the memory at first; later ones sometimes stay out of it.
    assert shown[0] == 2 and min(shown) < 2 and max(shown[1:]) > 0


def test_identity_weight_0_leaves_the_identity_out():
    model = make_cyclegan(compiled=False)
    model.compile(loss=tgl.losses.CycleGANLoss(identity_weight=0.0))
    logs = model.train_step(unpaired())
    assert float(logs["identity_loss"]) == 0
    assert float(logs["generator_loss"]) == pytest.approx(
        float(logs["adversarial_loss"]) + 10 * float(logs["cycle_loss"]), rel=1e-5
    )


def test_translate_goes_the_way_that_is_asked_at_any_size():
    model = make_cyclegan()
    images = unpaired()["image_a"]
    to_b, to_a = (model.translate(images, to=to) for to in "ba")
    np.testing.assert_allclose(to_b, model.generator.first(images), atol=1e-5)
    np.testing.assert_allclose(to_a, model.generator.second(images), atol=1e-5)
    np.testing.assert_array_equal(translate_to(model.generator, images, 1), to_b)
    np.testing.assert_array_equal(translate_to(model.generator, images, 0), to_a)
    with pytest.raises(ValueError, match="Expected a domain from 0 to 1. Received: 2"):
        translate_to(model.generator, images, 2)
    judged = [model.judge(images, domain).numpy() for domain in (0, 1)]
    np.testing.assert_allclose(judged, model.discriminator([images, images]), atol=1e-6)
    odd = np.zeros((3, 17, 300, 3), np.float32)
    assert model.translate(odd, batch_size=2).shape == odd.shape
    small = np.zeros((2, 8, 9, 3), np.float32)
    thrice = residual_translator(width=1, num_halvings=3, num_blocks=1)
    assert translate_images(thrice, small).shape == small.shape
    with pytest.raises(ValueError, match='Expected to translate to "a" or "b"'):
        model.translate(images, to="c")
    for wrong in (np.zeros((1, 7, 300, 3)), np.zeros((0, 16, 16, 3)), np.zeros((16, 16, 3))):
        with pytest.raises(ValueError, match="Expected images of shape"):
            model.translate(wrong)
    deep = residual_translator(width=1, num_halvings=4, num_blocks=1)
    with pytest.raises(ValueError, match="Expected a translator of at most 3 halvings"):
        translate_images(deep, odd[:, :, :24])


def test_faults():
    with pytest.raises(ValueError, match="Expected loss to be a CycleGANLoss"):
        make_cyclegan(compiled=False).compile(loss=tgl.losses.Hinge())
    with pytest.raises(ValueError, match="Expected none of penalties, augmenter, update"):
        make_cyclegan(compiled=False).compile(penalties=[tgl.losses.R1()])
    translator = residual_translator(width=2, num_blocks=1)
    with pytest.raises(ValueError, match="Expected two networks. Received: the same"):
        NetworkPair(translator, translator)
    with pytest.raises(ValueError, match="Expected built networks"):
        NetworkPair(translator, keras.Sequential([keras.layers.Dense(1)]))
