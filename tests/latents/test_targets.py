import numpy as np
import pytest
from PIL import Image

from tfgan_lab.data.decoding import fit_square
from tfgan_lab.latents.targets import as_targets

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


def test_modes_are_converted():
    grey = PIXELS[..., 0]
    in_colour = np.repeat(grey[..., None], 3, axis=-1) / 127.5 - 1
    for given in (grey, grey[..., None], Image.fromarray(grey)):
        np.testing.assert_allclose(as_targets(given, SHAPE)[0], in_colour, atol=1e-6)
    luma = PIXELS @ [0.299, 0.587, 0.114] / 127.5 - 1
    np.testing.assert_allclose(as_targets(PIXELS, (4, 4, 1))[0, ..., 0], luma, atol=1e-5)
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 255, 0, 51])
    np.testing.assert_allclose(as_targets(palette, SHAPE)[0, 2, 2], [1, -1, -0.6], atol=1e-6)


def test_transparency_is_laid_on_white():
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 51))  # A fifth of black.
    np.testing.assert_allclose(as_targets(half, SHAPE), 0.6, atol=1e-6)
    np.testing.assert_allclose(as_targets(np.array(half), SHAPE), 0.6, atol=1e-6)
    grey = as_targets(np.array(half.convert("LA")), (4, 4, 1))
    np.testing.assert_allclose(grey, 0.6, atol=1e-6)


def test_other_sizes_are_cropped_and_resized_as_training_images_are():
    smooth = np.add.outer(np.arange(24), np.arange(40))[..., None] * [2, 3, 1]
    image = Image.fromarray(smooth.astype(np.uint8))
    targets = as_targets([image, np.asarray(image)], (8, 8, 3))
    expected = fit_square(image, 8) / 127.5 - 1
    np.testing.assert_allclose(targets, [expected, expected], atol=2 / 127.5)
    assert as_targets(PIXELS, (9, 9, 3)).shape == (1, 9, 9, 3)


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
        (Image.new("I;16", (4, 4)), "Expected images of 8 bits a channel. Received.*I;16"),
        (Image.new("F", (4, 4)), "Expected images of 8 bits a channel. Received.*mode F"),
    ],
)
def test_refuses(given, message):
    with pytest.raises(ValueError, match=message):
        as_targets(given, SHAPE)


def test_a_little_beyond_the_range_is_clipped():
    assert as_targets(np.full((4, 4, 3), 1.005), SHAPE).max() == 1
