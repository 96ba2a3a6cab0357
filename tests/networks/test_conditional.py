import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import networks
from tfgan_lab.layers import ConditionalBatchNormalization
from tfgan_lab.networks import (
    class_mixing_generator,
    conditional_discriminator,
    conditional_generator,
)

SHARED = {"image_size": 16, "widths": (8, 8)}
LABELS = tf.constant([0, 1, 2, 3])


def built(kind, **settings):
    """A small network by its name."""
    shared = SHARED | ({"widths": (8, 8, 4)} if kind.startswith("residual") else {})
    return getattr(networks, kind)(**shared, **settings)


def images(count=4):
    return tf.random.stateless_uniform((count, 16, 16, 3), (0, 1), -1, 1)


@pytest.mark.parametrize("kind", ["transposed", "upsampling", "dcgan", "residual"])
@pytest.mark.parametrize("label_size", [None, 6])
def test_concatenation_takes_every_generator(kind, label_size, tmp_path):
    network = built(f"{kind}_generator", latent_size=10 + (label_size or 4))
    generator = conditional_generator(network, 4, label_size=label_size)
    assert generator.input_shape == [(None, 10), (None,)]
    latents = tf.ones((4, 10))
    made = generator([latents, LABELS]).numpy()
    assert made.shape == (4, 16, 16, 3)
    assert all(np.abs(made[0] - made[other]).max() > 1e-6 for other in (1, 2, 3))
    generator.save(tmp_path / "generator.keras")
    again = keras.saving.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(again([latents, LABELS]), made)


def test_concatenation_appends_zeros_and_ones():
    network = networks.transposed_generator(latent_size=3 + 4, **SHARED)
    generator = conditional_generator(network, 4)
    latents = tf.random.stateless_normal((4, 3), (0, 1))
    together = tf.concat([latents, tf.one_hot(LABELS, 4)], axis=1)
    np.testing.assert_allclose(generator([latents, LABELS]), network(together), atol=1e-6)
    assert len(generator.trainable_variables) == len(network.trainable_variables)


def test_batch_norm_begins_as_the_plain_generator():
    network = networks.dcgan_generator(latent_size=5, **SHARED)
    latents = tf.random.stateless_normal((4, 5), (0, 1))
    expected = network(latents, training=True)
    generator = conditional_generator(network, 4, method="batch_norm")
    made = generator([latents, LABELS], training=True)
    np.testing.assert_allclose(made, expected, atol=1e-5)
    layers = [each for each in generator.layers if hasattr(each, "gamma")]
    assert [layer.gamma.shape for layer in layers] == [(4, 8), (4, 8)]


MIXED = [
    ("dcgan", {"method": "concatenation"}),
    ("residual", {"method": "concatenation", "label_size": 3}),
    ("upsampling", {"method": "batch_norm"}),
]


def conditional(kind, method, label_size=None):
    """A generator of five latents and four classes whose scales and shifts differ by class."""
    room = (label_size or 4) if method == "concatenation" else 0
    network = built(f"{kind}_generator", latent_size=5 + room)
    generator = conditional_generator(network, 4, method=method, label_size=label_size)
    for layer in generator.layers:
        if isinstance(layer, ConditionalBatchNormalization):
            layer.gamma.assign(tf.random.stateless_normal(layer.gamma.shape, (0, 1), 1.0))
            layer.beta.assign(tf.random.stateless_normal(layer.beta.shape, (0, 2)))
    return generator


@pytest.mark.parametrize(("kind", "options"), MIXED)
def test_a_share_of_one_is_the_class(kind, options):
    generator = conditional(kind, **options)
    latents = tf.random.stateless_normal((4, 5), (0, 1))
    mixing = class_mixing_generator(generator)
    assert mixing.input_shape == [(None, 5), (None, 4)]
    made = mixing([latents, tf.one_hot(LABELS, 4)], training=False)
    np.testing.assert_allclose(made, generator([latents, LABELS], training=False), atol=1e-5)
    halves = tf.constant([[0.5, 0.5, 0, 0]] * 4)
    assert np.abs(mixing([latents, halves], training=False) - made)[:2].max() > 1e-6


def test_shares_of_concatenated_classes_by_hand():
    network = networks.dcgan_generator(latent_size=5 + 4, **SHARED)
    mixing = class_mixing_generator(conditional_generator(network, 4))
    latents = tf.random.stateless_normal((2, 5), (0, 1))
    shares = tf.constant([[0.25, 0.75, 0, 0], [0, 0, 0.5, 0.5]])
    expected = network(tf.concat([latents, shares], axis=1), training=False)
    np.testing.assert_allclose(mixing([latents, shares], training=False), expected, atol=1e-5)


def test_weights_are_shared_with_the_generator():
    generator = conditional("upsampling", "batch_norm")
    mixing = class_mixing_generator(generator)
    (first, *_) = [each for each in generator.layers if isinstance(each, keras.layers.Dense)]
    assert first.kernel is [each for each in mixing.layers if each.name == first.name][0].kernel


def test_refuses_to_mix_classes_where_there_are_none():
    with pytest.raises(ValueError, match="Expected a generator of conditional_generator. Received"):
        class_mixing_generator(networks.dcgan_generator(**SHARED))


@pytest.mark.parametrize("kind", ["convolutional", "dcgan", "residual"])
@pytest.mark.parametrize("method", ["concatenation", "projection", "classifier"])
def test_every_method_takes_every_discriminator(kind, method, tmp_path):
    network = built(f"{kind}_discriminator")
    discriminator = conditional_discriminator(network, 4, method=method, hidden=(8, 4), dropout=0.1)
    answers = discriminator([images(), LABELS])
    shapes = [tuple(each.shape) for each in (answers if method == "classifier" else [answers])]
    assert shapes == [(4, 1), (4, 4)][: len(shapes)]
    discriminator.save(tmp_path / "discriminator.keras")
    again = keras.saving.load_model(tmp_path / "discriminator.keras")
    for one, other in zip(
        tf.nest.flatten(answers), tf.nest.flatten(again([images(), LABELS])), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_projection_by_hand():
    network = networks.dcgan_discriminator(batch_norm=False, **SHARED)
    features = keras.Model(network.inputs, network.layers[-1].input)(images()).numpy()
    plain = network(images()).numpy()
    discriminator = conditional_discriminator(network, 4, method="projection")
    np.testing.assert_allclose(discriminator([images(), LABELS]), plain, atol=1e-6)
    (vectors,) = [v for v in discriminator.variables if "embeddings" in v.path]
    vectors.assign(tf.random.stateless_normal(vectors.shape, (2, 3)))
    expected = plain[:, 0] + (features * vectors.numpy()).sum(axis=1)
    np.testing.assert_allclose(discriminator([images(), LABELS])[:, 0], expected, rtol=1e-4)


def test_concatenation_looks_at_the_label_and_the_classifier_does_not():
    same = tf.repeat(images(1), 4, axis=0)
    for method, differs in [("concatenation", True), ("classifier", False)]:
        network = networks.dcgan_discriminator(batch_norm=False, **SHARED)
        discriminator = conditional_discriminator(network, 4, method=method)
        logits = tf.nest.flatten(discriminator([same, LABELS]))[0].numpy()
        assert (np.ptp(logits) > 1e-4) == differs


def test_spectral_discriminators_keep_their_layers():
    network = built("residual_discriminator", spectral_norm=True)
    discriminator = conditional_discriminator(network, 4)
    spectral = [each for each in discriminator.layers if "Spectral" in type(each).__name__]
    assert len(spectral) == sum("Spectral" in type(each).__name__ for each in network.layers) > 4


@pytest.mark.parametrize(
    ("kind", "build", "settings", "message"),
    [
        ("generator", "dcgan", {"method": "film"}, "method concatenation or batch_norm.*'film'"),
        ("generator", "dcgan", {"num_classes": 1}, "Expected num_classes from 2.*num_classes=1"),
        ("generator", "dcgan", {"num_classes": 100}, "more than 100 latent values: so many are .*"),
        (
            "generator",
            "transposed",
            {"method": "batch_norm"},
            "with batch norm for method=.*: tran",
        ),
        ("generator", "dcgan", {"method": "batch_norm", "label_size": 3}, "label_size only with"),
        ("generator", "dcgan", {"label_size": 0}, "Expected label_size from 1.*label_size=0"),
        ("discriminator", "dcgan", {"method": "no"}, "concatenation, projection or classifier"),
        (
            "discriminator",
            "dcgan",
            {"method": "concatenation", "hidden": ()},
            "a hidden width or m",
        ),
        ("discriminator", "residual", {"num_classes": 0}, "Expected num_classes from 2.*=0"),
    ],
)
def test_refuses(kind, build, settings, message):
    network = built(f"{build}_{kind}")
    with pytest.raises(ValueError, match=message):
        getattr(networks, f"conditional_{kind}")(network, **({"num_classes": 4} | settings))


def test_refuses_a_discriminator_that_does_not_end_in_a_logit():
    with pytest.raises(ValueError, match="whose last layer is dense. Received: Activation"):
        conditional_discriminator(networks.dcgan_generator(**SHARED), 4)
