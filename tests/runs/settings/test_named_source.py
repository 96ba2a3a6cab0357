"""Training from every source, by settings alone."""

import contextlib
import os
import shutil

import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.data.sources.test_tfds import TinyDishes  # noqa: F401 Registers itself.
from tests.runs.tiny import tiny
from tfgan_lab.data import convert, inspect_source, plates
from tfgan_lab.data.sources import FolderSource, folder
from tfgan_lab.plots import png_bytes
from tfgan_lab.runs import ConfigError, RunConfig, load_images, train
from tfgan_lab.runs.settings.named_source import open_source
from tfgan_lab.runs.settings.small_data import explain

FROM_FILES = {"drawn": "", "num_drawn": 345, "epochs": 1}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Five plates as a folder and as shards."""
    root = tmp_path_factory.mktemp("sources")
    images = plates(5, image_size=16).images
    (root / "folder").mkdir()
    for index, image in enumerate(images):
        (root / "folder" / f"{index}.png").write_bytes(png_bytes(image))
    convert(FolderSource(root / "folder"), root / "shards", image_size=16, shard_size=3)
    return root


def test_a_run_resumes_from_another_source_of_the_same_images(root, tmp_path, capsys):
    train(tiny(tmp_path, data_dir=str(root / "folder"), **FROM_FILES), verbose=0)
    assert f"5 images from {root / 'folder'} (a folder).\n" in capsys.readouterr().out
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


def test_drawn_images_are_inspected_as_they_are_trained_on():
    source, images = open_source(tiny("").to_dict()), load_images(tiny(""))
    found = inspect_source(source, image_size=16).usable
    assert tuple(file.path for file in found) == images.names and len(source) == 10
    assert [file.label for file in found] == images.labels.tolist()


@pytest.fixture
def listings(root, monkeypatch):
    """The folders that were listed; that of ``root`` has not changed for a while."""
    listed, list_all = [], folder.list_files_and_folders

    def count(path):
        listed.append(path.name)
        return list_all(path)

    monkeypatch.setattr(folder, "list_files_and_folders", count)
    os.utime(root / "folder", (1e9, 1e9))
    return listed


@pytest.mark.parametrize("conditional", [False, True])
def test_a_start_lists_the_folder_once(conditional, root, listings):
    settings = {"drawn": "", "data_dir": str(root / "folder"), "conditional": conditional}
    config = RunConfig.from_preset(**settings | {"preset": "small-data", "image_size": 64})
    explain(config)
    with contextlib.suppress(ConfigError):  # There is no class in it.
        load_images(config)
    assert listings == ["folder"]


def test_a_folder_that_changed_is_listed_again(root, listings):
    settings = tiny("", data_dir=str(root / "folder"), **FROM_FILES).to_dict()
    assert open_source(settings) is open_source(settings) and len(listings) == 1
    inner = root / "folder" / "inner"
    inner.mkdir()
    assert len(open_source(settings)) == 5 and len(listings) == 2
    for path in (inner, inner.parent):
        os.utime(path, (1e9, 1e9))
    open_source(settings)
    (inner / "more.png").write_bytes(b"")
    assert len(open_source(settings)) == 6
    # What was changed a moment ago may be changed again without a later time to it.
    times = os.stat(inner)
    (inner / "still more.png").write_bytes(b"")
    os.utime(inner, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert len(open_source(settings)) == 7
    shutil.rmtree(inner)
    assert len(open_source(settings)) == 5


def test_shards_are_kept_until_they_change(root):
    settings = {"drawn": "", "tfds_name": "", "data_dir": str(root / "shards")}
    for path in [root / "shards", *(root / "shards").iterdir()]:
        os.utime(path, (1e9, 1e9))
    source = open_source(settings)
    assert open_source(settings) is source
    os.utime(root / "shards/images-00000.tfrecord", (1e9, 2e9))
    assert open_source(settings) is not source
