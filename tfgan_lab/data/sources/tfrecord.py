"""TFRecord shards with encoded images, in the layout of Kaggle's competitions."""

import functools
import os
import pathlib
import struct

from tfgan_lab.data.sources.records import Record, Source

IMAGE_FEATURES = ("image", "image/encoded")
"""Names of the feature with the encoded image, the first that is there."""

NAME_FEATURES = ("image_name", "image/filename")
"""The same for its name."""

LABEL_FEATURES = ("target", "label", "image/class/label")
"""The same for its class: a whole number, or text."""

_HEADER_BYTES = 12  # length and its checksum, before each record
_FRAME_BYTES = 16  # and the record's own checksum behind it
_WRONG_FEATURES = "no feature "


class TFRecordSource(Source):
    """Every record of one or more shards, in the order of their names.

    A record is a ``tf.train.Example`` with ``image`` (bytes of a JPEG, PNG, ...), and perhaps
    ``image_name`` and ``target``. A damaged record is a problem of its own and the next one is
    read all the same; where a record's length is damaged too, the rest of its shard is lost.

    Args:
        paths: files.
        location: str, what to call them; the path of a single one unless given.
        class_names: names of the classes, where targets are their places in this list.
        problems: dict of a path out of ``paths`` to the reason why it should not be read at all.

    Raises:
        ValueError: no shards.
    """

    kind = "TFRecord shards"
    noun = "record"

    def __init__(self, paths, location=None, class_names=(), problems=None):
        self._paths = [pathlib.Path(path) for path in paths]
        if not self._paths:
            raise ValueError(f"Expected TFRecord shards in {location}. Received: none")
        super().__init__(location or self._paths[0])
        self.class_names = tuple(class_names)
        self.watched = sorted({path.parent for path in self._paths}) + self._paths
        self._problems = {pathlib.Path(path): reason for path, reason in (problems or {}).items()}

    @functools.cached_property
    def _count(self):
        return sum(1 if p in self._problems else _frames(p)[0] for p in self._paths)

    def __len__(self):
        """Number of records by the lengths that stand before each."""
        return self._count

    def __iter__(self):
        """See the base class."""
        for path in self._paths:
            if path in self._problems:
                yield Record(path.name, None, problem=self._problems[path])
                continue
            for index, (content, problem) in enumerate(_read_shard(path)):
                name = f"{path.name}, record {index}"
                yield Record(name, None, problem=problem) if problem else _parse(content, name)


def is_tfrecord(path) -> bool:
    """Whether a file begins like a TFRecord shard: a length, and the right checksum of it.

    Args:
        path: file.
    """
    try:
        with open(path, "rb") as file:
            return _length(file.read(_HEADER_BYTES)) is not None
    except OSError:
        return False


def encode_example(image, name, label=None) -> bytes:
    """Encodes a record.

    Args:
        image: bytes of an encoded image.
        name: str.
        label: int, str or ``None``.

    Returns:
        Bytes of a ``tf.train.Example`` with ``image``, ``image_name`` and, with a label,
        ``target``.
    """
    import tensorflow as tf

    def of_bytes(value):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    features = {"image": of_bytes(image), "image_name": of_bytes(os.fsencode(name))}
    if isinstance(label, str):
        features["target"] = of_bytes(label.encode())
    elif label is not None:
        features["target"] = tf.train.Feature(int64_list=tf.train.Int64List(value=[label]))
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString(deterministic=True)


def _parse(content, name):
    import tensorflow as tf
    from google.protobuf.message import DecodeError

    try:
        features = tf.train.Example.FromString(content).features.feature
    except DecodeError:
        return Record(name, None, problem="not a tf.train.Example")
    image = _first(features, IMAGE_FEATURES)
    if not isinstance(image, bytes):
        there = ", ".join(sorted(features)) or "none"
        wanted = f"{IMAGE_FEATURES[0]} (or {IMAGE_FEATURES[1]}) with an image's bytes"
        return Record(name, None, problem=f"{_WRONG_FEATURES}{wanted}, but {there}")
    given = _first(features, NAME_FEATURES)
    label = _first(features, LABEL_FEATURES)
    if isinstance(label, float):
        return Record(name, None, problem=f"a target of {label:g}, which is no class")
    return Record(
        os.fsdecode(given) if isinstance(given, bytes) and given else name,
        image,
        label.decode(errors="replace") if isinstance(label, bytes) else label,
    )


def _first(features, names):
    """The single value of the first feature that is there, else ``None``."""
    for name in names:
        if name in features:
            kind = features[name].WhichOneof("kind")
            values = getattr(features[name], kind).value if kind else []
            return values[0] if len(values) == 1 else None
    return None


def _read_shard(path):
    """Yields (content, "") or (None, reason) for every record."""
    import tensorflow as tf

    if not _frames(path)[1]:
        # TensorFlow would ask for as much memory as a length tells, and end where there is none.
        yield from _read_damaged(path, 0)
        return
    offset = 0
    try:
        # One by one they would come at a sixth of the speed.
        for some in tf.data.TFRecordDataset(str(path)).batch(64).as_numpy_iterator():
            for content in some:
                offset += len(content) + _FRAME_BYTES
                yield content, ""
    except tf.errors.DataLossError:
        # TensorFlow stops at a batch with a record whose checksum is wrong. There is more behind.
        yield from _read_damaged(path, offset)


def _read_damaged(path, offset):
    """The same from ``offset`` on in plain Python: 10 MB a second, but it goes on."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        file.seek(offset)
        while offset < size:
            length = _length(file.read(_HEADER_BYTES))
            if length is None:
                yield None, "damaged, and with it the rest of the shard: its length is wrong"
                return
            offset += length + _FRAME_BYTES
            if offset > size:
                yield None, "truncated: the shard ends before the record is complete"
                return
            content, checksum = file.read(length), file.read(4)
            whole = checksum == _checksum(content)
            yield (content, "") if whole else (None, "damaged: its checksum is wrong")


def _frames(path) -> tuple:
    """Number of records by their lengths, and whether these lead exactly to the end of the file."""
    count, offset, size = 0, 0, path.stat().st_size
    with open(path, "rb") as file:
        while offset < size:
            file.seek(offset)
            length = _length(file.read(_HEADER_BYTES))
            count += 1
            if length is None:
                return count, False
            offset += length + _FRAME_BYTES
    return count, offset == size


def _length(header):
    """The record's length that a header tells, or ``None`` where its checksum is wrong."""
    if len(header) < _HEADER_BYTES:
        return None
    return struct.unpack("<Q", header[:8])[0] if header[8:] == _checksum(header[:8]) else None


def _checksum(data):
    """Castagnoli's CRC, masked as TFRecord has it: a CRC of CRCs would be weak."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[crc & 0xFF ^ byte]
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _crc_of_byte(byte):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    return byte


_CRC_TABLE = [_crc_of_byte(byte) for byte in range(256)]
