"""What must hold for every source alike."""

import gzip
import struct

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

from tests.data.odd_files import encoded
from tfgan_lab.data import from_arrays, from_folder, from_source, from_tfds, inspect_source
from tfgan_lab.data.sources import NpzSource, open_source
from tfgan_lab.data.sources.tfrecord import encode_example

LABELS = [0, 0, 1, 1, 2]
CLASSES = ["bowl", "cup", "pan"]


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(0).integers(0, 256, (5, 12, 12, 3)).astype(np.uint8)


def write_idx(path, values):
    header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(header + values.tobytes()))


@pytest.fixture(scope="module")
def sources(pixels, tmp_path_factory):
    """The same five images in every way there is."""
    root = tmp_path_factory.mktemp("sources")
    pngs = [encoded(Image.fromarray(image), "PNG") for image in pixels]
    for index, (png, label) in enumerate(zip(pngs, LABELS, strict=True)):
        for folder in ("folder", "tfds/train"):
            path = root / folder / CLASSES[label] / f"{index}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png)
    (root / "shards").mkdir()
    for shard in range(2):
        with tf.io.TFRecordWriter(str(root / "shards" / f"{shard}.tfrec")) as writer:
            for index in range(3 * shard, min(3 * shard + 3, 5)):
                name = f"{CLASSES[LABELS[index]]}/{index}.png"
                writer.write(encode_example(pngs[index], name, CLASSES[LABELS[index]]))
    np.savez(root / "images.npz", images=pixels, labels=LABELS, class_names=CLASSES)
    write_idx(root / "train-images-idx4-ubyte.gz", pixels)
    write_idx(root / "train-labels-idx1-ubyte.gz", np.array(LABELS, np.uint8))
    return root


def read(kind, root, pixels, **options):
    options = {"image_size": 8, "seed": 3, "batch_size": 2} | options
    if kind == "folder":
        return from_folder(root / "folder", labels="folders", **options)
    if kind == "arrays":
        return from_arrays(pixels, LABELS, CLASSES, **options)
    if kind == "tfds":
        return from_tfds(tfds.ImageFolder(str(root / "tfds")), split="train", **options)
    names = {"shards": "shards", "npz": "images.npz", "idx": "train-images-idx4-ubyte.gz"}
    return from_source(root / names[kind], **options)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["arrays", "shards", "npz", "idx", "tfds"])
def test_every_source_gives_the_same_set_as_the_folder(kind, channels, sources, pixels):
    folder = read("folder", sources, pixels, channels=channels)
    other = read(kind, sources, pixels, channels=channels)
    order = np.arange(5)
    if kind == "tfds":  # It shuffles the files of an image folder once, by a fixed seed.
        order = np.argsort([int(name.removesuffix(".png")) for name in other.names])
    np.testing.assert_array_equal(other.images[order], folder.images)
    np.testing.assert_array_equal(other.labels[order], LABELS)
    assert other.class_names == (() if kind == "idx" else tuple(CLASSES))
    if kind != "tfds":
        assert other.fingerprint() == folder.fingerprint()
        one, two = (next(iter(each.dataset(start_step=4))) for each in (folder, other))
        np.testing.assert_array_equal(one["image"], two["image"])
        np.testing.assert_array_equal(one["label"], two["label"])
    assert not other.skipped


@pytest.mark.parametrize("kind", ["shards", "npz", "idx"])
def test_inspection_of_every_source(kind, sources):
    names = {"shards": "shards", "npz": "images.npz", "idx": "train-images-idx4-ubyte.gz"}
    source = open_source(sources / names[kind])
    assert len(source) == 5
    found = inspect_source(source, image_size=16)
    folder = inspect_source(open_source(sources / "folder"), image_size=16)
    assert [file.pixels_sha256 for file in found.usable] == [
        file.pixels_sha256 for file in folder.usable
    ]
    assert list(found.classes.values()) == [2, 2, 1]
    assert f"holds 5 {source.noun}s: 5 can be used" in found.describe()
    assert found.small and found.usable[0].width == 12


def test_a_source_is_named_with_its_kind(sources):
    kinds = {
        "folder": "a folder",
        "shards": "TFRecord shards",
        "shards/0.tfrec": "TFRecord shards",
        "images.npz": "an npz file",
        "train-images-idx4-ubyte.gz": "an idx file",
    }
    for name, kind in kinds.items():
        assert str(open_source(sources / name)) == f"{sources / name} ({kind})"


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        ([0, 0, 1, 1, 3], CLASSES, r"labels from 0 to 2.*3 classes have names.*3 at 00004"),
        ([0, 0, 1, 1, -1], (), "labels from 0 to 2147483647.*Received: -1 at 00004"),
        ([0, 0, 1], (), "one label for each of the 5 images.*Received: 3"),
        ([0.5, 0, 1, 1, 1], (), "labels as whole numbers.*Received: float64"),
        ([[0, 1]] * 5, (), r"labels as whole numbers.*shape \(5, 2\)"),
    ],
)
def test_labels_that_are_no_classes(labels, names, message, pixels):
    with pytest.raises(ValueError, match=message):
        from_arrays(pixels, labels, names)


def test_what_lies_at_a_path(tmp_path):
    with pytest.raises(FileNotFoundError, match="Expected a folder.*gone, not there"):
        open_source(tmp_path / "gone")
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(ValueError, match="npz, idx or TFRecord file. Received: the file .*notes.t"):
        open_source(tmp_path / "notes.txt")
    (tmp_path / "a.tfrec").write_bytes(gzip.compress(b"nothing"))
    with pytest.raises(ValueError, match="not compressed.*a.tfrec; unpack it with gunzip"):
        open_source(tmp_path / "a.tfrec")
    assert isinstance(open_source(_npz_without_ending(tmp_path)), NpzSource)


def _npz_without_ending(folder):
    np.savez(folder / "some.npz", images=np.zeros((3, 4, 4), np.uint8))
    return (folder / "some.npz").rename(folder / "some")
