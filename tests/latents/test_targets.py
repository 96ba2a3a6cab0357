import numpy as np
import pytest
from PIL import Image

from tests.latents.generators import linear_generator
from tfgan_lab.data import from_folder
from tfgan_lab.latents import LatentGenerator
from tfgan_lab.latents.targets import as_targets
from tfgan_lab.runs.reading.latent_files import read_targets

SHAPE = (4, 4, 3)
RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (4, 4, 3)).astype(np.uint8)


def test_images_of_the_right_kind_stay_as_they_are():
    floats = RNG.uniform(-1, 1, (2, *SHAPE)).astype(np.float32)
    np.testing.assert_array_equal(as_targets(floats, SHAPE), floats)
    np.testing.assert_array_equal(as_targets(floats[0], SHAPE), floats[:1])
    expected = PIXELS / 127.5 - 1
    for given in (PIXELS, PIXELS[np.newaxis], [PIXELS], Image.fromarray(PIXELS)):
        np.testing.assert_allclose(as_targets(given, SHAPE)[0], expected, atol=1e-6)


def test_a_training_image_read_as_a_target_is_the_training_image(tmp_path):
    smooth = np.add.outer(np.arange(24), np.arange(40))[..., None] * [2, 3, 1]
    colour = Image.fromarray(smooth.astype(np.uint8))
    transparent = colour.copy()
    transparent.putalpha(Image.linear_gradient("L").resize(colour.size))
    deep = Image.fromarray((smooth[..., 0] * 300).astype(np.uint16))
    kinds = {
        "colour": colour, "grey": colour.convert("L"), "palette": colour.quantize(16),
        "transparent": transparent, "grey and alpha": transparent.convert("LA"), "deep": deep,
    }  # fmt: skip
    for name, image in kinds.items():
        image.save(tmp_path / f"{name}.png")
    for channels in (1, 3):
        shape = (8, 8, channels)
        training = from_folder(tmp_path, image_size=8, channels=channels, augmentation=None)
        expected = training.sample(len(kinds))
        images = [Image.open(tmp_path / name) for name in training.names]
        np.testing.assert_array_equal(as_targets(images, shape), expected)
        np.testing.assert_array_equal(as_targets(training.images, shape), expected)
        read, names, _ = read_targets([tmp_path], LatentGenerator(linear_generator(
            np.zeros((2, 64 * channels)), shape)))  # fmt: skip
        np.testing.assert_array_equal(as_targets(read, shape), expected)
        for name, target in zip(training.names, expected, strict=True):
            if name not in ("palette.png", "deep.png"):
                array = np.asarray(kinds[name.removesuffix(".png")])
                np.testing.assert_array_equal(as_targets(array, shape)[0], target, name)


def test_transparency_is_laid_on_white():
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 51))  # A fifth of black.
    for given in (half, np.array(half), np.array(half) / np.float32(127.5) - 1):
        np.testing.assert_allclose(as_targets(given, SHAPE), 0.6, atol=1e-6)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "Expected at least 1 image to search latents for. Received: none"),
        (np.zeros((2, 4, 4, 5), np.uint8), r"Expected images of shape .*\(4, 4, 5\)"),
        (np.zeros((2, 2, 4, 4, 3), np.uint8), r"Expected images of shape .*\(2, 4, 4, 3\)"),
        (np.zeros((4, 0, 3), np.uint8), r"Expected images of shape .*\(4, 0, 3\)"),
        (np.zeros((4, 4, 3), int), "Expected images of uint8, or of floats.*int64"),
        (255 * np.ones((4, 4, 3)), r"floats?.*in \[-1, 1\].*values from 255 to 255"),
        (np.full((4, 4, 3), np.nan), r"values from nan to nan"),
    ],
)
def test_refuses(given, message):
    with pytest.raises(ValueError, match=message):
        as_targets(given, SHAPE)


def test_nothing_is_fitted_to_a_generator_of_other_than_squares():
    oblong = np.zeros((1, 4, 6, 1), np.float32)
    np.testing.assert_array_equal(as_targets(oblong, (4, 6, 1)), oblong)
    with pytest.raises(ValueError, match=r"\(4, 6, 1\).*not square.*Received: one of \(4, 4\)"):
        as_targets(PIXELS, (4, 6, 1))


def test_a_little_beyond_the_range_is_clipped():
    assert as_targets(np.full((4, 4, 3), 1.005), SHAPE).max() == 1
