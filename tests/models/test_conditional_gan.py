import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import NUM_CLASSES, assert_same_state, state_of
from tests.models.continuing import interrupted, restored, saved_and_loaded
from tfgan_lab.models import UpdateRule
from tfgan_lab.models.discriminator_passes import (
    LabelledDiscriminator,
    class_loss_of,
    paired_logits,
)
from tfgan_lab.networks.conditional import DISCRIMINATOR_METHODS


def smooth_network(method="projection"):
    """A discriminator without batch norm and dropout, its class vectors not zero."""
    network = tgl.networks.dcgan_discriminator(image_size=8, widths=(4,), batch_norm=False)
    network = tgl.networks.conditional_discriminator(network, NUM_CLASSES, method=method)
    for variable in network.trainable_variables:
        if "embeddings" in variable.path:
            variable.assign(tf.random.stateless_normal(variable.shape, (1, 2)))
    return network


# Each way of telling either network, each schedule, and parts that know nothing of classes.
WAYS = [
    (("concatenation", "projection"), {}),
    (("batch_norm", "projection"), {"update": UpdateRule("simultaneous")}),
    (
        ("batch_norm", "classifier"),
        {
            "loss": tgl.losses.RelativisticPairing(),
            "penalties": [tgl.losses.R1(share=0.5), tgl.losses.R2(share=0.5)],
            "augmenter": tgl.layers.DiffAugment(),
            "update": UpdateRule("shared_fakes", concatenate_batches=True, shared_gradients=True),
        },
    ),
    (
        ("concatenation", "classifier"),
        {
            "loss": tgl.losses.Hinge(),
            "penalties": [tgl.losses.ApproximateR1(), tgl.losses.DRAGAN(), tgl.losses.LeCam()],
            "update": UpdateRule(discriminator_steps=2),
        },
    ),
    (
        ("concatenation", "concatenation"),
        {
            "loss": tgl.losses.Wasserstein(),
            "penalties": [
                tgl.losses.GradientPenalty(),
                tgl.losses.Consistency(tgl.layers.DiffAugment(0, 0, 0, 0.125, 0)),
            ],
            "update": UpdateRule(opponent_in_training_mode=False, concatenate_batches=True),
        },
    ),
]


@pytest.mark.parametrize(("methods", "arguments"), WAYS)
def test_every_way_trains(make_conditional, labelled, methods, arguments):
    gan = make_conditional(methods, ema=100, **arguments)
    before = state_of(gan)
    history = gan.fit(labelled, verbose=0).history
    penalties = {penalty.name for penalty in arguments.get("penalties", ())}
    assert set(history) == {*gan.METRICS} | penalties
    assert ("generator_class_loss" in history) == (methods[1] == "classifier")
    assert all(np.isfinite(values).all() for values in history.values())
    after = state_of(gan)
    for role, network in [("generator", gan.generator), ("discriminator", gan.discriminator)]:
        for index, variable in enumerate(network.variables):
            name = f"{role}/{index:03d}"
            # Losses that compare leave the last bias where it is.
            if variable.trainable and variable.name != "bias":
                assert not np.array_equal(before[name], after[name]), variable.path


def test_passes_agree_on_labels():
    network = smooth_network()
    images = tf.random.stateless_uniform((2, 5, 8, 8, 3), (7, 7), -1, 1)
    labels = tf.constant([0, 1, 2, 1, 0])
    bound = LabelledDiscriminator(network, labels)
    expected = [network([part, labels]).numpy() for part in (images[0], images[1])]
    for arguments in (
        {},
        {"concatenate": True},
        {"concatenate": True, "gradient_share": 0.4},
        {"concatenate": True, "gradient_share": 1.0},
    ):
        logits = paired_logits(bound, *tf.unstack(images), **arguments)
        for found, right in zip(logits[:2], expected, strict=True):
            np.testing.assert_allclose(found, right, atol=1e-5)
        gradients = [logits.real_gradients, logits.fake_gradients]
        count = round(5 * arguments.get("gradient_share", 0))
        for part, slope in zip(images[:, :count], gradients, strict=True):
            if not count:
                assert slope is None
                continue
            with tf.GradientTape() as tape:
                tape.watch(part)
                total = tf.reduce_sum(network([part, labels[:count]]))
            np.testing.assert_allclose(slope, tape.gradient(total, part), atol=1e-5)


@pytest.mark.parametrize("concatenate", [False, True])
def test_class_loss_by_hand(concatenate):
    network = smooth_network("classifier")
    images = tf.random.stateless_uniform((2, 4, 8, 8, 3), (7, 7), -1, 1)
    labels = tf.constant([0, 2, 2, 1])
    bound = LabelledDiscriminator(network, labels)
    found = paired_logits(bound, *tf.unstack(images), concatenate=concatenate).class_loss
    expected = 0
    for part in tf.unstack(images):
        logits = network([part, labels])[1].numpy()
        chosen = logits[np.arange(4), labels.numpy()]
        expected += (np.log(np.exp(logits).sum(axis=1)) - chosen).mean()
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_the_class_loss_teaches_the_generator(make_conditional):
    gan = make_conditional(("concatenation", "classifier"))
    labels = tf.constant([0, 1, 2, 0, 1, 2])
    bound = LabelledDiscriminator(gan.discriminator, labels)
    with tf.GradientTape() as tape:
        bound(gan.generator([tf.zeros((6, 4)), labels], training=True), training=True)
        loss = class_loss_of(bound)
    assert tf.linalg.global_norm(tape.gradient(loss, gan.generator.trainable_variables)) > 0


def test_generate_takes_labels(make_conditional, labelled):
    gan = make_conditional(ema=50)
    gan.fit(labelled, verbose=0)
    images = gan.generate(6, batch_size=4)
    assert images.shape == (6, 8, 8, 3) and np.abs(images).max() <= 1
    np.testing.assert_allclose(images, gan.generate(6, labels=[0, 1, 2, 0, 1, 2]), atol=1e-6)
    ones = gan.generate(6, labels=1)
    np.testing.assert_allclose(ones[[1, 4]], images[[1, 4]], atol=1e-6)
    assert (np.abs(ones[0] - images[0]).max()) > 1e-4


@pytest.mark.parametrize("methods", [("batch_norm", "projection"), ("concatenation", "classifier")])
def test_save_load_and_resume_to_the_same_bits(make_conditional, labelled, tmp_path, methods):
    whole = make_conditional(methods, ema=100)
    whole.fit(labelled, epochs=2, verbose=0)
    half = interrupted(make_conditional(methods, ema=100), labelled, tmp_path, stop=2, epochs=2)
    loaded = saved_and_loaded(half, tmp_path)
    assert loaded.class_loss_weight == 1 and loaded.name == "conditional_gan"
    for model in (loaded, restored(make_conditional(methods, ema=100), tmp_path)):
        model.fit(labelled, epochs=2, verbose=0)
        assert_same_state(state_of(whole), state_of(model))
    np.testing.assert_array_equal(whole.generate(3, labels=2), loaded.generate(3, labels=2))


@pytest.mark.parametrize("method", DISCRIMINATOR_METHODS)
def test_float16_trains(make_conditional, labelled, method):
    gan = make_conditional(("batch_norm", method), precision="mixed_float16")
    history = gan.fit(labelled, verbose=0).history
    assert all(np.isfinite(history[name]).all() for name in ("generator_loss", "real_logits"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda gan: gan.generate(2, labels=3), "Expected labels from 0 to 2. Received: label 3"),
        (lambda gan: gan.generate(2, labels=[0]), "Expected 2 whole numbers as labels, or one"),
        (lambda gan: gan.generate(np.zeros((2, 5))), r"latents of shape \(n, 4\)"),
    ],
)
def test_generate_refuses(make_conditional, call, message):
    with pytest.raises(ValueError, match=message):
        call(make_conditional())


def test_refuses_images_without_labels_and_networks_without_classes(make_conditional, make_images):
    with pytest.raises(ValueError, match="Expected images with classes.*Received: image"):
        make_conditional(run_eagerly=True).fit(make_images(8), verbose=0)
    gan = make_conditional(("concatenation", "classifier"))
    plain = tgl.networks.upsampling_generator(image_size=8, latent_size=4, widths=(4, 4))
    with pytest.raises(ValueError, match="Expected a generator with two inputs"):
        tgl.ConditionalGAN(plain, gan.discriminator, NUM_CLASSES)
    with pytest.raises(ValueError, match="Expected class logits of 4 classes. Received: 3"):
        tgl.ConditionalGAN(gan.generator, gan.discriminator, 4)
    with pytest.raises(ValueError, match="Expected num_classes from 2. Received: num_classes=1"):
        tgl.ConditionalGAN(gan.generator, gan.discriminator, 1)


def test_no_penalty_adds_to_the_class_losses_of_simultaneous_updates(make_conditional, make_images):
    def first_step(*penalties):
        gan = make_conditional(
            ("concatenation", "classifier"),
            penalties=penalties,
            update=UpdateRule("simultaneous"),
        )
        one_batch = make_images(4, labels=np.arange(4) % NUM_CLASSES)
        return gan.fit(one_batch, verbose=0, epochs=1).history

    plain = first_step()
    penalised = first_step(tgl.losses.R1(1e-12), tgl.losses.R2(1e-12, interval=2))
    assert plain["generator_class_loss"][0] > 0.1
    for name in ("generator_class_loss", "discriminator_class_loss"):
        np.testing.assert_allclose(penalised[name], plain[name], rtol=1e-5)
