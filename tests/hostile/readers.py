"""Everything of the package that reads bytes from elsewhere, as functions of (bytes, folder)."""

OF_TENSORFLOW = ("tfrecord", "keras")


def image(content, folder):
    """An image file, as training reads it."""
    from tfgan_lab.data.decoding import read_image

    pixels = read_image(content, 16)
    if pixels.shape != (16, 16, 3):
        raise TypeError(f"an image of shape {pixels.shape}")


def idx(content, folder):
    """An idx file, plain or packed."""
    _source(folder / "a-images-idx3-ubyte", content)


def npz(content, folder):
    """An .npz or .npy file."""
    _source(folder / "arrays.npz", content)


def tfrecord(content, folder):
    """A shard."""
    _source(folder / "shard.tfrec", content)


def torch(content, folder):
    """Weights as PyTorch saves them."""
    from tfgan_lab.networks.torch_weights import read_torch_weights

    read_torch_weights(_written(folder / "weights.pth", content))


def record(content, folder):
    """The ``config.json`` of a run, and the configuration in it."""
    from tfgan_lab.runs.settings.run_config import RunConfig
    from tfgan_lab.runs.training.run_record import num_classes_of, read_record

    _written(folder / "config.json", content)
    held = read_record(folder)
    num_classes_of(held)
    RunConfig.of_record(held)


def manifest(content, folder):
    """The manifest of a converted data set."""
    from tfgan_lab.data.sources import open_source

    own = folder / "converted"
    own.mkdir(exist_ok=True)
    _written(own / "manifest.json", content)
    open_source(own)


def keras(content, folder):
    """A model."""
    from tfgan_lab.models import load_model

    load_model(_written(folder / "model.keras", content), compile=False)


def log(content, folder):
    """The log of a run."""
    from tfgan_lab.callbacks.csv_log import read_log

    _written(folder / "log.csv", content)
    read_log(folder)


def _source(path, content):
    """Opens a source and decodes all of it, as far as it can be."""
    from tfgan_lab.data.decoding import UnusableImageError
    from tfgan_lab.data.sources import open_source
    from tfgan_lab.data.sources.records import read_record

    _written(path, content)
    source = open_source(path)
    for number, each in zip(range(64), source, strict=False):
        if not isinstance(each.name, str) or number > len(source):
            raise TypeError(f"a record {each.name!r}")
        try:
            read_record(each, 16)
        except UnusableImageError:
            continue


def _written(path, content):
    path.write_bytes(content)
    return path
