"""Training from every source, by settings alone."""

import gzip
import struct

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.conftest import assert_same_state, state_of
from tests.data.sources.test_tfds import TinyDishes  # noqa: F401 Registers itself.
from tests.runs.tiny import tiny
from tfgan_lab.data import convert, plates
from tfgan_lab.data.sources import FolderSource
from tfgan_lab.plots import png_bytes
from tfgan_lab.runs import ConfigError, load_images, train
from tfgan_lab.runs.settings.named_source import open_source

FROM_FILES = {"drawn": "", "num_drawn": 345, "epochs": 1}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Five plates as a folder, shards, npz and idx."""
    root = tmp_path_factory.mktemp("sources")
    images = plates(5, image_size=16).images
    (root / "folder").mkdir()
    for index, image in enumerate(images):
        (root / "folder" / f"{index}.png").write_bytes(png_bytes(image))
    convert(FolderSource(root / "folder"), root / "shards", image_size=16, shard_size=3)
    convert(FolderSource(root / "folder"), root / "npz", format="npz", image_size=16)
    header = bytes([0, 0, 8, 4]) + struct.pack(">4I", *images.shape)
    (root / "a-images-idx4-ubyte.gz").write_bytes(gzip.compress(header + images.tobytes()))
    return root


@pytest.mark.slow
def test_every_source_trains_to_the_same_bits(root, tmp_path, capsys):
    model, _ = train(tiny(tmp_path / "run", data_dir=str(root / "folder"), **FROM_FILES))
    kinds = {
        "shards": "TFRecord shards",
        "npz/images.npz": "an npz file",
        "a-images-idx4-ubyte.gz": "an idx file",
    }
    for name, kind in kinds.items():
        config = tiny(tmp_path / name.replace("/", "_"), data_dir=str(root / name), **FROM_FILES)
        other, images = train(config)
        assert_same_state(state_of(model), state_of(other))
        assert f"5 images from {root / name} ({kind}).\n" in capsys.readouterr().out
        batch = next(iter(images.dataset()))
        assert batch["image"].shape == (4, 16, 16, 3)


def test_a_run_goes_on_from_another_source_of_the_same_images(root, tmp_path):
    train(tiny(tmp_path, data_dir=str(root / "folder"), **FROM_FILES), verbose=0)
    again = tiny(tmp_path, data_dir=str(root / "shards"), **FROM_FILES | {"epochs": 2})
    model, _ = train(again, verbose=0)
    assert int(model.step.numpy()) == 4


def test_trains_on_one_class_of_a_tensorflow_data_set(tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path_factory.getbasetemp() / "tfds"))
    config = tiny(tmp_path, tfds_name="tiny_dishes/classes", tfds_label="B", **FROM_FILES)
    model, images = train(config, verbose=0)
    assert len(images) == 4 and int(model.step.numpy()) == 1
    assert tfds.builder("tiny_dishes/classes").info.name == "tiny_dishes"


def test_subsets_and_mirrored_copies(root):
    shared = FROM_FILES | {"data_dir": str(root / "folder"), "augment_flip": False}
    half = load_images(tiny("", subset=0.6, mirrored_copies=True, **shared))
    whole = load_images(tiny("", **shared))
    assert len(half) == 6 and set(half.names[:3]) < set(whole.names)
    assert half.names[3] == f"{half.names[0]}, mirrored"
    np.testing.assert_array_equal(half.images[3:], half.images[:3, :, ::-1])
    for name, image in zip(half.names[:3], half.images[:3], strict=True):
        np.testing.assert_array_equal(image, whole.images[whole.names.index(name)])
    other = load_images(tiny("", subset=0.6, seed=4, **shared))
    assert other.names != half.names[:3]
    smaller = load_images(tiny("", subset=0.4, **shared))
    assert set(smaller.names) < set(half.names)
    with pytest.raises(ConfigError, match="at least 2 images in a subset.*share=0.2 of 5"):
        load_images(tiny("", subset=0.2, **shared))


def test_drawn_images_as_a_source():
    settings = tiny("").to_dict()
    source = open_source(settings)
    images = load_images(tiny(""))
    assert len(source) == 10 and source.class_names == images.class_names
    for record, image, label in zip(source, images.images, images.labels, strict=True):
        np.testing.assert_array_equal(record.content, image)
        assert record.label == label
