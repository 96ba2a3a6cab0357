import numpy as np
import pytest

from tests.networks.inception_weights import random_weights
from tfgan_lab.networks.inception import fid_inception, fid_inception_input

IMAGES = np.random.default_rng(1).integers(0, 256, (2, 40, 48, 3)).astype(np.uint8)

# What torch-fidelity 0.4.0 on PyTorch 2.13 computed from the same weights and images.
FEATURES = [
    [0.04842856, 0.85298765, 0.0, 2.48290277],
    [0.03080883, 0.90618044, 0.00198509, 2.38048363],
]
LOGITS = [
    [-4.767138, 9.37733459, 7.01471996, -2.30873442],
    [-4.780423, 9.50339031, 7.31905460, -2.41150045],
]
SUMS = (13473.605, -16.233952)


@pytest.fixture(scope="module")
def weights():
    return random_weights()


@pytest.fixture(scope="module")
def network(weights):
    return fid_inception(weights)


def test_activations_recorded_from_another_implementation(network):
    outputs = network(fid_inception_input(IMAGES))
    features, logits = np.asarray(outputs["features"]), np.asarray(outputs["logits"])
    np.testing.assert_allclose(features[:, :4], FEATURES, rtol=1e-4, atol=3e-5)
    np.testing.assert_allclose(logits[:, :4], LOGITS, rtol=1e-4, atol=3e-4)
    assert features.sum() == pytest.approx(SUMS[0], rel=1e-5)
    assert logits.sum() == pytest.approx(SUMS[1], abs=0.05)


def test_parameters(network):
    shapes = {name: output.shape for name, output in network.output.items()}
    assert shapes == {"features": (None, 2048), "logits": (None, 1008)}
    assert network.count_params() == 23_884_384  # as PyTorch's, without the last bias
    assert not network.trainable_weights


def test_input_by_hand():
    # TensorFlow 1's way: place i of 299 looks at 2 i / 299, with the last pixel repeated.
    image = np.array([[-1.0, 1.0], [-1.0, 1.0]], np.float32)[None, :, :, None]
    prepared = fid_inception_input(image).numpy()
    assert prepared.shape == (1, 299, 299, 3)
    places = np.minimum(2 * np.arange(299) / 299, 1)
    np.testing.assert_allclose(prepared[0, 0, :, 0], (255 * places - 128) / 128, atol=1e-5)
    np.testing.assert_array_equal(prepared[0, :, 7, 1], prepared[0, 0, 7, 1])


def test_floats_are_rounded_to_the_pixels_of_files():
    floats = IMAGES / 127.5 - 1 + 0.003  # less than half a step
    np.testing.assert_array_equal(
        fid_inception_input(floats.astype(np.float32)), fid_inception_input(IMAGES)
    )
    np.testing.assert_array_equal(fid_inception_input(np.float32([[[[7.0]]]])), 127 / 128)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fc.weight": None}, "Expected fc.weight among the weights"),
        (
            {"fc.weight": np.zeros((1000, 2048))},
            r"fc.weight of shape \(1008, 2048\).*\(1000, 2048\)",
        ),
    ],
)
def test_refuses_other_weights(change, message, weights):
    arrays = {name: value for name, value in (weights | change).items() if value is not None}
    with pytest.raises(ValueError, match=message):
        fid_inception(arrays)


def test_torch_fidelity_agrees(network, weights, tmp_path):
    torch = pytest.importorskip("torch")
    other = pytest.importorskip("torch_fidelity.feature_extractor_inceptionv3")
    path = tmp_path / "weights.pth"
    torch.save({name: torch.tensor(value) for name, value in weights.items()}, path)
    extractor = other.FeatureExtractorInceptionV3(
        "inception", ["2048", "logits_unbiased"], feature_extractor_weights_path=path
    )
    with torch.no_grad():
        theirs = extractor(torch.tensor(IMAGES.transpose(0, 3, 1, 2).copy()))
    ours = fid_inception(path)(fid_inception_input(IMAGES))
    for name, values in zip(["features", "logits"], theirs, strict=True):
        scale = np.abs(values.numpy()).max()
        np.testing.assert_allclose(np.asarray(ours[name]), values.numpy(), atol=1e-5 * scale)


def test_pytorch_fid_agrees(network, weights, monkeypatch):
    torch = pytest.importorskip("torch")
    other = pytest.importorskip("pytorch_fid.inception")
    tensors = {name: torch.tensor(value) for name, value in weights.items()}
    monkeypatch.setattr(other, "load_state_dict_from_url", lambda *_, **__: tensors)
    theirs = other.InceptionV3([3], resize_input=False, normalize_input=False).eval()
    inputs = fid_inception_input(IMAGES)
    with torch.no_grad():
        (features,) = theirs(torch.tensor(inputs.numpy().transpose(0, 3, 1, 2).copy()))
    features = features.numpy()[:, :, 0, 0]
    ours = np.asarray(network(inputs)["features"])
    np.testing.assert_allclose(ours, features, atol=1e-5 * features.max())
