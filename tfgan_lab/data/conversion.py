"""Any source as TFRecord shards or one .npz file, with a manifest and checksums."""

import contextlib
import io
import itertools
import os
import pathlib

import numpy as np
from PIL import Image

from tfgan_lab.data.decoding import fit_square
from tfgan_lab.data.sources.detection import open_source
from tfgan_lab.data.sources.manifest import FORMATS, MANIFEST
from tfgan_lab.data.sources.tfrecord import encode_example
from tfgan_lab.data.usable_images import UsableImages
from tfgan_lab.files import (
    TEMPORARY_SUFFIX,
    read_json,
    sha256_of,
    write_atomically,
    write_json,
)

VERSION = 1


def convert(
    source,
    folder,
    *,
    format="tfrecord",
    image_size=64,
    channels=3,
    shard_size=2000,
    overwrite=False,
) -> dict:
    """Writes a source's images so that they are read back fast, and to the same bits.

    Images are cropped and resized as training would see them, and stored without loss: training
    on the result at the same ``image_size`` is training on the source. TFRecord shards are in
    Kaggle's layout (``image``, ``image_name``, ``target``) and written as they come, an .npz file
    at once from memory. Files are complete or not there; the manifest comes last.

    Args:
        source: ``tfgan_lab.data.sources.Source``, or the path of one.
        folder: path to write to; made when missing.
        format: ``"tfrecord"`` or ``"npz"``.
        image_size: int, height and width in pixels; 0 keeps every image as it is, in the
            bytes of its own file, which only TFRecord can.
        channels: 3 for RGB, 1 for grey; without effect where images are kept.
        shard_size: int from 1, images in a shard.
        overwrite: whether to replace an earlier conversion in ``folder``.

    Returns:
        The manifest: dict with ``format``, ``image_size``, ``channels``, ``num_images``,
        ``class_names``, ``files`` (each with ``file``, ``num_images``, ``num_bytes`` and
        ``sha256``) and ``left_out``.

    Raises:
        ValueError: no usable image, labels that are no classes, a folder that is not empty, or
            an argument out of its range.

    Example:
        >>> convert("images", "shards")  # doctest: +SKIP
    """
    if format not in FORMATS:
        raise ValueError(f"Expected format out of {', '.join(FORMATS)}. Received: {format!r}")
    if image_size < 0 or (format == "npz" and not image_size):
        raise ValueError(
            "Expected image_size from 1, or 0 with format='tfrecord'. "
            f"Received: image_size={image_size}, format={format!r}"
        )
    if shard_size < 1:
        raise ValueError(f"Expected shard_size from 1. Received: shard_size={shard_size}")
    source, folder = open_source(source), pathlib.Path(folder)
    _clear(folder, overwrite)

    def make(record, image):
        if image_size:
            pixels = fit_square(image, image_size, channels)
            return _png(pixels) if format == "tfrecord" else pixels
        if isinstance(record.content, pathlib.Path):
            return record.content.read_bytes()
        return record.content if isinstance(record.content, bytes) else _png(record.content)

    usable = UsableImages(source, make, target_size=image_size or None)
    with _removed_on_error() as written:
        if format == "tfrecord":
            _write_shards(usable, folder, shard_size, written)
        else:
            _write_npz(usable, folder, written)
        if not usable.names:
            first = f", the first, {': '.join(usable.skipped[0])}" if usable.skipped else ""
            raise ValueError(
                f"Expected images in {source.location}. Received: 0 of "
                f"{len(usable.skipped)} {source.noun}s can be used{first}"
            )
        usable.classes()  # Labels that are no classes are refused before there is a manifest.
        manifest = {
            "version": VERSION,
            "format": format,
            "source": str(source),
            "image_size": image_size,
            "channels": channels,
            "num_images": len(usable.names),
            "class_names": list(source.class_names),
            "files": [_facts(path, count) for path, count in written.items()],
            "left_out": [list(map(_text, each)) for each in usable.skipped],
        }
        write_json(folder / MANIFEST, manifest)
    return manifest


def _write_shards(usable, folder, shard_size, written):
    import tensorflow as tf

    images = iter(usable)
    for number in itertools.count():
        some = itertools.islice(images, shard_size)
        first = next(some, None)
        if first is None:
            return
        path = folder / f"images-{number:05d}.tfrecord"
        temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
        count = 0
        try:
            with tf.io.TFRecordWriter(str(temporary)) as writer:
                for record, image in itertools.chain([first], some):
                    writer.write(encode_example(image, record.name, record.label))
                    count += 1
            with open(temporary, "rb") as file:
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        written[path] = count


def _write_npz(usable, folder, written):
    images = [pixels for _, pixels in usable]
    if not images:
        return
    arrays = {"images": np.stack(images), "names": np.array(list(map(_text, usable.names)))}
    labels, class_names = usable.classes()
    if labels is not None:
        arrays |= {"labels": labels, "class_names": np.array(class_names, dtype=str)}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    path = folder / "images.npz"
    write_atomically(path, buffer.getvalue())
    written[path] = len(images)


def _clear(folder, overwrite):
    """Makes the folder; removes an earlier conversion from it if told so, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    there = sorted(path.name for path in folder.iterdir())
    if there and overwrite and MANIFEST in there:
        for file in read_json(folder / MANIFEST).get("files", []):
            (folder / pathlib.Path(file["file"]).name).unlink(missing_ok=True)
        (folder / MANIFEST).unlink()
        there = sorted(path.name for path in folder.iterdir())
    if there:
        raise ValueError(
            f"Expected an empty folder to write to. Received: {folder} with {there[0]}"
            + ("; --overwrite replaces an earlier conversion" if MANIFEST in there else "")
        )


@contextlib.contextmanager
def _removed_on_error():
    """Yields a dict for the files written, which are removed again if not all can be."""
    written = {}
    try:
        yield written
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _facts(path, count):
    return {
        "file": path.name,
        "num_images": count,
        "num_bytes": path.stat().st_size,
        "sha256": sha256_of(path),
    }


def _png(pixels):
    buffer = io.BytesIO()
    squeezed = pixels[..., 0] if pixels.shape[2:] == (1,) else pixels
    Image.fromarray(squeezed).save(buffer, "PNG")
    return buffer.getvalue()


def _text(name):
    """A name without bytes that are no UTF-8, which neither JSON nor arrays of text hold."""
    return name.encode(errors="replace").decode()
