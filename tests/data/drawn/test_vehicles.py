import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tfgan_lab.data.drawn import pixel_reading as reading
from tfgan_lab.data.drawn.vehicles import (
    BODY_TYPES,
    NUM_TYPES,
    draw_vehicle,
    draw_vehicles,
    read_body_types,
    sample_factors,
)
from tfgan_lab.data.drawn.vehicles_shapes import SHAPES


@pytest.fixture(scope="module", params=[32, 64])
def drawn(request):
    images, factors = draw_vehicles(100, image_size=request.param, seed=2024)
    return images, factors["body_type"]


def test_same_image_whatever_count_and_order():
    images, factors = draw_vehicles(6, image_size=32, seed=3)
    fewer, _ = draw_vehicles(2, image_size=32, seed=3)
    np.testing.assert_array_equal(images[:2], fewer)
    for index in reversed(range(6)):
        image, one = draw_vehicle(3, index, image_size=32)
        np.testing.assert_array_equal(image, images[index])
        assert one == {name: values[index] for name, values in factors.items()}
    others = [draw_vehicle(seed, index, 32)[0] for seed in (0, 1) for index in (0, 1)]
    assert len({image.tobytes() for image in others}) == 4


@pytest.mark.parametrize("image_size", [16, 33, 100])
def test_shapes_and_types(image_size):
    images, factors = draw_vehicles(2, image_size)
    assert images.shape == (2, image_size, image_size, 3)
    assert images.dtype == np.uint8
    integers = {name for name, values in factors.items() if values.dtype.kind == "i"}
    assert integers == {"body_type", "sky", "ground", "behind", "facing"}


def test_same_scene_at_every_size():
    for index in range(8):
        small, factors = draw_vehicle(5, index, 64)
        large, same_factors = draw_vehicle(5, index, 128)
        reduced = large.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
        assert same_factors == factors
        assert np.abs(reduced - small).mean() < 2


def test_the_body_type_can_be_chosen_and_all_else_stays():
    given, factors = draw_vehicle(1, 4, 64)
    for body_type in range(NUM_TYPES):
        image, others = draw_vehicle(1, 4, 64, body_type=body_type)
        assert others == factors | {"body_type": body_type}
        assert (image == given).all() == (body_type == factors["body_type"])
        np.testing.assert_array_equal(image[:16], given[:16])


def test_types_are_uniform_and_edges_stay_free():
    rngs = (np.random.default_rng([0, index]) for index in range(4000))
    factors = [sample_factors(rng) for rng in rngs]
    counts = np.bincount([one["body_type"] for one in factors], minlength=NUM_TYPES)
    # Of chi-square with 7 degrees of freedom, 24.3 is exceeded once in a thousand.
    assert ((counts - 500) ** 2 / 500).sum() < 24.3
    for one in factors:
        shape = SHAPES[BODY_TYPES[one["body_type"]]]
        x = np.array(shape.body)[:, 0] * one["unit"]
        assert np.abs(x).max() + abs(one["centre_x"] - 0.5) < 0.5 - 1 / 32


def test_reads_drawn_images(drawn):
    images, types = drawn
    read, distances = read_body_types(images, return_distances=True)
    np.testing.assert_array_equal(read, types)
    assert read.dtype == np.int64
    assert distances.max() < 0.5


def test_reads_mirrored_images(drawn):
    images, types = drawn
    np.testing.assert_array_equal(read_body_types(images[:, :, ::-1]), types)


def test_reads_soft_noisy_images(drawn):
    images, types = drawn
    blur = ImageFilter.GaussianBlur(images.shape[1] / 64)
    soft = np.stack([np.asarray(Image.fromarray(image).filter(blur)) for image in images])
    noise = np.random.default_rng(0).normal(0, 20, images.shape)
    for other in (soft, np.clip(soft + noise, 0, 255).astype(np.uint8)):
        assert (read_body_types(other) != types).mean() <= 0.01


def test_reads_floats_as_bytes_and_in_chunks(drawn, monkeypatch):
    images, _ = drawn
    types, distances = read_body_types(images, return_distances=True)
    monkeypatch.setattr(reading, "_CHUNK", 40)
    same, same_distances = read_body_types(images.astype(np.float32) / 127.5 - 1, True)
    np.testing.assert_array_equal(same, types)
    np.testing.assert_allclose(same_distances, distances, atol=1e-3)
    assert read_body_types(images[:0]).shape == (0,)


def test_what_is_no_vehicle_is_far_from_every_type():
    noise = np.random.default_rng(0).integers(0, 256, (10, 32, 32, 3), np.uint8)
    assert read_body_types(noise, return_distances=True)[1].min() > 0.8
    flat = np.full((2, 64, 64, 3), 100, np.uint8)
    np.testing.assert_allclose(read_body_types(flat, return_distances=True)[1], 1, atol=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_vehicles(0), "Expected count of at least 1. Received: count=0"),
        (lambda: draw_vehicles(1, 15), "Expected image_size of at least 16."),
        (lambda: draw_vehicles(1, seed=-1), "Expected seed of at least 0. Received: seed=-1"),
        (lambda: draw_vehicle(0, -1), "Expected index of at least 0. Received: index=-1"),
        (lambda: draw_vehicle(0, 0, body_type=8), "Expected body_type in [0, 8)."),
        (lambda: read_body_types(np.zeros((2, 64, 32, 3), np.uint8)), "Expected images of shape"),
        (lambda: read_body_types(np.zeros((1, 32, 32, 3), int)), "Expected images of uint8 or"),
        (lambda: read_body_types(np.full((1, 32, 32, 3), np.nan)), "Expected float images in [-1"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_needs_no_tensorflow():
    code = (
        "import sys, tfgan_lab.data.drawn.vehicles as v; "
        "v.read_body_types(v.draw_vehicles(1, 32)[0]); "
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
