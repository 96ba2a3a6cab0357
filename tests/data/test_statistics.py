import subprocess
import sys

import numpy as np
import pytest

from tfgan_lab.data import inspect_source
from tfgan_lab.data.sources import ArraySource
from tfgan_lab.data.statistics import PixelStatistics, Statistics, read_again


def pixels(count=50, size=6):
    return np.random.default_rng(0).integers(0, 256, (count, size, size, 3)).astype(np.uint8)


def test_one_pass_is_what_numpy_says_of_all_at_once():
    images = pixels()
    statistics = PixelStatistics()
    for start in range(0, 50, 7):
        statistics.update(images[start : start + 7])
    statistics.update(images[:0])
    assert statistics.count == 50
    np.testing.assert_array_equal(statistics.minimum, images.min(axis=0))
    np.testing.assert_array_equal(statistics.maximum, images.max(axis=0))
    np.testing.assert_allclose(statistics.mean, images.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(statistics.variance, images.var(axis=0), rtol=1e-11)
    np.testing.assert_allclose(statistics.standard_deviation, images.std(axis=0), rtol=1e-11)


def test_order_and_batches_change_no_bit():
    equal = PixelStatistics()
    equal.update(np.full((7, 2, 2, 1), 173, np.uint8))
    assert equal.variance.max() == 0.0 and equal.mean.min() == 173.0
    images = pixels()
    one, other = PixelStatistics(), PixelStatistics()
    one.update(images)
    for image in images[::-1]:
        other.update(image[None])
    np.testing.assert_array_equal(one.variance, other.variance)
    np.testing.assert_array_equal(one.mean, other.mean)


def test_refuses_other_sizes():
    statistics = PixelStatistics()
    statistics.update(pixels(2, 6))
    with pytest.raises(ValueError, match=r"shape \(n, 6, 6, 3\). Received: uint8 of shape \(2, 4"):
        statistics.update(pixels(2, 4))
    with pytest.raises(ValueError, match="Received: float64"):
        statistics.update(pixels(2, 6) / 255)


def test_statistics_are_taken_while_inspecting():
    images = pixels(9, 12)
    images[7] = images[2, :, ::-1]
    source = ArraySource(images)
    statistics = Statistics(12)
    inspection = inspect_source(source, image_size=12, statistics=statistics)
    assert tuple(statistics.files) == inspection.usable and len(statistics) == 9
    np.testing.assert_array_equal(statistics.pixels.maximum, images.max(axis=0))
    np.testing.assert_array_equal(
        statistics.histogram[1], np.bincount(images[..., 1].ravel(), minlength=256)
    )
    luma = images.mean(axis=(1, 2)) @ (0.299, 0.587, 0.114)
    np.testing.assert_allclose(statistics.brightness, luma)
    assert statistics.near_duplicates() == [[2, 7]]
    assert statistics.thumbnails.shape == (9, 16, 16, 3)


def test_images_are_read_again_by_their_places(tmp_path):
    images = pixels(5, 8)
    source = ArraySource(images)
    np.testing.assert_array_equal(read_again(source, [3, 0, 3], 8), images[[3, 0, 3]])
    assert read_again(source, [], 8).shape == (0, 8, 8, 3)


def test_exploring_a_folder_needs_no_tensorflow(tmp_path):
    code = f"""
import sys
import numpy as np
from PIL import Image
from tfgan_lab.command_line.main import main
for index in range(4):
    pixels = np.random.default_rng(index).integers(0, 256, (20, 20, 3)).astype(np.uint8)
    Image.fromarray(pixels).save({str(tmp_path)!r} + f"/{{index}}.png")
assert main(["inspect", {str(tmp_path)!r}, "--figures", "--output={tmp_path}/out"]) == 0
print("tensorflow" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")
    assert (tmp_path / "out" / "figures" / "index.json").exists()
