import json

import numpy as np
import pytest

from tests.data.odd_files import encoded, photograph
from tfgan_lab.data import convert, from_source, plates
from tfgan_lab.data.sources import ArraySource, FolderSource, open_source


@pytest.fixture
def folder(tmp_path):
    """Six images in two classes, and a file that is none."""
    for index in range(6):
        path = tmp_path / "images" / "ab"[index % 2] / f"{index}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(photograph(60 + index, 40), "JPEG"))
    (tmp_path / "images" / "notes.txt").write_text("no image")
    return tmp_path / "images"


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("format", ["tfrecord", "npz"])
def test_training_on_the_conversion_is_training_on_the_source(format, channels, folder, tmp_path):
    source = FolderSource(folder, labels="folders")
    manifest = convert(source, tmp_path / "out", format=format, image_size=16, channels=channels,
                       shard_size=4)  # fmt: skip
    options = {"image_size": 16, "channels": channels}
    before, after = from_source(source, **options), from_source(tmp_path / "out", **options)
    assert after.fingerprint() == before.fingerprint() and after.names == before.names
    assert after.class_names == ("a", "b") and not after.skipped
    assert manifest["left_out"] == [["notes.txt", "not an image"]]
    counts = [file["num_images"] for file in manifest["files"]]
    assert counts == ([4, 2] if format == "tfrecord" else [6]) and manifest["num_images"] == 6
    assert manifest == json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert len(open_source(tmp_path / "out")) == 6


def test_images_kept_as_they_are(folder, tmp_path):
    convert(FolderSource(folder), tmp_path / "out", image_size=0)
    records = {record.name: record.content for record in open_source(tmp_path / "out")}
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.jpg")
    }
    assert records == files
    arrays = ArraySource(np.zeros((2, 5, 7, 1), np.uint8))
    convert(arrays, tmp_path / "grey", image_size=0)
    assert from_source(tmp_path / "grey", image_size=5, channels=1).images.max() == 0


def test_classes_by_number_keep_their_names(tmp_path):
    drawn = plates(6, image_size=16)
    source = ArraySource(drawn.images, drawn.labels, drawn.class_names)
    for format in ("tfrecord", "npz"):
        convert(source, tmp_path / format, format=format, image_size=16)
        again = from_source(tmp_path / format, image_size=16)
        assert again.fingerprint() == drawn.fingerprint()
        assert again.class_names == drawn.class_names


def test_changed_or_missing_shards_are_skipped_and_named(folder, tmp_path):
    out = tmp_path / "out"
    convert(FolderSource(folder), out, image_size=16, shard_size=2)
    shards = sorted(out.glob("*.tfrecord"))
    content = bytearray(shards[0].read_bytes())
    content[100] ^= 1
    shards[0].write_bytes(content)
    images = from_source(out, image_size=16)
    problem = "damaged: its SHA-256 is not the manifest's"
    assert images.skipped == (("images-00000.tfrecord", problem),) and len(images) == 4
    shards[1].unlink()
    assert from_source(out, image_size=16).skipped[1] == ("images-00001.tfrecord", "missing")
    shards[2].write_bytes(b"")
    with pytest.raises(ValueError, match="images-00000.tfrecord, damaged: .*; convert again"):
        from_source(out)


def test_a_changed_npz_is_refused(folder, tmp_path):
    convert(FolderSource(folder), tmp_path / "out", format="npz", image_size=16)
    with open(tmp_path / "out" / "images.npz", "ab") as file:
        file.write(b"more")
    with pytest.raises(ValueError, match="manifest in .*images.npz, damaged: its SHA-256"):
        open_source(tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "Expected JSON in .*manifest.json"),
        ("[]", "a manifest that this package did not write"),
        ('{"format": "tfrecord", "files": [], "class_names": []}', "0 of format 'tfrecord'"),
        (
            '{"format": "zip", "files": [{"file": "a", "sha256": ""}], "class_names": []}',
            "format tfrecord or npz .*Received: 1 of format 'zip'",
        ),
        (
            '{"format": "npz", "files": [{"file": "../a", "sha256": ""}], "class_names": []}',
            "beside .*manifest.json",
        ),
    ],
)
def test_manifests_that_are_none(content, message, tmp_path):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ValueError, match=message):
        open_source(tmp_path)


def test_an_earlier_conversion_is_replaced_only_if_told_so(folder, tmp_path):
    out = tmp_path / "out"
    convert(FolderSource(folder), out, image_size=16, shard_size=2)
    with pytest.raises(
        ValueError, match="empty folder.*images-00000.tfrecord; --overwrite replaces"
    ):
        convert(FolderSource(folder), out, image_size=8)
    convert(FolderSource(folder), out, format="npz", image_size=8, overwrite=True)
    assert sorted(path.name for path in out.iterdir()) == ["images.npz", "manifest.json"]
    (out / "diary.txt").write_text("mine")
    with pytest.raises(ValueError, match="empty folder to write to. Received: .*diary.txt$"):
        convert(FolderSource(folder), out, image_size=8, overwrite=True)
    assert (out / "diary.txt").exists()


def test_nothing_is_left_of_a_conversion_that_fails(folder, tmp_path):
    bad = ArraySource(np.zeros((3, 4, 4), np.uint8), [0, 1, 5], ["a", "b"])
    with pytest.raises(ValueError, match="labels from 0 to 1.*Received: 5"):
        convert(bad, tmp_path / "out", image_size=8)
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "a.jpg").write_bytes(b"")
    for format in ("tfrecord", "npz"):
        with pytest.raises(ValueError, match="0 of 1 files can be used, the first, a.jpg: empty"):
            convert(FolderSource(tmp_path / "none"), tmp_path / "out", format=format)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "zip"}, "format out of tfrecord, npz. Received: 'zip'"),
        ({"format": "npz", "image_size": 0}, "image_size from 1, or 0 with format='tfrecord'"),
        ({"image_size": -1}, "image_size from 1.*image_size=-1"),
        ({"shard_size": 0}, "shard_size from 1. Received: shard_size=0"),
    ],
)
def test_refuses(arguments, message, folder, tmp_path):
    with pytest.raises(ValueError, match=message):
        convert(FolderSource(folder), tmp_path / "out", **arguments)
    assert not (tmp_path / "out").exists()
