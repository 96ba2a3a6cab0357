import math
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan_lab.callbacks.generator_release import release_generator
from tfgan_lab.layers import BatchNormalization
from tfgan_lab.networks import light_generator
from tfgan_lab.networks.sizes import residual_sides

LATENTS = 5


def small(image_size, **settings):
    widths = (2,) * len(residual_sides(image_size))
    return light_generator(
        image_size=image_size, latent_size=LATENTS, **({"widths": widths} | settings)
    )


def drawn(count=3):
    return tf.random.stateless_normal((count, LATENTS), (0, 1))


def layers_of(network, kind):
    return [layer for layer in network.layers if isinstance(layer, kind)]


def test_gated_unit_by_hand():
    """Everything constant: Dense 2 and 0, then a convolution 3 and log 3, then 1 of it."""
    network = small(8, widths=(1, 1), channels=1, normalisation="none")
    dense, first, last = (layer for layer in network.layers if layer.weights)
    dense.set_weights([np.zeros((LATENTS, 32)), np.tile([2.0, 0.0], 16)])
    # The first unit: 2 times sigmoid(0), that is 1; the kernel adds it to its first output.
    kernel = np.zeros((3, 3, 1, 2))
    kernel[1, 1, 0, 0] = 1
    first.set_weights([kernel, np.array([3, math.log(3)])])
    # The second: (1 + 3) times sigmoid(log 3), that is 3.
    kernel = np.zeros((3, 3, 1, 1))
    kernel[1, 1] = 0.5
    last.set_weights([kernel, np.array([-1.0])])
    np.testing.assert_allclose(network(drawn()), math.tanh(0.5 * 3 - 1), rtol=1e-5)


GATES = {32: [], 64: [(4, 64)], 96: [(6, 96)], 128: [(4, 64), (8, 128)],
         256: [(4, 64), (8, 128), (16, 256)]}  # fmt: skip


def gates_of(network):
    """(side of the coarse features, side of the gated ones, last layer of the gate)."""
    found = []
    for multiply in layers_of(network, keras.layers.Multiply):
        gated, gate = multiply.input
        last = gate._keras_history.operation
        first = last.input._keras_history.operation
        assert gate.shape[1:3] == (1, 1) and first.output.shape[1:3] == (1, 1)
        source = first.input
        before = source._keras_history.operation
        if isinstance(before, keras.layers.AveragePooling2D):
            source = before.input
        found.append((source.shape[1], gated.shape[1], last))
    return sorted(found, key=lambda gate: gate[1])


@pytest.mark.parametrize("image_size", GATES)
def test_coarse_features_gate_those_16_times_as_large(image_size):
    network = small(image_size)
    gates = gates_of(network)
    assert [gate[:2] for gate in gates] == GATES[image_size]
    assert all(last.activation is keras.activations.sigmoid for *_, last in gates)


def test_a_gate_lets_channels_through_and_shuts_them():
    network = small(64)
    ((_, _, gate),) = gates_of(network)
    kernels = tf.zeros(gate.kernel.shape)
    outputs = {}
    for shut in (-100.0, 0.0, 100.0):
        gate.set_weights([kernels, np.full(2, shut)])
        outputs[shut] = np.arctanh(network(drawn()).numpy().astype(np.float64))
    # Before the tanh the last convolution is linear, its bias 0: none, half, all of the features.
    np.testing.assert_allclose(outputs[-100.0], 0, atol=1e-6)
    np.testing.assert_allclose(outputs[0.0], outputs[100.0] / 2, rtol=1e-3, atol=1e-4)


def test_normalisation():
    with_norm, without = small(32), small(32, normalisation="none")
    assert len(layers_of(with_norm, BatchNormalization)) == 4  # 4, 8, 16, 32
    assert not layers_of(without, BatchNormalization)
    assert not with_norm.layers[1].use_bias and without.layers[1].use_bias
    # Without it an image depends on no other of its batch.
    apart = without(drawn()[:1], training=True)
    np.testing.assert_allclose(without(drawn(), training=True)[:1], apart, atol=1e-6)
    apart = with_norm(drawn()[:1], training=True)
    assert not np.allclose(with_norm(drawn(), training=True)[:1], apart, atol=1e-3)


ELSEWHERE = """
import sys
import keras, numpy as np
network = keras.saving.load_model(sys.argv[1])
np.save(sys.argv[3], network(np.load(sys.argv[2])))
print(sorted(name for name in sys.modules if name.startswith("tfgan_lab")))
"""


def test_keras_alone_loads_the_released_file(tmp_path):
    network = small(64, doubling="bilinear")
    for _ in range(3):
        network(drawn(8), training=True)  # Or the statistics of batch norm are those of the start.
    release_generator(network, tmp_path / "generator.keras")
    np.save(tmp_path / "latents.npy", drawn())
    names = ("generator.keras", "latents.npy", "images.npy")
    command = [sys.executable, "-c", ELSEWHERE, *(tmp_path / name for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("[]")
    np.testing.assert_allclose(np.load(tmp_path / "images.npy"), network(drawn()), atol=1e-6)
