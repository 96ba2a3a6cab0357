import re

import numpy as np
import pytest
from PIL import Image

from tests.data.odd_files import GOOD, write_odd_files
from tfgan_lab.data import from_folder, plates


def save(path, colour, size=(12, 12)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def test_every_odd_file_is_used_or_named(tmp_path):
    expected = write_odd_files(tmp_path)
    images = from_folder(tmp_path, image_size=16, augmentation=None)
    good = {name for name, outcome in expected.items() if outcome == GOOD}
    reasons = dict(images.skipped)
    assert set(images.names) == good and len(good) >= 30
    assert reasons.keys() == expected.keys() - good and len(reasons) >= 30
    for name, reason in reasons.items():
        assert re.search(expected[name], reason), (name, reason)
    assert images.images.shape[1:] == (16, 16, 3)


def test_order_of_paths_and_classes_by_folder(tmp_path):
    for index, name in enumerate(["dogs/b.png", "cats/deep/er/c.png", "cats/a.png"]):
        save(tmp_path / name, (index * 50, 0, 0))
    images = from_folder(tmp_path, image_size=8, labels="folders", augmentation=None)
    assert images.names == ("cats/a.png", "cats/deep/er/c.png", "dogs/b.png")
    assert images.class_names == ("cats", "dogs")
    np.testing.assert_array_equal(images.labels, [0, 0, 1])
    np.testing.assert_array_equal(images.images[:, 0, 0, 0], [100, 50, 0])


def test_grey(tmp_path):
    for index in range(2):
        save(tmp_path / f"{index}.png", (10, 200, 30))
    images = from_folder(tmp_path, image_size=8, channels=1)
    assert images.images.shape == (2, 8, 8, 1)
    assert abs(int(images.images[0, 0, 0, 0]) - (0.299 * 10 + 0.587 * 200 + 0.114 * 30)) < 1


def test_refuses(tmp_path):
    with pytest.raises(FileNotFoundError, match="Expected a folder"):
        from_folder(tmp_path / "missing")
    save(tmp_path / "one.png", "red")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(
        ValueError, match="at least 2 usable.*Received: 1 of 2 files.*tfgan-lab insp"
    ):
        from_folder(tmp_path)
    save(tmp_path / "two.png", "red")
    with pytest.raises(ValueError, match="subfolder named after its class.*Received: 2 images"):
        from_folder(tmp_path, labels="folders")
    with pytest.raises(ValueError, match='labels to be None or "folders".*other'):
        from_folder(tmp_path, labels="other")


def test_plates_are_labelled_by_their_modes():
    images = plates(6, image_size=32, seed=4)
    assert len(images) == 6 and len(images.class_names) == 20
    np.testing.assert_array_equal(images.labels, images.factors["mode"])
    np.testing.assert_array_equal(images.images, plates(8, image_size=32, seed=4).images[:6])


@pytest.mark.parametrize(("name", "count"), [("bowls", 345), ("monet", 300), ("faces", 530)])
def test_real_folders(real_images, name, count):
    images = from_folder(real_images / name, image_size=32)
    assert len(images) == count and not images.skipped
    assert 30 < images.images.mean() < 225 and images.images.std() > 30
