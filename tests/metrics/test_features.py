import hashlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab import data
from tfgan_lab.metrics import choose_features, classifier_features, features, model_features
from tfgan_lab.metrics.features import NetworkFeatures, fitted
from tfgan_lab.networks.efficientnet_lite import efficientnet_lite0

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 12, 12, 3)).astype(np.uint8)
FLOATS = (IMAGES / 127.5 - 1).astype(np.float32)


def small_classifier(path, *end):
    network = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(5), *end]
    )
    network.save(path)
    return network


def test_batches_don_t_matter_and_8_bit_is_the_same():
    network = keras.Sequential([keras.Input((12, 12, 3)), keras.layers.Flatten()])
    network = keras.Model(network.inputs, {"features": network.outputs[0]})

    def make(batch_size):
        return NetworkFeatures(
            network, "pixels", "none", lambda x: fitted(x, (12, 12, 3)), batch_size
        )

    vectors, probabilities = make(3).extract(FLOATS)
    assert vectors.dtype == np.float64 and probabilities is None
    np.testing.assert_array_equal(vectors, make(32)(FLOATS))
    np.testing.assert_allclose(make(3)(IMAGES), vectors, atol=1e-6)


def test_fitted():
    assert fitted(IMAGES, (6, 5, 3)).shape == (7, 6, 5, 3)
    grey = fitted(FLOATS, (12, 12, 1)).numpy()
    np.testing.assert_allclose(grey[..., 0], FLOATS @ [0.2989, 0.587, 0.114], atol=1e-5)
    np.testing.assert_array_equal(fitted(grey, (12, 12, 3))[..., 1], grey[..., 0])


@pytest.mark.parametrize(
    ("end", "classes"),
    [
        ([keras.layers.Dense(4, activation="softmax")], 4),
        ([keras.layers.Dense(4)], 4),
        ([keras.layers.Dense(4), keras.layers.Softmax()], 4),
        ([keras.layers.Dense(1)], None),
    ],
)
def test_any_keras_model(end, classes, tmp_path):
    network = small_classifier(tmp_path / "mine.keras", *end)
    space = model_features(tmp_path / "mine.keras")
    digest = hashlib.sha256((tmp_path / "mine.keras").read_bytes()).hexdigest()
    assert space.name == f"model mine.keras (SHA-256 {digest[:8]})"
    assert space.resizer == "bilinear with antialiasing to 8x8"
    vectors, probabilities = space.extract(FLOATS)
    seen = fitted(FLOATS, (8, 8, 1))
    np.testing.assert_allclose(vectors, network.layers[1](network.layers[0](seen)), atol=1e-5)
    if classes is None:
        assert probabilities is None
    else:
        assert probabilities.shape == (7, 4)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_lite0_needs_no_download_and_knows_classes():
    space = choose_features("lite0", IMAGES)
    assert space.name == "efficientnet-lite0 (SHA-256 57934424)" and not space.relative_only
    assert space.resizer == "bilinear with antialiasing to 224x224"
    vectors, probabilities = space.extract(FLOATS[:2])
    outputs = efficientnet_lite0()(fitted(FLOATS[:2], (224, 224, 3)))
    np.testing.assert_allclose(vectors, outputs["features"], atol=1e-3)
    np.testing.assert_allclose(probabilities, tf.nn.softmax(outputs["logits"]), atol=1e-3)
    np.testing.assert_allclose(space(IMAGES[:2]), vectors, atol=1e-3)


@pytest.mark.slow
def test_keras_inception_from_a_file(tmp_path):
    path = tmp_path / "inception.weights.h5"
    keras.applications.InceptionV3(weights=None).save_weights(path)
    space = choose_features("keras_inception", IMAGES, weights=path)
    vectors, probabilities = space.extract(FLOATS[:2])
    assert vectors.shape == (2, 2048) and probabilities.shape == (2, 1000)
    assert space.name == "keras-inception-v3"


def test_keras_inception_offline(monkeypatch):
    def offline(**_):
        raise Exception("URL fetch failure on https://storage: None")  # as Keras does

    monkeypatch.setattr(keras.applications, "InceptionV3", offline)
    with pytest.raises(ConnectionError, match="Expected Keras to download its Inception"):
        choose_features("keras_inception", IMAGES)


def test_inception_says_whose_weights_it_has(tmp_path, monkeypatch):
    monkeypatch.setattr(features, "fid_inception", lambda _: small_network())
    path = tmp_path / "weights.pth"
    path.write_bytes(b"others")
    digest = hashlib.sha256(b"others").hexdigest()
    assert choose_features("inception", IMAGES, weights=path).name == (
        f"inception-2015-12-05 with other weights (SHA-256 {digest[:8]})"
    )
    monkeypatch.setattr(features, "WEIGHTS_SHA256", digest)
    monkeypatch.setattr(features, "WEIGHTS_URL", path.as_uri())
    monkeypatch.setenv("TFGAN_LAB_CACHE", str(tmp_path / "cache"))
    space = choose_features("inception", IMAGES)
    assert space.name == "inception-2015-12-05"
    assert space.resizer == "TensorFlow 1 bilinear to 299x299"
    assert (tmp_path / "cache" / "weights.pth").exists()
    vectors, probabilities = space.extract(FLOATS[:2])
    assert vectors.shape == (2, 3) and probabilities.shape == (2, 4)
    monkeypatch.setattr(features, "WEIGHTS_URL", "http://127.0.0.1:9/w.pth")
    with pytest.raises(ConnectionError, match="Download it elsewhere and give its path"):
        choose_features("inception", IMAGES)


def small_network():
    inputs = keras.Input((299, 299, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(inputs)
    return keras.Model(inputs, {"features": pooled, "logits": keras.layers.Dense(4)(pooled)})


def test_a_classifier_of_the_labels_learns_them():
    plates = data.plates(120, image_size=16, seed=1)
    tablecloths = plates.factors["mode"] // 4
    space = classifier_features(plates.images, tablecloths, steps=60)
    vectors, probabilities = space.extract(plates.sample(120))
    assert vectors.shape == (120, 512)
    assert (probabilities.argmax(axis=1) == tablecloths).mean() > 0.9
    accuracy = float(space.name.split("accuracy ")[1].split()[0])
    assert accuracy > 0.7
    again = classifier_features(plates.images, tablecloths, steps=60)
    np.testing.assert_allclose(again(plates.images), vectors, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vgg", IMAGES), "random, inception, .* a .keras file"),
        (("labels", IMAGES), "images with labels"),
        (("labels", IMAGES, np.zeros(7, int)), "ten images or more with a label"),
        (("random", IMAGES, None, "weights"), "Expected weights"),
        (("lite0", IMAGES, None, "weights"), "Expected weights"),
        (("none.keras", IMAGES), "Received: no such file"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        choose_features(*arguments)


def test_refuses_models_of_other_things(tmp_path):
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match="model of images of one size"):
        model_features(tmp_path / "m.keras")
