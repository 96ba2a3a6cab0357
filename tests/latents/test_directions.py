import keras
import numpy as np
import pytest

from tests.latents.generators import conditional_generator, linear_generator
from tfgan_lab.latents import (
    Normal,
    as_generator,
    factorise,
    first_dense,
    principal_directions,
    strips,
)

# Latents along the columns of TURN are stretched by 0.04, 0.02, 0.01.
TURN = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
STRETCH = np.concatenate([np.diag([0.04, 0.02, 0.01]), np.zeros((3, 1))], axis=1)
NETWORK_MATRIX = TURN @ STRETCH


def aligned(vectors):
    return np.abs(vectors @ TURN)


def test_factorisation_finds_what_the_layer_stretches():
    found = factorise(linear_generator(NETWORK_MATRIX), 2)
    np.testing.assert_allclose(aligned(found.vectors), np.eye(3)[:2], atol=1e-5)
    assert found.shares == pytest.approx([16 / 21, 4 / 21])
    assert (found.vectors.max(axis=1) >= -found.vectors.min(axis=1)).all()


@pytest.mark.parametrize("layer", [None, "first"])
def test_principal_components_of_a_linear_network_are_the_same(layer):
    network = linear_generator(NETWORK_MATRIX)
    layer = layer and network.layers[0].name
    found = principal_directions(network, 3, layer=layer, num_samples=4000)
    np.testing.assert_allclose(aligned(found.vectors), np.eye(3), atol=0.06)
    assert found.shares == pytest.approx([16 / 21, 4 / 21, 1 / 21], abs=0.02)
    again = principal_directions(network, 3, layer=layer, num_samples=4000)
    np.testing.assert_array_equal(found.vectors, again.vectors)


def test_principal_components_weigh_the_latents_as_they_are_drawn():
    # Each value's own deviation can't differ here; the mean must not count as a direction.
    network = as_generator(linear_generator(NETWORK_MATRIX), Normal(3, mean=7.0, stddev=0.5))
    found = principal_directions(network, 1, num_samples=3000)
    np.testing.assert_allclose(aligned(found.vectors), [[1, 0, 0]], atol=0.06)


def test_with_classes():
    network = conditional_generator()
    found = principal_directions(network, 2, labels=1, num_samples=500)
    assert found.vectors.shape == (2, 2) and found.shares.sum() == pytest.approx(1, abs=1e-6)
    images = strips(network, [0.0, 0.0], np.eye(2), extents=(-0.5, 0.5), steps=3, labels=2)
    assert images[1, :, 2, :, 0].tolist() == [[0, -0.5], [0, 0], [0, 0.5]]


def test_strips_by_hand():
    images = strips(
        linear_generator(np.eye(4) / 4), [0.0, 0, 0, 2], np.eye(4)[:2], (-1, 1), steps=3
    )
    assert images.shape == (2, 3, 2, 2, 1)
    assert images[1].reshape(3, 4).tolist() == [
        [0, -0.25, 0, 0.5],
        [0, 0, 0, 0.5],
        [0, 0.25, 0, 0.5],
    ]


def test_rows_of_classes_are_left_out():
    latents, labels = keras.Input((3,)), keras.Input((2,))
    dense = keras.layers.Dense(4, use_bias=False)
    both = dense(keras.layers.Concatenate()([latents, labels]))
    network = keras.Model([latents, labels], keras.layers.Reshape((2, 2, 1))(both))
    dense.set_weights([np.concatenate([NETWORK_MATRIX, 9 * np.ones((2, 4))])])
    assert first_dense(network) is dense
    np.testing.assert_allclose(aligned(factorise(network, 3).vectors), np.eye(3), atol=1e-5)


def convolution_first():
    stack = [keras.Input((4,)), keras.layers.Reshape((2, 2, 1)), keras.layers.Conv2D(1, 1)]
    return keras.Sequential(stack)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: factorise(convolution_first()), "from 1 to 4 directions. Received: 8"),
        (lambda: factorise(convolution_first(), 2), "enter a dense layer. Received: Conv2D first"),
        (
            lambda: principal_directions(convolution_first(), 2, layer="x"),
            "Expected a layer out of .*Received: 'x'",
        ),
        (
            lambda: principal_directions(convolution_first(), 2, num_samples=4),
            "Expected more samples than latents have values, 4. Received: num_samples=4",
        ),
        (
            lambda: strips(convolution_first(), np.zeros(4), np.zeros((1, 3))),
            r"latents of shape \(4,\) and vectors of shape \(k, 4\).*\(1, 3\)",
        ),
        (
            lambda: strips(convolution_first(), np.zeros(4), np.eye(4), steps=1),
            "Expected at least 2 steps. Received: steps=1",
        ),
    ],
)
def test_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
