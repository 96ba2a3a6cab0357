import doctest
import itertools
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tfgan_lab.data.drawn import pixel_reading as reading
from tfgan_lab.data.drawn import plates, plates_reader
from tfgan_lab.data.drawn.plates import (
    NUM_MODES,
    PLATES,
    TABLECLOTHS,
    draw_plate,
    draw_plates,
    mode_name,
    read_modes,
)
from tfgan_lab.data.drawn.plates_reader import CLEAR_DISTANCE


@pytest.fixture(scope="module", params=[32, 64])
def drawn(request):
    images, factors = draw_plates(200, image_size=request.param, seed=2024)
    return images, factors["mode"]


def warp(image, matrix):
    """Maps an image linearly about its centre, bilinear, with reflection at the border."""
    size = len(image)
    padded = np.pad(image.astype(float), ((size, size), (size, size), (0, 0)), mode="symmetric")
    centre = (size - 1) / 2
    y, x = np.mgrid[:size, :size] - centre
    x, y = np.tensordot(matrix, np.stack([x, y]), axes=1) + centre + size
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right_share, low_share = (x - left)[..., None], (y - top)[..., None]
    upper = padded[top, left] * (1 - right_share) + padded[top, left + 1] * right_share
    lower = padded[top + 1, left] * (1 - right_share) + padded[top + 1, left + 1] * right_share
    return np.round(upper * (1 - low_share) + lower * low_share).astype(np.uint8)


def augment_and_blur(image, rng):
    """As in training, flip, zoom 0.1 and rotation 0.1; and soft, as generated images are."""
    image = image[:, ::-1] if rng.random() < 0.5 else image
    angle = 2 * np.pi * rng.uniform(-0.1, 0.1)
    image = warp(image, (1 + rng.uniform(-0.1, 0.1)) * np.eye(2))
    image = warp(image, [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(len(image) / 64)))


def sampled_factors(count, seed=0):
    """The factors alone, which take a hundredth of the time of the images."""
    rngs = (np.random.default_rng([seed, index]) for index in range(count))
    return [plates._sample_factors(rng) for rng in rngs]


def test_same_image_whatever_count_and_order():
    images, factors = draw_plates(6, image_size=32, seed=3)
    fewer, _ = draw_plates(2, image_size=32, seed=3)
    np.testing.assert_array_equal(images[:2], fewer)
    for index in reversed(range(6)):
        image, one = draw_plate(3, index, image_size=32)
        np.testing.assert_array_equal(image, images[index])
        assert one == {name: values[index] for name, values in factors.items()}


def test_seeds_and_indices_give_different_images():
    images = [draw_plate(seed, index, 32)[0] for seed in range(3) for index in range(3)]
    for a, b in itertools.combinations(images, 2):
        assert (a != b).any()


@pytest.mark.parametrize("image_size", [16, 33, 100])
def test_shapes_and_types(image_size):
    images, factors = draw_plates(2, image_size)
    assert images.shape == (2, image_size, image_size, 3)
    assert images.dtype == np.uint8
    assert all(values.shape == (2,) for values in factors.values())
    integers = {name for name, values in factors.items() if values.dtype.kind == "i"}
    assert integers == {"tablecloth", "plate", "mode", "pattern"} | {
        name for name in factors if name.startswith("num_")
    }


def test_pinned_factors():
    assert draw_plate(0, 7)[1] == pytest.approx(
        {
            "tablecloth": 3,
            "plate": 0,
            "mode": 12,
            "pattern": 2,
            "cloth_period": 0.117433769750051,
            "cloth_angle": 0.020852797184791216,
            "centre_x": 0.4557879540724078,
            "centre_y": 0.5065740483018754,
            "radius": 0.39662764862960476,
            "rotation": 1.426972475861176,
            "heap_radius": 0.28845909863217667,
            "num_noodles": 64,
            "sauce_radius": 0.18935317083616848,
            "sauce_shade": 1.1328423400839192,
            "num_leaves": 2,
            "num_flakes": 8,
            "light_angle": 1.872176554330131,
            "brightness": 1.007384956509187,
            "warmth": -0.03134292642300924,
        },
        rel=1e-12,
    )


def test_pinned_colours():
    image, _ = draw_plate(0, 7)
    # With tolerance, as Pillow's versions rasterise a little differently.
    np.testing.assert_allclose(image.mean(axis=(0, 1)), [208.7, 181.2, 110.1], atol=2)
    np.testing.assert_allclose(image[:4, :4].mean(axis=(0, 1)), [227.9, 193.0, 73.8], atol=2)


def test_food_is_on_the_plate():
    images, factors = draw_plates(60)
    x, y = (
        (64 * factors[name]).astype(int)[:, None] + np.arange(-8, 8)
        for name in ("centre_x", "centre_y")
    )
    food = images[np.arange(60)[:, None, None], y[:, :, None], x[:, None, :]].astype(float)
    red, green, blue = np.moveaxis(food, -1, 0)
    sauce = ((red > 1.8 * green) & (red > 90)).mean(axis=(1, 2))
    noodles = ((red > 150) & (green > 0.65 * red) & (blue < 0.75 * red)).mean(axis=(1, 2))
    basil = ((green > 1.3 * red) & (green > 1.3 * blue)).mean(axis=(1, 2))
    assert sauce.min() > 0.05
    assert noodles.min() > 0.02
    assert basil[factors["num_leaves"] == 0].max() == 0
    assert basil[factors["num_leaves"] == 3].mean() > 0.05


def test_same_scene_at_every_size():
    for index in range(8):
        small, factors = draw_plate(5, index, 64)
        large, same_factors = draw_plate(5, index, 128)
        other, _ = draw_plate(5, index + 1, 64)
        reduced = large.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
        assert same_factors == factors
        assert np.abs(reduced - small).mean() < 3
        assert np.abs(reduced - other).mean() > 10


def test_modes_are_uniform_and_independent():
    drawn = sampled_factors(5000)
    counts = np.bincount([factors["mode"] for factors in drawn], minlength=NUM_MODES)
    assert len(counts) == NUM_MODES == 20
    # Of chi-square with 19 degrees of freedom, 43.8 is exceeded once in a thousand; with 3, 16.3.
    assert ((counts - 250) ** 2 / 250).sum() < 43.8
    leaves = np.bincount([factors["num_leaves"] for factors in drawn], minlength=4)
    assert ((leaves - 1250) ** 2 / 1250).sum() < 16.3
    assert drawn[7] == draw_plate(0, 7)[1]


def test_ring_of_tablecloth_stays_free():
    for factors in sampled_factors(1000):
        offset = np.hypot(factors["centre_x"] - 0.5, factors["centre_y"] - 0.5)
        assert factors["mode"] == 4 * factors["tablecloth"] + factors["plate"]
        assert offset + factors["radius"] <= 0.46


def test_mode_names():
    names = [mode_name(mode) for mode in range(NUM_MODES)]
    assert names[0] == "red tablecloth, white plate"
    assert names[6] == "blue tablecloth, turquoise plate"
    assert len(set(names)) == NUM_MODES == len(TABLECLOTHS) * len(PLATES)


def test_reads_drawn_images(drawn):
    images, modes = drawn
    read, distances = read_modes(images, return_distances=True)
    np.testing.assert_array_equal(read, modes)
    assert read.dtype == np.int64
    assert distances.max() < 0.5


def test_reads_augmented_soft_images(drawn):
    images, modes = drawn
    rng = np.random.default_rng(0)
    soft = np.stack([augment_and_blur(image, rng) for image in images])
    read, distances = read_modes(soft, return_distances=True)
    assert (read != modes).mean() <= 0.01
    np.testing.assert_array_equal(read // 4, modes // 4)
    assert (distances > CLEAR_DISTANCE).mean() <= 0.02


def test_reads_images_with_noise(drawn):
    images, modes = drawn
    noise = np.random.default_rng(0).normal(0, 20, images.shape)
    noisy = np.clip(images + noise, 0, 255).astype(np.uint8)
    assert (read_modes(noisy) != modes).mean() <= 0.01


def test_reader_knows_no_left_and_right(drawn):
    images, _ = drawn
    modes, distances = read_modes(images, return_distances=True)
    for flipped in (images[:, :, ::-1], images[:, ::-1], images.transpose(0, 2, 1, 3)):
        same, same_distances = read_modes(flipped, return_distances=True)
        np.testing.assert_array_equal(same, modes)
        np.testing.assert_allclose(same_distances, distances, atol=1e-4)


def test_reads_floats_as_bytes(drawn):
    images, _ = drawn
    floats = images.astype(np.float32) / 127.5 - 1
    modes, distances = read_modes(images, return_distances=True)
    same, same_distances = read_modes(floats, return_distances=True)
    np.testing.assert_array_equal(same, modes)
    np.testing.assert_allclose(same_distances, distances, atol=1e-4)


@pytest.mark.parametrize("image_size", [48, 100, 256])
def test_reads_other_sizes(image_size):
    images, factors = draw_plates(12, image_size, seed=1)
    np.testing.assert_array_equal(read_modes(images), factors["mode"])


def test_reads_in_chunks(drawn, monkeypatch):
    images, modes = drawn
    monkeypatch.setattr(reading, "_CHUNK", 64)
    np.testing.assert_array_equal(read_modes(images), modes)
    assert read_modes(images[:0]).shape == (0,)


def test_what_is_no_plate_is_far_from_every_mode():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (20, 64, 64, 3), np.uint8)
    greys = [(value, value, value) for value in range(256)]
    colours = np.array([*TABLECLOTHS.values(), *PLATES.values(), *greys], np.uint8)
    flat = np.tile(colours[:, None, None], (1, 32, 32, 1))
    for images in (noise, flat):
        assert read_modes(images, return_distances=True)[1].min() > CLEAR_DISTANCE


def test_area_weights_average():
    for size in (32, 48, 64, 256):
        weights = reading._area_weights(size)
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
        np.testing.assert_allclose(weights.sum(axis=0), 32 / size, atol=1e-6)
    # Cell 1 of 1.5 pixels covers the second half of pixel 1 and all of pixel 2.
    expected = [0, 1 / 3, 2 / 3, 0]
    np.testing.assert_allclose(reading._area_weights(48)[1, :4], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_plates(0), "Expected count of at least 1. Received: count=0"),
        (lambda: draw_plates(1, 15), "Expected image_size of at least 16. Received: image_size=15"),
        (lambda: draw_plates(1, seed=-1), "Expected seed of at least 0. Received: seed=-1"),
        (lambda: draw_plate(0, -1), "Expected index of at least 0. Received: index=-1"),
        (lambda: mode_name(20), "Expected mode in [0, 20). Received: mode=20"),
        (lambda: mode_name(-1), "Expected mode in [0, 20). Received: mode=-1"),
    ],
)
def test_arguments_out_of_range(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


@pytest.mark.parametrize(
    "shape", [(64, 64, 3), (2, 64, 64, 1), (2, 64, 32, 3), (2, 16, 16, 3), (2, 257, 257, 3)]
)
def test_reader_rejects_shapes(shape):
    with pytest.raises(ValueError, match=r"Expected images of shape.*Received: shape=\("):
        read_modes(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("value", [2.0, -1.5, np.nan, np.inf])
def test_reader_rejects_values(value):
    with pytest.raises(ValueError, match=r"Expected float images in \[-1, 1\]. Received: "):
        read_modes(np.full((1, 32, 32, 3), value, np.float32))


def test_reader_rejects_types():
    with pytest.raises(ValueError, match="Expected images of uint8 or floats. Received: .*int64"):
        read_modes(np.zeros((1, 32, 32, 3), np.int64))


@pytest.mark.parametrize("module", [plates, plates_reader])
def test_examples(module):
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


def test_needs_no_tensorflow():
    code = (
        "import sys, tfgan_lab.data.drawn.plates as p; p.read_modes(p.draw_plates(1, 32)[0]); "
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
