import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.data.odd_files import encoded
from tfgan_lab.data import from_source
from tfgan_lab.data.sources import TFRecordSource
from tfgan_lab.data.sources.tfrecord import _checksum, encode_example, is_tfrecord


def example(index, **changes):
    png = encoded(Image.new("RGB", (8, 8), (index, 0, 0)), "PNG")
    return encode_example(**({"image": png, "name": f"{index}.png", "label": None} | changes))


def write(path, contents):
    with tf.io.TFRecordWriter(str(path)) as writer:
        for content in contents:
            writer.write(content)
    return path


@pytest.fixture
def shard(tmp_path):
    """Six records, and where each begins."""
    contents = [example(index) for index in range(6)]
    begins = np.cumsum([0, *(len(content) + 16 for content in contents)])
    return write(tmp_path / "a.tfrec", contents), begins


def change(path, place, value=None):
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content if value is None else content[:value])


def names_and_problems(path):
    source = TFRecordSource([path])
    records = list(source)
    return [record.name for record in records if not record.problem], {
        record.name: record.problem for record in records if record.problem
    }


def test_checksum_of_the_standard():
    # CRC-32C of "123456789" is 0xE3069283 (RFC 3720's polynomial); masked as in TFRecord.
    crc = 0xE3069283
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    assert _checksum(b"123456789") == masked.to_bytes(4, "little")


def test_damaged_records_are_skipped_and_named(shard):
    path, begins = shard
    change(path, begins[1] + 20)
    change(path, begins[4] + 20)
    good, problems = names_and_problems(path)
    assert good == ["0.png", "2.png", "3.png", "5.png"]
    assert problems == {
        "a.tfrec, record 1": "damaged: its checksum is wrong",
        "a.tfrec, record 4": "damaged: its checksum is wrong",
    }
    images = from_source(path, image_size=8)
    assert images.images[:, 0, 0, 0].tolist() == [0, 2, 3, 5] and len(images.skipped) == 2


def test_a_damaged_length_loses_the_rest_of_its_shard_alone(shard, tmp_path):
    path, begins = shard
    change(path, begins[2])
    assert len(TFRecordSource([path])) == 3
    good, problems = names_and_problems(path)
    assert good == ["0.png", "1.png"]
    assert "with it the rest of the shard" in problems["a.tfrec, record 2"]
    other = write(tmp_path / "b.tfrec", [example(9)])
    assert [record.name for record in TFRecordSource([path, other])][-1] == "9.png"


def test_truncated_shard(shard):
    path, begins = shard
    change(path, 0, value=begins[4] + 30)
    change(path, 0)  # Changed back.
    good, problems = names_and_problems(path)
    assert good == ["0.png", "1.png", "2.png", "3.png"]
    assert "truncated: the shard ends" in problems["a.tfrec, record 4"]


def test_refuses_when_nothing_is_left(shard):
    path, begins = shard
    change(path, 0)
    with pytest.raises(ValueError, match="0 of 1 records, the first, a.tfrec, record 0: damaged"):
        from_source(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="at least 2 usable.*Received: 0 of 0 records"):
        from_source(path)
    with pytest.raises(ValueError, match="Expected TFRecord shards in nowhere. Received: none"):
        TFRecordSource([], "nowhere")


def test_wrong_feature_names(tmp_path):
    features = {"photo": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"x"]))}
    wrong = tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()
    path = write(tmp_path / "a.tfrec", [wrong, wrong])
    with pytest.raises(
        ValueError, match=r"0 of 2 records, .*no feature image .*image's bytes, but photo"
    ):
        from_source(path)
    path = write(tmp_path / "b.tfrec", [b"\xff\xff\xff", example(1), example(2)])
    assert from_source(path).skipped == (("b.tfrec, record 0", "not a tf.train.Example"),)


def test_an_image_within_can_be_broken_too(tmp_path):
    contents = [example(1), example(2), example(3, image=b"GIF89a nonsense"), example(4, image=b"")]
    images = from_source(write(tmp_path / "a.tfrec", contents))
    reasons = dict(images.skipped)
    assert (
        reasons["3.png"].startswith(("truncated", "damaged")) and reasons["4.png"] == "empty file"
    )


def test_targets_as_numbers_or_text(tmp_path):
    path = write(tmp_path / "a.tfrec", [example(i, label=label) for i, label in enumerate([3, 0])])
    assert from_source(path).labels.tolist() == [3, 0]
    path = write(tmp_path / "a.tfrec", [example(i, label=label) for i, label in enumerate("ba")])
    images = from_source(path)
    assert images.labels.tolist() == [1, 0] and images.class_names == ("a", "b")
    path = write(tmp_path / "a.tfrec", [example(0, label="a"), example(1)])
    with pytest.raises(ValueError, match="in a class. Received: 1 images in none, '1.png'"):
        from_source(path)
    path = write(tmp_path / "a.tfrec", [example(0, label="a"), example(1, label=0)])
    with pytest.raises(ValueError, match="Received: 'a' at 0.png"):
        from_source(path)


def test_told_by_its_first_bytes(shard, tmp_path):
    assert is_tfrecord(shard[0])
    (tmp_path / "b").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    assert not is_tfrecord(tmp_path / "b") and not is_tfrecord(tmp_path / "gone")
