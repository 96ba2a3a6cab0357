import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan_lab as tgl
from tests.models.translators import PAPER, labelled, make_stargan
from tfgan_lab.callbacks import TranslationSnapshots
from tfgan_lab.data import AlternatingImages, from_arrays
from tfgan_lab.losses import LabelSets, LeastSquares, StarGANLoss
from tfgan_lab.models import StarGAN, UpdateRule
from tfgan_lab.models.translating import translate_to
from tfgan_lab.randomness import Purpose, key


def test_a_step_against_a_slow_version():
    """Plain gradient descent, two steps of the discriminator, its penalty by hand."""
    rate = 0.02
    model, other = make_stargan(compiled=False), make_stargan(compiled=False)
    loss = StarGANLoss(LeastSquares(), classification_weight=2.0)
    model.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(rate), loss, **PAPER)
    data = labelled()
    real, sources = data["image"], tf.one_hot(data["label"], 3)
    targets = [model._targets(sources, index) for index in range(3)]
    assert any(not np.array_equal(each, sources) for each in targets)
    logs = model.train_step(data)

    def entropy(wanted, logits):
        return tf.reduce_mean(-tf.reduce_sum(wanted * tf.nn.log_softmax(logits), axis=1))

    judge, generator = other.discriminator, other.generator
    judge_losses, penalties = [], []
    for step in range(2):
        with tf.GradientTape() as tape:
            fake = tf.stop_gradient(generator([real, targets[step]]))
            seed = tf.random.fold_in(key(3, 0, Purpose.PENALTY, step), 0)
            place = tf.random.stateless_uniform((3, 1, 1, 1), seed)
            between = real + place * (fake - real)
            with tf.GradientTape() as inner:
                inner.watch(between)
                # Each image's answer is the sum of its patches', as in the authors' code.
                answers = tf.reduce_sum(judge(between)[0], axis=(1, 2, 3))
            slopes = tf.reshape(inner.gradient(answers, between), (3, -1))
            norms = tf.sqrt(tf.reduce_sum(slopes**2, axis=1))
            penalties.append(10 * tf.reduce_mean((norms - 1) ** 2))
            adversarial = tf.reduce_mean((judge(real)[0] - 1) ** 2) + tf.reduce_mean(
                judge(fake)[0] ** 2
            )
            judge_losses.append(adversarial / 2 + 2 * entropy(sources, judge(real)[1]))
            total = judge_losses[-1] + penalties[-1]
        slopes = tape.gradient(total, judge.trainable_variables)
        for weight, slope in zip(judge.trainable_variables, slopes, strict=True):
            weight.assign_sub(rate * slope)
    judge_loss = judge_losses[-1]
    with tf.GradientTape() as tape:
        fake = generator([real, targets[2]])
        back = generator([fake, sources])
        logits, labels = judge(fake)
        reconstruction = tf.reduce_mean(tf.abs(real - back))
        classification = 2 * entropy(targets[2], labels)
        total = tf.reduce_mean((logits - 1) ** 2) / 2 + classification + 10 * reconstruction
    slopes = tape.gradient(total, generator.trainable_variables)
    for weight, slope in zip(generator.trainable_variables, slopes, strict=True):
        weight.assign_sub(rate * slope)

    np.testing.assert_allclose(logs["discriminator_loss"], judge_loss, rtol=2e-5)
    np.testing.assert_allclose(logs["generator_loss"], total, rtol=2e-5)
    np.testing.assert_allclose(logs["reconstruction_loss"], reconstruction, rtol=2e-5)
    np.testing.assert_allclose(logs["gradient_penalty"], penalties[-1], rtol=2e-5)
    for one, two in [(model.discriminator, judge), (model.generator, generator)]:
        for updated, weight in zip(one.trainable_variables, two.trainable_variables, strict=True):
            np.testing.assert_allclose(updated, weight, atol=5e-6)


def test_targets_are_the_batch_in_other_orders():
    model = make_stargan()
    sources = model.label_sets.encode([0, 2, 1])
    orders = [np.argmax(model._targets(sources, index), axis=1).tolist() for index in range(20)]
    assert all(sorted(order) == [0, 1, 2] for order in orders)
    assert len({tuple(order) for order in orders}) > 3


def test_two_data_sets_at_once():
    sets = LabelSets((2, 3))
    model = make_stargan(label_sets=sets)
    data = labelled() | {"label": tf.constant([1, 0, 2]), "data_set": tf.constant([0, 1, 1])}
    history = model.fit(tf.data.Dataset.from_tensors(data), verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()
    translated = model.translate(data["image"], [0, 2, 1], data_sets=[0, 1, 0])
    vectors = [[1, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0, 1], [0, 1, 0, 0, 0, 1, 0]]
    expected = model.generator([data["image"], tf.constant(vectors, tf.float32)])
    np.testing.assert_allclose(translated, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("label_sets", "labels", "message"),
    [
        (3, [[0, 3, 1]], r"1 sets with at most \(3,\) labels. Received: \(4,\)"),
        (LabelSets((2, 3)), [[0, 1, 1]], r"2 sets with at most \(2, 3\) labels. Received: \(2,\)"),
        (LabelSets((2, 3)), [[0, 1, 1], [0, 3, 1]], r"at most \(2, 3\) labels. Received: \(2, 4\)"),
        (3, [None], "Expected images labelled with their domain"),
    ],
)
def test_refuses_images_of_other_labels(label_sets, labels, message):
    sets = [from_arrays(np.zeros((3, 16, 16, 3), np.uint8), each, batch_size=3) for each in labels]
    images = AlternatingImages(sets) if len(sets) > 1 else sets[0]
    with pytest.raises(ValueError, match=message):
        make_stargan(label_sets=label_sets).fit(images, verbose=0)


def test_several_label_sets_have_no_rows_of_all_domains(tmp_path):
    snapshots = TranslationSnapshots(tmp_path, [np.zeros((2, 16, 16, 3), np.float32)] * 7)
    with pytest.raises(ValueError, match=r"Expected a model of one label set.*\(2, 3\)"):
        snapshots.set_model(make_stargan(label_sets=LabelSets((2, 3))))


def test_one_face_for_all_translators():
    model, images = make_stargan(), labelled()["image"]
    np.testing.assert_array_equal(
        translate_to(model.generator, images, 2), model.translate(images, [2, 2, 2])
    )
    np.testing.assert_allclose(model.judge(images, 1), model.discriminator(images)[0], atol=1e-6)
    with pytest.raises(ValueError, match="Expected a translator of images. Received: a network"):
        translate_to(model.discriminator, images, 0)


def test_faults():
    model = make_stargan(compiled=False)
    with pytest.raises(ValueError, match="Expected loss to be a StarGANLoss"):
        model.compile(loss=tgl.losses.Hinge())
    with pytest.raises(ValueError, match="Expected no augmenter"):
        model.compile(augmenter=tgl.layers.DiffAugment())
    for rule in (
        {"schedule": "simultaneous"},
        {"concatenate_batches": True},
        {"opponent_in_training_mode": False},
        {"concatenate_batches": True, "shared_gradients": True},
    ):
        with pytest.raises(ValueError, match="nothing but discriminator_steps"):
            model.compile(penalties=[tgl.losses.R1()], update=UpdateRule(**rule))
    with pytest.raises(ValueError, match="vectors of 4 values and a discriminator of 4 labels"):
        StarGAN(model.generator, model.discriminator, 4)
    images = np.zeros((2, 16, 16, 3))
    with pytest.raises(ValueError, match=r"Expected labels from sets of \(3,\), counted from 0"):
        model.translate(images, [0, 3])
    with pytest.raises(ValueError, match="Expected one target for each image. Received: 1 for 2"):
        model.translate(images, [0])
