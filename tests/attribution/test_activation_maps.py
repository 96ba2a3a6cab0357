import keras
import numpy as np
import pytest
from keras import layers

import tfgan_lab as tgl
from tfgan_lab.attribution import activation_maps, enlarge


def weighted(network, kernel, bias=None):
    """Sets the weights of the only convolution (1x1) to the identity and those of the dense."""
    convolution, dense = (
        next(layer for layer in network.layers if isinstance(layer, kind))
        for kind in (layers.Conv2D, layers.Dense)
    )
    channels = convolution.filters
    convolution.set_weights([np.eye(channels).reshape(1, 1, channels, channels)])
    bias = np.zeros(dense.units) if bias is None else np.array(bias)
    dense.set_weights([np.array(kernel, float), bias])
    return network


def identity(channels=2, **options):
    return layers.Conv2D(channels, 1, use_bias=False, **options)


def pooled(units=2, between=(), activation=None, channels=2):
    return keras.Sequential(
        [
            keras.Input((2, 2, channels)),
            identity(channels),
            layers.GlobalAveragePooling2D(),
            *between,
            layers.Dense(units, activation=activation),
        ]
    )


IMAGE = np.array([[[[1.0, 2.0], [3.0, 0.0]], [[0.0, -1.0], [4.0, 1.0]]]], np.float32)


def test_by_hand():
    """Weights (1, 2) for class 0 and (-1, 0.5) for class 1; four places, so a quarter of them."""
    network = weighted(pooled(), [[1.0, -1.0], [2.0, 0.5]], bias=[0.5, 0.0])
    found = activation_maps(network, IMAGE, target=0)
    np.testing.assert_allclose(found.maps[0], [[5 / 4, 3 / 4], [-2 / 4, 6 / 4]])
    assert found.scores[0] == pytest.approx(12 / 4 + 0.5) and found.method == "class_activation"
    other = activation_maps(network, IMAGE, target=1)
    np.testing.assert_allclose(other.maps[0], [[0, -3 / 4], [-0.5 / 4, -3.5 / 4]])


def test_gradient_weighted_by_hand():
    """All places of a channel have the same gradient: its mean is a quarter of the weight."""
    network = weighted(pooled(), [[1.0, -1.0], [2.0, 0.5]])
    found = activation_maps(network, IMAGE, target=0, method="gradient_weighted")
    np.testing.assert_allclose(found.maps[0], [[5 / 4, 3 / 4], [0, 6 / 4]])


def test_elementwise_by_hand():
    """A dense layer on flattened features weights every place by itself."""
    network = keras.Sequential(
        [keras.Input((2, 2, 2)), identity(), layers.Flatten(), layers.Dense(1)]
    )
    weighted(network, np.arange(8.0)[:, None], bias=[3.0])
    real = activation_maps(network, IMAGE, target="real", method="elementwise")
    # Places have the weights (0, 1), (2, 3), (4, 5), (6, 7).
    np.testing.assert_allclose(real.maps[0], [[2, 6], [-5, 31]])
    assert real.scores[0] == 34 + 3 and real.targets[0] == 1
    fake = activation_maps(network, IMAGE, method="elementwise")
    np.testing.assert_allclose(fake.maps, -real.maps)
    assert fake.scores[0] == -37 and fake.targets[0] == 0
    # The mean gradients are (3, 4) for real; Grad-CAM spreads them over all places.
    found = activation_maps(network, IMAGE, target="real")
    assert found.method == "gradient_weighted"
    np.testing.assert_allclose(found.maps[0], [[11, 9], [0, 16]])
    np.testing.assert_allclose(activation_maps(network, IMAGE).maps[0], [[0, 0], [4, 0]])


@pytest.mark.parametrize("activation", [None, "softmax"])
@pytest.mark.parametrize("between", [(), (layers.Dropout(0.5),)])
def test_sum_and_bias_are_the_score_before_the_softmax(activation, between):
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(8, 3, strides=2, activation="relu"),
            layers.Conv2D(6, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            *between,
            layers.Dense(5, activation=activation, bias_initializer="normal"),
        ]
    )
    images = np.random.default_rng(0).uniform(-1, 1, (70, 16, 16, 3))
    bias = network.layers[-1].bias.numpy()
    best = activation_maps(network, images)
    assert best.maps.shape == (70, 5, 5) and best.layer == network.layers[1].name
    np.testing.assert_array_equal(best.targets, network.predict(images, verbose=0).argmax(axis=1))
    np.testing.assert_allclose(
        best.maps.sum(axis=(1, 2)) + bias[best.targets], best.scores, atol=1e-5
    )
    classes = np.arange(70) % 5
    exact = activation_maps(network, images, classes)
    by_gradients = activation_maps(network, images, classes, method="elementwise")
    np.testing.assert_allclose(exact.maps, by_gradients.maps, atol=1e-6)
    np.testing.assert_allclose(exact.scores, by_gradients.scores, atol=1e-6)


def test_a_softmax_layer_is_left_out_too():
    one = weighted(pooled(), [[1.0, -1.0], [2.0, 0.5]])
    other = keras.Sequential([keras.Input((2, 2, 2)), *one.layers, layers.Softmax()])
    for method in ("class_activation", "gradient_weighted"):
        maps = [activation_maps(each, IMAGE, 0, method=method).maps for each in (one, other)]
        np.testing.assert_array_equal(*maps)


@pytest.mark.parametrize("kind", ["convolutional", "dcgan", "residual"])
def test_every_discriminator_of_the_package(kind):
    build = getattr(tgl.networks, f"{kind}_discriminator")
    network = build(image_size=16, widths=(8, 4, 4) if kind == "residual" else (4,))
    images = np.random.default_rng(0).uniform(-1, 1, (3, 16, 16, 3))
    found = activation_maps(network, images)
    assert found.method == "gradient_weighted" and found.maps.min() >= 0
    np.testing.assert_allclose(found.scores, -network(images).numpy()[:, 0], atol=1e-6)
    exact = activation_maps(network, images, method="elementwise")
    bias = network.layers[-1].bias.numpy()
    np.testing.assert_allclose(exact.maps.sum(axis=(1, 2)) - bias, exact.scores, atol=1e-5)
    first = network.layers[1].name
    earlier = activation_maps(network, images, layer=first)
    assert earlier.layer == first and earlier.maps.shape[1] >= found.maps.shape[1]


@pytest.mark.parametrize("kind", ["patches", "domains"])
def test_a_translator_s_discriminator(kind):
    if kind == "patches":
        network = tgl.networks.patch_discriminator(image_size=32, width=2, patch_size=16)
    else:
        network = tgl.networks.domain_discriminator(num_labels=3, image_size=16, width=2)
    images = np.random.default_rng(0).uniform(-1, 1, (3, *network.input_shape[1:]))
    logits = network(images)
    logits = (logits if kind == "patches" else logits[0]).numpy()
    assert logits.ndim == 4 and logits[0].size > 1
    found = activation_maps(network, images, "real", method="elementwise")
    np.testing.assert_allclose(found.scores, logits.mean(axis=(1, 2, 3)), atol=1e-6)
    if kind == "patches":  # The last layer of images is the logits' own.
        np.testing.assert_allclose(found.maps, logits[..., 0] / logits[0].size, atol=1e-6)
    fake = activation_maps(network, images, method="elementwise")
    np.testing.assert_allclose(fake.maps, -found.maps, atol=1e-6)


@pytest.mark.parametrize("num_classes", [0, 3])
def test_a_projected_discriminator(num_classes):
    """Logits of 4x4 places at either of two scales: their mean is the image's."""
    features = tgl.networks.projected_features(
        image_size=32, shown_size=32, strides=(2, 4), widths=(3, 4), weights=None
    )
    network = tgl.networks.projected_discriminator(
        features, widths=(4,), pixel_widths=(), num_classes=num_classes
    )
    images = np.random.default_rng(0).uniform(-1, 1, (3, 32, 32, 3)).astype(np.float32)
    inputs = [images, np.array([0, 2, 1])] if num_classes else images
    logits = network(inputs).numpy()
    assert logits.shape == (3, 32)
    for target in (None, "fake"):
        found = activation_maps(network, inputs, target)
        np.testing.assert_allclose(found.scores, -logits.mean(axis=1), atol=1e-5)
        assert found.method == "gradient_weighted" and not found.targets.any()
    # The last convolutions make the logits: their maps are exact, each of its own scale.
    ends = [layer.name for layer in network.layers if getattr(layer, "filters", 0) == 1]
    assert len(ends) == 2
    maps = [activation_maps(network, inputs, "real", method="elementwise", layer=name).maps
            for name in ends]  # fmt: skip
    bases = np.concatenate([each.reshape(3, 16) for each in maps], axis=1)
    if not num_classes:  # Else what the class adds is none of that layer's.
        np.testing.assert_allclose(bases, logits / 32, atol=1e-6)
    with pytest.raises(ValueError, match="Expected target 'real' or 'fake'"):
        activation_maps(network, inputs, target=1)


def test_a_discriminator_that_is_not_trainable_and_one_of_half_precision():
    from tfgan_lab.runs.training.precision import computing_in

    with computing_in("mixed_bfloat16"):
        network = tgl.networks.dcgan_discriminator(image_size=16, widths=(4,))
    network.trainable = False
    images = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 3))
    for method in ("gradient_weighted", "elementwise"):
        found = activation_maps(network, images, "real", method=method)
        assert found.maps.dtype == np.float32 and np.abs(found.maps).max() > 0


def test_a_network_of_images_and_labels():
    images, labels = keras.Input((8, 8, 3)), keras.Input((), dtype="int32")
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(images))
    x = layers.Multiply()([x, layers.Embedding(3, 4)(labels)])
    network = keras.Model([images, labels], layers.Dense(1)(x))
    batch = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 3))
    one, other = (activation_maps(network, [batch, np.full(2, label)], "real") for label in (0, 1))
    assert one.method == "gradient_weighted" and one.maps.shape == (2, 6, 6)
    assert np.abs(one.scores - other.scores).max() > 0


@pytest.mark.parametrize(
    ("network", "arguments", "message"),
    [
        (pooled(), {"method": "saliency"}, "Expected method out of auto, class_activation"),
        (pooled(), {"target": 2}, "target as classes from 0 to 1, .*Received: 2"),
        (pooled(), {"target": "real"}, "target as classes from 0 to 1, .*Received: 'real'"),
        (pooled(), {"target": [0, 1]}, "one or as many as images"),
        (pooled(1), {"target": 0}, "Expected target 'real' or 'fake' .*Received: 0"),
        (pooled(), {"layer": "x"}, "Expected a layer out of conv2d.*Received: layer='x'"),
        (
            keras.Sequential([keras.Input((2, 2, 2)), identity(), layers.Flatten(),
                              layers.Dense(2)]),
            {"method": "class_activation"},
            "Expected global average pooling and a dense layer at the network's end",
        ),
        (
            keras.Sequential([keras.Input((2, 2, 2)), layers.Flatten(), layers.Dense(2)]),
            {},
            "Expected a network with features of shape .*without",
        ),
    ],
)  # fmt: skip
def test_refuses(network, arguments, message):
    with pytest.raises(ValueError, match=message):
        activation_maps(network, IMAGE, **arguments)


def test_refuses_models_that_cannot_be_looked_into():
    class Opaque(keras.Model):
        def call(self, inputs):
            return inputs

    network = Opaque()
    network(IMAGE)
    with pytest.raises(ValueError, match="Expected a built Sequential or functional model"):
        activation_maps(network, IMAGE)


def test_enlarged_maps_keep_their_place():
    maps = np.zeros((1, 2, 2))
    maps[0, 0, 1] = 1
    large = enlarge(maps, 8, 8)
    assert large.shape == (1, 8, 8) and large[0, 0, 7] == 1 and large[0, 7, 0] == 0
