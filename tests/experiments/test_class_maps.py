import numpy as np
import pytest

from experiments.class_maps import draw_class_maps, held_out_places
from tfgan_lab.data import ImageSet
from tfgan_lab.files import read_json
from tfgan_lab.reports.figures import FigureFolder


def marked(count, size=16):
    """Noise with a bright square: its corner is the class."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 90, (count, size, size, 1)).astype(np.uint8)
    labels = np.arange(count) % 4
    for image, label in zip(images, labels, strict=True):
        top, left = (label // 2) * size // 2, (label % 2) * size // 2
        kind = rng.integers(200, 255, (size // 2, size // 2, 1))
        # Pooling forgets places: classes differ by their pattern too.
        kind[:: label + 1] = 0
        image[top : top + size // 2, left : left + size // 2] = kind
    return images, labels


def test_learns_the_classes_and_draws_a_map_for_each(tmp_path):
    arrays, labels = marked(203)
    images = ImageSet(arrays, labels=labels)
    fakes, figures = arrays[:8].astype(np.float32) / 127.5 - 1, FigureFolder(tmp_path)
    accuracy = draw_class_maps(figures, images, fakes, labels[:8], steps=60)
    assert accuracy > 0.9
    figures.write_index()
    (entry,) = read_json(tmp_path / "figures" / "index.json")
    assert f"right on {accuracy:.1%}" in entry["caption"]
    assert (tmp_path / "figures" / entry["file"]).stat().st_size > 5000


def test_every_class_is_held_out_and_trained_on():
    # Labels in turns of five: every fifth image would be one class.
    labels = np.arange(30) % 5
    places = held_out_places(labels)
    assert sorted(labels[places]) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert places.tolist() == [0, 1, 2, 3, 4, 25, 26, 27, 28, 29]


def test_refuses_what_has_no_classes(tmp_path):
    images, labels = marked(40)
    with pytest.raises(ValueError, match="Expected labels of the images"):
        draw_class_maps(FigureFolder(tmp_path), ImageSet(images))
    with pytest.raises(ValueError, match="and of fakes where there are any"):
        draw_class_maps(FigureFolder(tmp_path), ImageSet(images, labels=labels), fakes=images)
    with pytest.raises(ValueError, match=r"an image of every class. Received: none of \[2, 3\]"):
        draw_class_maps(
            FigureFolder(tmp_path), ImageSet(images, labels=labels), images[:2], labels[:2], steps=1
        )
