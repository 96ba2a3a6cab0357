import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.conftest import NUM_CLASSES, assert_same_state, state_of
from tfgan_lab.models import UpdateRule
from tfgan_lab.models.discriminator_passes import (
    LabelledDiscriminator,
    paired_logits,
    paired_logits_with_gradients,
)
from tfgan_lab.networks.conditional import DISCRIMINATOR_METHODS, GENERATOR_METHODS


def smooth_network(method="projection"):
    """A discriminator without batch norm and dropout, its class vectors not zero."""
    network = tgl.networks.dcgan_discriminator(image_size=8, widths=(4,), batch_norm=False)
    network = tgl.networks.conditional_discriminator(network, NUM_CLASSES, method=method)
    for variable in network.trainable_variables:
        if "embeddings" in variable.path:
            variable.assign(tf.random.stateless_normal(variable.shape, (1, 2)))
    return network


@pytest.mark.parametrize("generator_method", GENERATOR_METHODS)
@pytest.mark.parametrize("discriminator_method", DISCRIMINATOR_METHODS)
@pytest.mark.parametrize("single_pass", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_way_trains(
    make_conditional, labelled, generator_method, discriminator_method, single_pass
):
    gan = make_conditional(
        (generator_method, discriminator_method),
        ema=100,
        update=UpdateRule(single_pass=single_pass),
    )
    before = state_of(gan)
    history = gan.fit(labelled, verbose=0).history
    assert set(history) == set(gan.METRICS)
    assert ("generator_class_loss" in history) == (discriminator_method == "classifier")
    assert all(np.isfinite(values).all() for values in history.values())
    after = state_of(gan)
    for role, network in [("generator", gan.generator), ("discriminator", gan.discriminator)]:
        for index, variable in enumerate(network.variables):
            name = f"{role}/{index:03d}"
            if variable.trainable:
                assert not np.array_equal(before[name], after[name]), variable.path


@pytest.mark.parametrize(
    ("loss", "penalties", "update"),
    [
        (tgl.losses.RelativisticPairing(), [tgl.losses.R1(), tgl.losses.R2()], UpdateRule()),
        (
            tgl.losses.RelativisticPairing(),
            [tgl.losses.R1(share=0.5), tgl.losses.R2(share=0.5)],
            UpdateRule(joint_batch=True, shared_gradients=True),
        ),
        (
            tgl.losses.Hinge(),
            [tgl.losses.ApproximateR1(), tgl.losses.DRAGAN(), tgl.losses.LeCam()],
            UpdateRule(discriminator_steps=2),
        ),
        (
            tgl.losses.Wasserstein(),
            [
                tgl.losses.GradientPenalty(),
                tgl.losses.Consistency(tgl.layers.DiffAugment(0, 0, 0, 0.125, 0)),
            ],
            UpdateRule(opponent_training=False, joint_batch=True),
        ),
    ],
)
@pytest.mark.parametrize(
    "method",
    [
        pytest.param("concatenation", marks=pytest.mark.slow),
        "projection",
        pytest.param("classifier", marks=pytest.mark.slow),
    ],
)
def test_losses_penalties_and_augmenters_work_unchanged(
    make_conditional, labelled, loss, penalties, update, method
):
    gan = make_conditional(
        ("concatenation", method),
        loss=loss,
        penalties=penalties,
        update=update,
        augmenter=tgl.layers.DiffAugment(),
    )
    history = gan.fit(labelled, verbose=0).history
    assert {penalty.name for penalty in penalties} <= set(history)
    assert all(np.isfinite(values).all() for values in history.values())


def test_passes_agree_on_labels():
    network = smooth_network()
    images = tf.random.stateless_uniform((2, 5, 8, 8, 3), (7, 7), -1, 1)
    labels = tf.constant([0, 1, 2, 1, 0])
    bound = LabelledDiscriminator(network, labels)
    expected = [network([part, labels]).numpy() for part in (images[0], images[1])]
    for joint in (False, True):
        for logits, right in zip(
            paired_logits(bound, *tf.unstack(images), joint), expected, strict=True
        ):
            np.testing.assert_allclose(logits, right, atol=1e-5)
    for share in (0.4, 1.0):
        real, fake, *gradients = paired_logits_with_gradients(bound, *tf.unstack(images), share)
        np.testing.assert_allclose(real, expected[0], atol=1e-5)
        np.testing.assert_allclose(fake, expected[1], atol=1e-5)
        for kind, slope in enumerate(gradients):
            part = images[kind][: len(slope)]
            with tf.GradientTape() as tape:
                tape.watch(part)
                total = tf.reduce_sum(network([part, labels[: len(slope)]]))
            np.testing.assert_allclose(slope, tape.gradient(total, part), atol=1e-5)


@pytest.mark.parametrize("joint", [False, True])
def test_class_loss_by_hand(joint):
    network = smooth_network("classifier")
    images = tf.random.stateless_uniform((2, 4, 8, 8, 3), (7, 7), -1, 1)
    labels = tf.constant([0, 2, 2, 1])
    bound = LabelledDiscriminator(network, labels)
    paired_logits(bound, *tf.unstack(images), joint)
    expected = 0
    for part in tf.unstack(images):
        logits = network([part, labels])[1].numpy()
        chosen = logits[np.arange(4), labels.numpy()]
        expected += (np.log(np.exp(logits).sum(axis=1)) - chosen).mean()
    assert float(bound.class_loss()) == pytest.approx(expected, rel=1e-5)


def test_the_class_loss_teaches_the_generator(make_conditional):
    gan = make_conditional(("concatenation", "classifier"))
    labels = tf.constant([0, 1, 2, 0, 1, 2])
    bound = gan._discriminator_for(labels)
    with tf.GradientTape() as tape:
        bound(gan._make(tf.zeros((6, 4)), labels, training=True), training=True)
        loss = bound.class_loss()
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


def test_the_room_of_latents_knows_its_generator(make_conditional, tmp_path):
    gan = make_conditional(("batch_norm", "projection"))
    latents = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    gan.generator.save(tmp_path / "generator.keras")
    for source in (gan, gan.generator, tmp_path / "generator.keras"):
        generator = tgl.latents.LatentGenerator(source)
        assert generator.conditional and generator.latents.size == 4
        made = generator.generate(latents, labels=[2, 0, 1])
        np.testing.assert_allclose(made, gan.generate(latents, labels=[2, 0, 1]), atol=1e-6)


@pytest.mark.parametrize(
    ("generator_method", "discriminator_method"),
    [
        ("batch_norm", "projection"),
        ("concatenation", "classifier"),
        ("batch_norm", "concatenation"),
    ],
)
def test_save_and_load(
    make_conditional, labelled, tmp_path, generator_method, discriminator_method
):
    gan = make_conditional((generator_method, discriminator_method), ema=100)
    gan.fit(labelled, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = tgl.load_model(tmp_path / "gan.keras")
    old, new = state_of(gan), state_of(again)
    kept = [name for name in old if not name.startswith("mean/")]
    assert_same_state({name: old[name] for name in kept}, {name: new[name] for name in kept})
    for model in (gan, again):
        model.fit(labelled, epochs=2, verbose=0)
    assert_same_state(state_of(gan), state_of(again))
    np.testing.assert_array_equal(gan.generate(3, labels=2), again.generate(3, labels=2))


@pytest.mark.slow
def test_a_fresh_process_loads_it(make_conditional, labelled, tmp_path):
    gan = make_conditional(("batch_norm", "projection"))
    gan.fit(labelled, verbose=0)
    gan.save(tmp_path / "gan.keras")
    np.save(tmp_path / "expected.npy", gan.generate(2, labels=2))
    code = f"""
import numpy as np, tfgan_lab as tgl
gan = tgl.load_model(r"{tmp_path / "gan.keras"}")
expected = np.load(r"{tmp_path / "expected.npy"}")
np.testing.assert_allclose(gan.generate(2, labels=2), expected, atol=1e-6)
"""
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.PIPE)


def test_a_restored_model_goes_on_to_the_same_bits(make_conditional, labelled, tmp_path):
    whole = make_conditional(ema=50)
    whole.fit(labelled, epochs=3, verbose=0)
    first = make_conditional(ema=50)
    saver = tgl.callbacks.Checkpoints(
        tmp_path, every=1000, should_stop=lambda: int(first.step.numpy()) == 3
    )
    with pytest.raises(tgl.callbacks.TrainingInterrupted):
        first.fit(labelled, epochs=3, verbose=0, callbacks=[saver])
    second = make_conditional(ema=50)
    loader = tgl.callbacks.Checkpoints(tmp_path, every=1000)
    loader.set_model(second)
    assert loader.restore()
    second.fit(labelled, epochs=3, verbose=0)
    assert_same_state(state_of(whole), state_of(second))


@pytest.mark.parametrize(
    "precision", [pytest.param("mixed_bfloat16", marks=pytest.mark.slow), "mixed_float16"]
)
@pytest.mark.parametrize("method", DISCRIMINATOR_METHODS)
def test_mixed_precision_trains(make_conditional, labelled, precision, method):
    gan = make_conditional(("batch_norm", method), precision=precision)
    history = gan.fit(labelled, verbose=0).history
    assert all(np.isfinite(history[name]).all() for name in ("generator_loss", "real_logits"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda gan: gan.generate(2, labels=3), "Expected labels from 0 to 2. Received: label 3"),
        (lambda gan: gan.generate(2, labels=[0, -1]), "from 0 to 2. Received: label -1"),
        (lambda gan: gan.generate(2, labels=[0]), "Expected 2 whole numbers as labels, or one"),
        (lambda gan: gan.generate(2, labels=0.5), "Expected 2 whole numbers as labels, or one"),
        (lambda gan: gan.generate(0), "Expected at least 1 image. Received: 0"),
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


@pytest.mark.parametrize("interval", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_no_penalty_adds_to_the_class_losses_of_a_single_pass(
    make_conditional, make_images, interval
):
    def first_step(*penalties):
        gan = make_conditional(
            ("concatenation", "classifier"),
            penalties=penalties,
            update=UpdateRule(single_pass=True),
        )
        one_batch = make_images(4, labels=np.arange(4) % NUM_CLASSES)
        return gan.fit(one_batch, verbose=0, epochs=1).history

    plain = first_step()
    penalised = first_step(
        tgl.losses.R1(1e-12, interval=interval), tgl.losses.R2(1e-12, interval=interval)
    )
    assert plain["generator_class_loss"][0] > 0.1
    for name in ("generator_class_loss", "discriminator_class_loss"):
        np.testing.assert_allclose(penalised[name], plain[name], rtol=1e-5)
