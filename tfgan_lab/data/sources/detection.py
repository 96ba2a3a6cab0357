"""Which source lies at a path, told by content."""

import gzip
import pathlib
import zlib

from tfgan_lab.data.sources.arrays import NpzSource
from tfgan_lab.data.sources.folder import FolderSource
from tfgan_lab.data.sources.idx import IdxSource, is_idx
from tfgan_lab.data.sources.manifest import MANIFEST, open_converted
from tfgan_lab.data.sources.records import Source
from tfgan_lab.data.sources.tfrecord import TFRecordSource, is_tfrecord

_SHARDS = "*.tfrec*"
_MNIST = ("train-images-idx3-ubyte", "train-images-idx3-ubyte.gz")


def open_source(path, labels=None) -> Source:
    """Opens whatever lies at a path: a folder, arrays, idx, or TFRecord shards.

    Args:
        path: of an .npz, .npy, idx or TFRecord file; or of a folder of images, of shards named
            ``*.tfrec...``, of MNIST's four files, or written by ``tfgan-lab convert``. A
            ``Source`` is returned as it is.
        labels: of a folder of images, see ``FolderSource``; the others know theirs.

    Returns:
        ``Source``.

    Raises:
        FileNotFoundError: nothing lies there.
        ValueError: a file that is none of these, or a damaged one.

    Example:
        >>> str(open_source("images"))  # doctest: +SKIP
        'images (a folder)'
    """
    if isinstance(path, Source):
        return path
    path = pathlib.Path(path)
    if not path.exists():
        raise FileNotFoundError(f"Expected a folder of images. Received: {path}, not there")
    return _open_folder(path, labels) if path.is_dir() else _open_file(path)


def _open_folder(folder, labels):
    if (folder / MANIFEST).is_file():
        return open_converted(folder)
    # By name, for a damaged shard is still a shard.
    shards = sorted(each for each in folder.glob(_SHARDS) if each.is_file())
    if shards:
        return TFRecordSource(shards, folder)
    for name in _MNIST:
        if (folder / name).is_file():
            return IdxSource(folder / name)
    return FolderSource(folder, labels)


def _open_file(path):
    with open(path, "rb") as file:
        head = file.read(8)
    if head[:4] == b"PK\x03\x04" or head[:6] == b"\x93NUMPY" or path.suffix in (".npz", ".npy"):
        return NpzSource(path)
    if head[:2] == b"\x1f\x8b":
        if path.match(_SHARDS):
            raise ValueError(
                f"Expected TFRecord that is not compressed. Received: {path}; unpack it with gunzip"
            )
        head = _unpacked_head(path)
    if is_idx(head) or "idx" in path.name:
        return IdxSource(path)
    if path.match(_SHARDS) or is_tfrecord(path):
        return TFRecordSource([path])
    raise ValueError(
        "Expected a folder of images, or an .npz, idx or TFRecord file. "
        f"Received: the file {path}, which is none of these"
    )


def _unpacked_head(path):
    try:
        with gzip.open(path, "rb") as file:
            return file.read(4)
    except (OSError, EOFError, zlib.error):
        return b""
