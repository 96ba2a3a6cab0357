"""Everything of the package that reads bytes from elsewhere, as functions of (bytes, folder)."""

import functools

from tfgan_lab.data.decoding import UnusableImageError, read_image
from tfgan_lab.data.sources import open_source, records
from tfgan_lab.networks.torch_weights import read_torch_weights
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.training.run_record import num_classes_of, read_record

OF_TENSORFLOW = ("tfrecord", "keras")


def image(content, folder):
    pixels = read_image(content, 16)
    if pixels.shape != (16, 16, 3):
        raise TypeError(f"an image of shape {pixels.shape}")


def source(content, folder, name):
    """Opens a source and decodes all of it, as far as it can be."""
    opened = open_source(_written(folder / name, content))
    for number, each in zip(range(64), opened, strict=False):
        if not isinstance(each.name, str) or number > len(opened):
            raise TypeError(f"a record {each.name!r}")
        try:
            records.read_record(each, 16)
        except UnusableImageError:
            continue


idx = functools.partial(source, name="a-images-idx3-ubyte")
npz = functools.partial(source, name="arrays.npz")
tfrecord = functools.partial(source, name="shard.tfrec")


def manifest(content, folder):
    (folder / "converted").mkdir(exist_ok=True)
    open_source(_written(folder / "converted" / "manifest.json", content).parent)


def torch(content, folder):
    read_torch_weights(_written(folder / "weights.pth", content))


def record(content, folder):
    """The ``config.json`` of a run, and the configuration in it."""
    held = read_record(_written(folder / "config.json", content).parent)
    num_classes_of(held)
    RunConfig.of_record(held)


def keras(content, folder):
    from tfgan_lab.models import load_model

    load_model(_written(folder / "model.keras", content), compile=False)


def log(content, folder):
    from tfgan_lab.callbacks.csv_log import read_log

    read_log(_written(folder / "log.csv", content).parent)


def _written(path, content):
    path.write_bytes(content)
    return path
