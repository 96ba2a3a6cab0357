import numpy as np
import pytest
from PIL import Image

from tfgan_lab.data import from_folder, from_source, plates, vehicles
from tfgan_lab.data.drawn.plate_domains import draw_domains
from tfgan_lab.data.drawn.plates import draw_plates
from tfgan_lab.data.drawn.vehicles import draw_vehicles
from tfgan_lab.data.sources import DrawnDomains, DrawnSource


def save(path, colour, size=(12, 12)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def test_order_of_paths_and_classes_by_folder(tmp_path):
    for index, name in enumerate(["dogs/b.png", "cats/deep/er/c.png", "cats/a.png"]):
        save(tmp_path / name, (index * 50, 0, 0))
    images = from_folder(tmp_path, image_size=8, labels="folders", augmentation=None)
    assert images.names == ("cats/a.png", "cats/deep/er/c.png", "dogs/b.png")
    assert images.class_names == ("cats", "dogs")
    np.testing.assert_array_equal(images.labels, [0, 0, 1])
    np.testing.assert_array_equal(images.images[:, 0, 0, 0], [100, 50, 0])


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


@pytest.mark.parametrize(
    ("draw", "draw_all", "factor", "classes"),
    [(plates, draw_plates, "mode", 20), (vehicles, draw_vehicles, "body_type", 8)],
)
def test_drawn_images_are_what_is_drawn(draw, draw_all, factor, classes):
    images = draw(6, image_size=32, seed=4, augmentation=None, batch_size=2)
    drawn, factors = draw_all(6, image_size=32, seed=4)
    np.testing.assert_array_equal(images.images, drawn)
    np.testing.assert_array_equal(images.labels, factors[factor])
    assert images.factors.keys() == factors.keys() and images.num_classes == classes
    for name, values in factors.items():
        np.testing.assert_array_equal(images.factors[name], values)
        assert images.factors[name].dtype == values.dtype
    assert images.names[5] == f"{draw.__name__[:-1]}_00005"
    batch = next(iter(images.dataset()))
    assert batch["image"].shape == (2, 32, 32, 3) and batch["label"].dtype == "int32"


def test_drawn_domains_are_what_is_drawn():
    arguments = ("tablecloth", ("blue", "red"), 5, 16, 4)
    source, (drawn, domains, scenes) = DrawnDomains(*arguments), draw_domains(*arguments)
    images = from_source(source, image_size=16)
    np.testing.assert_array_equal(images.images, drawn)
    np.testing.assert_array_equal(images.labels, domains)
    assert images.class_names == ("blue", "red") and len(source) == 5
    assert images.names == tuple(f"plate_{scene:05d}" for scene in scenes)


def test_drawings_that_there_are_not():
    with pytest.raises(ValueError, match="Expected drawings out of plates, vehicles.*'houses'"):
        DrawnSource("houses", 3)
    with pytest.raises(ValueError, match="at least 2 usable images in plates. Received: 0 of 0"):
        plates(0)


@pytest.mark.parametrize(("name", "count"), [("bowls", 345), ("monet", 300), ("faces", 530)])
def test_real_folders(real_images, name, count):
    images = from_folder(real_images / name, image_size=32)
    assert len(images) == count and not images.skipped
    assert 30 < images.images.mean() < 225 and images.images.std() > 30
