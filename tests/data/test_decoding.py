import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.data.odd_files import (
    GOOD,
    encoded,
    photograph,
    png_chunk,
    png_file,
)
from tfgan_lab.data.decoding import (
    UnusableImageError,
    fit_square,
    open_image,
    read_image,
)

RED = (255, 0, 0)


def test_every_odd_file_is_read_or_refused_for_the_right_reason(odd_folder):
    folder, expected = odd_folder
    assert len(expected) >= 90
    for name, expectation in expected.items():
        for channels in (1, 3):
            if expectation == GOOD:
                pixels = read_image(folder / name, 16, channels)
                assert pixels.shape == (16, 16, channels), name
                assert pixels.dtype == np.uint8, name
            else:
                with pytest.raises(UnusableImageError) as caught:
                    read_image(folder / name, 16, channels)
                assert re.search(expectation, caught.value.reason), (name, caught.value.reason)
                assert str(caught.value) == f"{folder / name}: {caught.value.reason}"


def test_what_lies_beside_the_pixels_changes_nothing(odd_folder):
    folder, _ = odd_folder
    groups = {
        "plain.bmp": ["trailing rubbish.png", "animated.png", "interlaced.png", "16 bit rgb.png"]
        + ["lossless.webp"],
        "plain.jpg": ["damaged exif.jpg", "damaged resolution.jpg", "trailing film.jpg"]
        + ["damaged further images.jpg", "stereo.mpo", "link to plain.jpg"],
    }
    for plain, others in groups.items():
        pixels = read_image(folder / plain, 40)
        for other in others:
            np.testing.assert_array_equal(read_image(folder / other, 40), pixels, other)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "BMP", "GIF", "WEBP"])
def test_constant_colour_stays_constant(save, format):
    options = {"lossless": True} if format == "WEBP" else {}
    pixels = read_image(save(Image.new("RGB", (50, 37), (120, 120, 120)), format, **options), 16)
    np.testing.assert_array_equal(pixels, np.full((16, 16, 3), 120))


def test_image_of_the_right_height_is_cropped_and_not_blurred(save):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 45, 3), np.uint8)
    np.testing.assert_array_equal(read_image(save(pixels), 32), pixels[:, 6:38])


@pytest.mark.parametrize("turned", [False, True])
def test_crop_takes_the_middle_third(save, turned):
    thirds = np.zeros((20, 60, 3), np.uint8)
    thirds[:, :20], thirds[:, 20:40], thirds[:, 40:] = 10, 100, 200
    if turned:
        thirds = thirds.transpose(1, 0, 2)
    np.testing.assert_array_equal(read_image(save(thirds), 8), np.full((8, 8, 3), 100))


def test_checkerboard_of_single_pixels_becomes_grey(save):
    board = (np.indices((128, 128)).sum(axis=0) % 2 * 255).astype(np.uint8)
    pixels = read_image(save(board), 16, channels=1)
    assert pixels.min() == pixels.max()
    assert pixels[0, 0, 0] in (127, 128)


def test_grey_is_the_luma(save):
    image = Image.new("RGB", (4, 4), (10, 200, 30))
    # 0.299 * 10 + 0.587 * 200 + 0.114 * 30 = 123.81
    assert read_image(save(image), 1, channels=1).tolist() == [[[124]]]


@pytest.mark.parametrize(
    "value, expected", [(0, 0), (0x8080, 128), (0xFFFF, 255), (257, 1), (100, 0), (300, 1)]
)
def test_16_bit_grey_is_scaled_and_not_clipped(save, value, expected):
    rows = (b"\0" + struct.pack(">4H", *[value] * 4)) * 4
    assert read_image(save(png_file(4, 4, 16, 0, zlib.compress(rows))), 1)[0, 0, 0] == expected


def test_16_bit_grey_with_a_transparent_value(save):
    rows = (b"\0" + struct.pack(">4H", 5000, 5000, 5001, 5001)) * 4
    transparent = png_chunk(b"tRNS", struct.pack(">H", 5000))
    path = save(png_file(4, 4, 16, 0, zlib.compress(rows), transparent))
    assert read_image(path, 4)[0, :, 0].tolist() == [255, 255, 19, 19]


@pytest.mark.parametrize(
    "mode, values, expected",
    [
        ("I", [0, 32896, 65535], [0, 128, 255]),
        ("I", [0, 2**30, 2**31 - 1], [0, 128, 255]),
        ("I;16", [0, 32896, 65535], [0, 128, 255]),
        ("F", [0.0, 0.5, 1.0], [0, 128, 255]),
        ("F", [0.0, 100.0, 255.0], [0, 100, 255]),
        ("F", [-1.0, 32896.0, 65535.0], [0, 128, 255]),
    ],
)
def test_modes_without_a_range_are_scaled(mode, values, expected):
    image = Image.new(mode, (3, 3))
    for place, value in enumerate(values * 3):
        image.putpixel((place % 3, place // 3), value)
    assert fit_square(image, 3, channels=1)[0, :, 0].tolist() == expected


def test_transparency_is_laid_on_white(save):
    half_red = Image.new("RGBA", (4, 4), (*RED, 128))
    # 0 * 128 / 255 + 255 * 127 / 255 = 127
    assert read_image(save(half_red), 1).tolist() == [[[255, 127, 127]]]
    grey = Image.new("LA", (4, 4), (0, 51))
    assert read_image(save(grey), 1, channels=1).tolist() == [[[204]]]
    assert read_image(save(Image.new("RGBA", (4, 4), (*RED, 0)), "WEBP"), 1).min() == 255


@pytest.mark.parametrize(
    "mode, colour, transparency",
    [("RGB", RED, RED), ("L", 9, 9), ("P", 1, 1), ("P", 1, b"\xff\0"), ("1", 0, 0)],
)
def test_transparent_colour_is_white(save, mode, colour, transparency):
    image = Image.new(mode, (4, 4), colour)
    if mode == "P":
        image.putpalette([0, 0, 0, *RED])
    assert read_image(save(image, transparency=transparency), 1).tolist() == [[[255] * 3]]
    assert read_image(save(image), 1).tolist() != [[[255] * 3]]


def test_palette_is_looked_up_before_resizing(save):
    image = Image.fromarray((np.indices((64, 64)).sum(axis=0) % 2).astype(np.uint8)).convert("P")
    image.putpalette([255, 0, 0, 0, 0, 255])
    pixels = read_image(save(image), 4).astype(int)
    assert abs(pixels - [128, 0, 128]).max() <= 1


def test_cmyk_as_adobe_writes_it(save):
    cmyk = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    content = encoded(cmyk, "JPEG", quality=100)
    assert b"Adobe" in content
    assert abs(read_image(save(content), 1).astype(int) - RED).max() <= 2


def test_cmyk_without_adobe_is_not_inverted(save):
    content = encoded(Image.new("CMYK", (16, 16), (255, 0, 0, 255)), "JPEG", quality=100)
    start = content.index(b"\xff\xee")
    content = content[:start] + content[start + 16 :]
    assert b"Adobe" not in content
    assert abs(read_image(save(content), 1).astype(int) - RED).max() <= 2


def test_ycck(save):
    # Adobe keeps the inverted cyan, magenta, yellow of red, which look like cyan, as YCbCr.
    y, cb, cr = Image.new("RGB", (1, 1), (0, 255, 255)).convert("YCbCr").getpixel((0, 0))
    stored = Image.new("CMYK", (16, 16), (255 - y, 255 - cb, 255 - cr, 0))
    content = bytearray(encoded(stored, "JPEG", quality=100))
    content[content.index(b"Adobe") + 11] = 2
    assert abs(read_image(save(bytes(content)), 1).astype(int) - RED).max() <= 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_turned_upright(save, orientation, format):
    quarters = np.zeros((32, 48, 3), np.uint8)
    quarters[:16, :24], quarters[:16, 24:] = (200, 0, 0), (0, 200, 0)
    quarters[16:, :24], quarters[16:, 24:] = (0, 0, 200), (200, 200, 200)
    # Where EXIF says the first row and the first column of the file belong.
    upright = {
        1: quarters,
        2: quarters[:, ::-1],
        3: quarters[::-1, ::-1],
        4: quarters[::-1],
        5: quarters.transpose(1, 0, 2),
        6: quarters.transpose(1, 0, 2)[:, ::-1],
        7: quarters.transpose(1, 0, 2)[::-1, ::-1],
        8: quarters.transpose(1, 0, 2)[::-1],
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 100, "subsampling": 0} if format == "JPEG" else {"lossless": True}
    image = open_image(save(quarters, format, exif=exif, **options))
    assert image.size == image.info["original_size"] == upright.shape[1::-1]
    assert image.format == format
    assert abs(np.array(image.convert("RGB")).astype(int) - upright)[::12, ::12].max() <= 8


def test_first_frame_of_animations(save):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    for format in ("GIF", "PNG", "WEBP"):
        options = {"lossless": True} if format == "WEBP" else {}
        path = save(frames[0], format, save_all=True, append_images=frames[1:], **options)
        assert read_image(path, 1).tolist() == [[list(RED)]], format


def test_draft_decodes_large_jpegs_smaller_and_alike(save):
    path = save(photograph(1600, 1200), "JPEG", quality=95)
    drafted, whole = open_image(path, target_size=64), open_image(path)
    assert whole.size == drafted.info["original_size"] == (1600, 1200)
    assert drafted.size == (200, 150)
    difference = fit_square(drafted, 64).astype(int) - fit_square(whole, 64)
    assert abs(difference).mean() < 2
    assert open_image(path, target_size=600).size == (1600, 1200)
