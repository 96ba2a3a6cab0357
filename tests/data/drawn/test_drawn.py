"""Drawn plates and vehicles: what is drawn, and what is read off the pixels."""

import re
import subprocess
import sys
import typing

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tfgan_lab.data.drawn import pixel_reading
from tfgan_lab.data.drawn.plates import (
    NUM_MODES,
    PLATES,
    TABLECLOTHS,
    _sample_factors,
    draw_plate,
    draw_plates,
    mode_name,
    read_modes,
)
from tfgan_lab.data.drawn.plates_reader import CLEAR_DISTANCE
from tfgan_lab.data.drawn.vehicles import (
    BODY_TYPES,
    NUM_TYPES,
    draw_vehicle,
    draw_vehicles,
    read_body_types,
    sample_factors,
)
from tfgan_lab.data.drawn.vehicles_shapes import SHAPES
from tfgan_lab.data.pixels import area_weights


class Kind(typing.NamedTuple):
    draw: typing.Callable
    draw_one: typing.Callable
    read: typing.Callable
    factor: str
    integers: set


PLATE = Kind(
    draw_plates, draw_plate, read_modes, "mode",
    {"tablecloth", "plate", "mode", "pattern", "num_noodles", "num_leaves", "num_flakes"},
)  # fmt: skip
VEHICLE = Kind(
    draw_vehicles, draw_vehicle, read_body_types, "body_type",
    {"body_type", "sky", "ground", "behind", "facing"},
)  # fmt: skip
both = pytest.mark.parametrize("kind", [PLATE, VEHICLE], ids=["plate", "vehicle"])


@pytest.fixture(scope="module", params=[32, 64])
def plates(request):
    images, factors = draw_plates(150, image_size=request.param, seed=2024)
    return images, factors["mode"]


@pytest.fixture(scope="module", params=[(PLATE, 32), (PLATE, 64), (VEHICLE, 32), (VEHICLE, 64)])
def drawn(request):
    kind, size = request.param
    images, factors = kind.draw(100, image_size=size, seed=7)
    return kind.read, images, factors[kind.factor]


def blurred(images):
    """Soft, as generated images are."""
    blur = ImageFilter.GaussianBlur(images.shape[1] / 64)
    return np.stack([np.asarray(Image.fromarray(image).filter(blur)) for image in images])


def noisy(images):
    noise = np.random.default_rng(0).normal(0, 20, images.shape)
    return np.clip(images + noise, 0, 255).astype(np.uint8)


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


def augmented(image, rng):
    """As in training, flip, zoom 0.1 and rotation 0.1."""
    image = image[:, ::-1] if rng.random() < 0.5 else image
    angle = 2 * np.pi * rng.uniform(-0.1, 0.1)
    image = warp(image, (1 + rng.uniform(-0.1, 0.1)) * np.eye(2))
    return warp(image, [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@both
def test_same_image_whatever_count_and_order(kind):
    images, factors = kind.draw(6, image_size=32, seed=3)
    np.testing.assert_array_equal(images[:2], kind.draw(2, image_size=32, seed=3)[0])
    for index in reversed(range(6)):
        image, one = kind.draw_one(3, index, image_size=32)
        np.testing.assert_array_equal(image, images[index])
        assert one == {name: values[index] for name, values in factors.items()}
    others = [kind.draw_one(seed, index, 32)[0] for seed in range(3) for index in range(3)]
    assert len({image.tobytes() for image in others}) == 9
    assert {name for name, values in factors.items() if values.dtype.kind == "i"} == kind.integers


@both
def test_same_scene_at_every_size(kind):
    for index in range(8):
        small, factors = kind.draw_one(5, index, 64)
        large, same_factors = kind.draw_one(5, index, 128)
        reduced = large.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
        assert same_factors == factors
        assert np.abs(reduced - small).mean() < 3
        assert np.abs(reduced - kind.draw_one(5, index + 1, 64)[0]).mean() > 10
    for size in (16, 33):
        assert kind.draw_one(5, 0, size)[0].shape == (size, size, 3)


def test_pinned():
    image, factors = draw_plate(0, 7)
    assert (factors["mode"], factors["num_noodles"], factors["num_flakes"]) == (12, 64, 8)
    # The last that is drawn of the factors: no other draw came before or fell away.
    assert factors["warmth"] == pytest.approx(-0.03134292642300924, rel=1e-12)
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


def test_modes_are_uniform_and_a_ring_of_tablecloth_stays_free():
    # The factors alone take a hundredth of the time of the images.
    sampled = [_sample_factors(np.random.default_rng([0, index])) for index in range(5000)]
    counts = np.bincount([factors["mode"] for factors in sampled], minlength=NUM_MODES)
    # Of chi-square with 19 degrees of freedom, 43.8 is exceeded once in a thousand; with 3, 16.3.
    assert len(counts) == 20 and ((counts - 250) ** 2 / 250).sum() < 43.8
    leaves = np.bincount([factors["num_leaves"] for factors in sampled], minlength=4)
    assert ((leaves - 1250) ** 2 / 1250).sum() < 16.3
    assert sampled[7] == draw_plate(0, 7)[1]
    for factors in sampled:
        offset = np.hypot(factors["centre_x"] - 0.5, factors["centre_y"] - 0.5)
        assert factors["mode"] == 4 * factors["tablecloth"] + factors["plate"]
        assert offset + factors["radius"] <= 0.46


def test_types_are_uniform_and_edges_stay_free():
    sampled = [sample_factors(np.random.default_rng([0, index])) for index in range(4000)]
    counts = np.bincount([factors["body_type"] for factors in sampled], minlength=NUM_TYPES)
    # Of chi-square with 7 degrees of freedom, 24.3 is exceeded once in a thousand.
    assert ((counts - 500) ** 2 / 500).sum() < 24.3
    for factors in sampled:
        shape = SHAPES[BODY_TYPES[factors["body_type"]]]
        x = np.array(shape.body)[:, 0] * factors["unit"]
        assert np.abs(x).max() + abs(factors["centre_x"] - 0.5) < 0.5 - 1 / 32


def test_the_body_type_can_be_chosen_and_all_else_stays():
    given, factors = draw_vehicle(1, 4, 64)
    for body_type in range(NUM_TYPES):
        image, others = draw_vehicle(1, 4, 64, body_type=body_type)
        assert others == factors | {"body_type": body_type}
        assert (image == given).all() == (body_type == factors["body_type"])
        np.testing.assert_array_equal(image[:16], given[:16])


def test_mode_names():
    names = [mode_name(mode) for mode in range(NUM_MODES)]
    assert names[6] == "blue tablecloth, turquoise plate" and len(set(names)) == NUM_MODES


def test_reads_what_is_drawn_soft_or_noisy(drawn):
    read, images, labels = drawn
    found, distances = read(images, return_distances=True)
    np.testing.assert_array_equal(found, labels)
    assert found.dtype == np.int64 and distances.max() < 0.5
    np.testing.assert_array_equal(read(images[:, :, ::-1]), labels)
    for other in (blurred(images), noisy(images), noisy(blurred(images))):
        assert (read(other) != labels).mean() <= 0.01


def test_reads_floats_as_bytes_and_in_chunks(drawn, monkeypatch):
    read, images, _ = drawn
    labels, distances = read(images, return_distances=True)
    monkeypatch.setattr(pixel_reading, "_CHUNK", 40)
    same, same_distances = read(images.astype(np.float32) / 127.5 - 1, return_distances=True)
    np.testing.assert_array_equal(same, labels)
    np.testing.assert_allclose(same_distances, distances, atol=1e-3)
    assert read(images[:0]).shape == (0,)


def test_reads_augmented_soft_plates(plates):
    images, modes = plates
    rng = np.random.default_rng(0)
    soft = blurred(np.stack([augmented(image, rng) for image in images]))
    read, distances = read_modes(soft, return_distances=True)
    assert (read != modes).mean() <= 0.01
    np.testing.assert_array_equal(read // 4, modes // 4)
    assert (distances > CLEAR_DISTANCE).mean() <= 0.02


def test_reader_knows_no_left_and_right(plates):
    images, modes = plates
    distances = read_modes(images, return_distances=True)[1]
    for flipped in (images[:, :, ::-1], images[:, ::-1], images.transpose(0, 2, 1, 3)):
        same, same_distances = read_modes(flipped, return_distances=True)
        np.testing.assert_array_equal(same, modes)
        np.testing.assert_allclose(same_distances, distances, atol=1e-4)


@pytest.mark.parametrize("image_size", [48, 100, 256])
def test_reads_other_sizes(image_size):
    images, factors = draw_plates(12, image_size, seed=1)
    np.testing.assert_array_equal(read_modes(images), factors["mode"])


def test_what_is_neither_is_far_from_both():
    noise = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), np.uint8)
    greys = [(value, value, value) for value in range(256)]
    colours = np.array([*TABLECLOTHS.values(), *PLATES.values(), *greys], np.uint8)
    flat = np.tile(colours[:, None, None], (1, 32, 32, 1))
    for images in (noise, flat):
        assert read_modes(images, return_distances=True)[1].min() > CLEAR_DISTANCE
    assert read_body_types(noise, return_distances=True)[1].min() > 0.8
    np.testing.assert_allclose(read_body_types(flat[:9], return_distances=True)[1], 1, atol=1e-3)


@pytest.mark.parametrize("size", [32, 48, 64, 256])
def test_area_weights_average(size):
    weights = area_weights(size, 32)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_allclose(weights.sum(axis=0), 32 / size)
    if size == 48:  # Cell 1 of 1.5 pixels covers the second half of pixel 1 and all of pixel 2.
        np.testing.assert_allclose(weights[1, :4], [0, 1 / 3, 2 / 3, 0])


@both
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda kind: kind.draw(0), "Expected count of at least 1. Received: count=0"),
        (lambda kind: kind.draw(1, 15), "Expected image_size of at least 16. Received: image_size"),
        (lambda kind: kind.draw(1, seed=-1), "Expected seed of at least 0. Received: seed=-1"),
        (lambda kind: kind.draw_one(0, -1), "Expected index of at least 0. Received: index=-1"),
        (lambda kind: kind.read(np.zeros((1, 32, 32, 3), int)), "Expected images of uint8, or of"),
    ],
)
def test_refuses(kind, call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call(kind)


@both
def test_refuses_to_read_other_shapes_and_values(kind):
    for shape in [(64, 64, 3), (2, 64, 64, 1), (2, 64, 32, 3), (2, 16, 16, 3), (2, 257, 257, 3)]:
        with pytest.raises(ValueError, match=r"Expected images of shape.*Received: shape=\("):
            kind.read(np.zeros(shape, np.uint8))
    for value in (2.0, -1.5, np.nan, np.inf):
        with pytest.raises(ValueError, match=r"Expected float images in \[-1, 1\]"):
            kind.read(np.full((1, 32, 32, 3), value, np.float32))


def test_refuses_a_mode_or_type_that_there_is_not():
    for mode in (-1, 20):
        with pytest.raises(ValueError, match=rf"mode in \[0, 20\). Received: mode={mode}"):
            mode_name(mode)
    with pytest.raises(ValueError, match=r"Expected body_type in \[0, 8\)"):
        draw_vehicle(0, 0, body_type=8)


def test_needs_no_tensorflow():
    code = (
        "import sys, tfgan_lab.data.drawn.plates as p, tfgan_lab.data.drawn.vehicles as v; "
        "p.read_modes(p.draw_plates(1, 32)[0]); v.read_body_types(v.draw_vehicles(1, 32)[0]); "
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
