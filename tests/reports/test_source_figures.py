import json

import numpy as np
import pytest
from PIL import Image

from tfgan_lab.data import inspect_source, plates
from tfgan_lab.data.sources import ArraySource, FolderSource
from tfgan_lab.data.statistics import Statistics
from tfgan_lab.plots import png_bytes
from tfgan_lab.reports import draw_exploration

R1 = ["fig_01_samples", "fig_02_file_sizes", "fig_03_pixel_statistics", "fig_04_farthest",
      "fig_05_channel_statistics"]  # fmt: skip
OTHERS = ["colour_histograms", "brightness", "aspect_ratios"]


def explore(source, folder, image_size=16):
    statistics = Statistics(image_size)
    inspect_source(source, image_size=image_size, statistics=statistics)
    figures = draw_exploration(source, statistics, folder)
    index = json.loads((figures / "index.json").read_text())
    return figures, {entry["file"].removesuffix(".png"): entry["caption"] for entry in index}


def test_all_figures_with_captions(tmp_path):
    drawn = plates(30, image_size=16).images
    figures, captions = explore(ArraySource(np.concatenate([drawn, drawn[4:6, :, ::-1]])), tmp_path)
    assert list(captions) == [*R1, "near_duplicates", *OTHERS]
    for name in captions:
        with Image.open(figures / f"{name}.png") as image:
            assert min(image.size) > 150 and np.asarray(image.convert("L")).std() > 3
    assert captions["fig_01_samples"].startswith("Figure 1: samples of the 32 images in the arr")
    assert "4 images in 2 groups" in captions["near_duplicates"]


def test_skipped_files_do_not_shift_the_rest(tmp_path):
    """Images to be shown are read again by their place among all files."""
    folder = tmp_path / "images"
    folder.mkdir()
    images = plates(20, image_size=16).images
    for index, image in enumerate(images):
        (folder / f"{index:02d}.png").write_bytes(png_bytes(image))
    for name in ("00a.png", "05a.png"):
        (folder / name).write_text("no image")
    _, captions = explore(FolderSource(folder), tmp_path / "out")
    assert "20 images" in captions["fig_01_samples"]
    statistics = Statistics(16)
    inspect_source(FolderSource(folder), image_size=16, statistics=statistics)
    assert statistics.indices[:7] == [0, 2, 3, 4, 5, 6, 8]


def test_two_images_are_enough_and_none_too_few(tmp_path):
    _, captions = explore(ArraySource(plates(2, image_size=16).images), tmp_path)
    assert "fig_04_farthest" not in captions and "fig_03_pixel_statistics" in captions
    with pytest.raises(ValueError, match="Expected images in the array. Received: none to draw"):
        explore(ArraySource(np.zeros((0, 4, 4), np.uint8)), tmp_path)
