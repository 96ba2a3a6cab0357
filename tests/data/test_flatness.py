import numpy as np
import pytest

from tfgan_lab.data.flatness import NUM_IMAGES, flatness
from tfgan_lab.data.sources import ArraySource, FolderSource


def image(num_flat, side=64):
    """Neighbours in the first columns differ by 9 levels, those in the others by 1 at most."""
    columns = np.arange(side)
    levels = np.where(columns < side - num_flat, 9 * (columns % 2), 5 + columns % 2)
    return np.broadcast_to(levels.astype(np.uint8), (side, side))


@pytest.mark.parametrize("num_flat", [0, 16, 63])
def test_counts_neighbours_at_most_one_level_apart(num_flat):
    # The step into the flat columns is of 4 levels or more.
    expected = max(num_flat - 1, 0) / 63
    assert flatness(ArraySource(image(num_flat)[None])) == pytest.approx(expected)


def test_takes_the_median_of_images_from_all_over_the_source():
    images = [image(0)] * NUM_IMAGES + [image(63)] * 2 * NUM_IMAGES
    assert flatness(ArraySource(np.stack(images))) == pytest.approx(62 / 63)


def test_what_cannot_be_read_does_not_count(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"")
    assert flatness(FolderSource(tmp_path)) == 0.0
