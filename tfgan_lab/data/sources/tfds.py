"""Data sets of TensorFlow Datasets, by name, with all classes or one."""

import contextlib
import difflib
import logging
import os
import re
import socket
import urllib.parse

from tfgan_lab.data.sources.records import Record, Source

_EXAMPLES = ("mnist", "food101", "lfw")


class TfdsSource(Source):
    """Images of a TensorFlow data set, downloaded and prepared when first used.

    Args:
        name: str, such as ``"food101"``, ``"lfw"`` or ``"cycle_gan/monet2photo"``; or a
            ``tfds.core.DatasetBuilder``, for instance ``tfds.ImageFolder("images")``.
        label: str, the one class to take, by name or number; "" for all classes.
        split: str, such as ``"train"`` or ``"train[:1000]"``; "" for ``train``, or where there is
            none all splits that begin so (``trainA`` and ``trainB`` of ``cycle_gan``), or else
            all there are.

    Raises:
        ValueError: no such data set, class or split; no images in it; or it would have to be
            downloaded and cannot be.

    Example:
        >>> source = TfdsSource("food101", "spaghetti_bolognese")  # doctest: +SKIP
    """

    kind = "a TensorFlow data set"
    noun = "example"
    watched = ()  # Prepared once, it stays as it is.

    def __init__(self, name, label="", split=""):
        builder = name if not isinstance(name, str) else _builder(name)
        super().__init__(builder.info.full_name if isinstance(name, str) else builder.name)
        self._builder = builder
        self._image = _image_feature(builder.info.features, self.location)
        self._label = _label_feature(builder.info, self._image)
        if label and self._label and getattr(builder.info.features[self._label], "names", None):
            # Most know their classes before anything is downloaded.
            _wanted(builder.info.features, self._label, label, self.location)
        _prepare(builder, self.location)
        self._splits = _splits(builder, split, self.location)
        self._wanted = _wanted(builder.info.features, self._label, label, self.location)
        self._num_wanted = None
        if label:
            self.location += f", {label}"
        elif self._label:
            names = getattr(builder.info.features[self._label], "names", None)
            self.class_names = tuple(names or ())

    def __len__(self):
        """Number of examples; with a class, those of it, which takes a pass over the labels."""
        if self._wanted is None:
            splits = self._builder.info.splits
            return sum(splits[split].num_examples for split in self._splits)
        if self._num_wanted is None:
            self._num_wanted = sum(1 for _ in self._examples([self._label]))
        return self._num_wanted

    def __iter__(self):
        """See the base class; images come as they are stored, not decoded."""
        named = "image/filename" if "image/filename" in self._builder.info.features else None
        keys = [key for key in (self._image, self._label, named) if key]
        for index, example in enumerate(self._examples(keys)):
            name = f"{index:05d}"
            if named:
                name = os.path.basename(os.fsdecode(example[named]))
            label = None
            if self._label and self._wanted is None:
                label = example[self._label]
                label = label.decode() if isinstance(label, bytes) else int(label)
            yield Record(name, example[self._image], label)

    def _examples(self, keys):
        """Dicts of the features ``keys``, of the wanted class only, in a fixed order."""
        import tensorflow_datasets as tfds

        wanted, label = self._wanted, self._label
        for split in self._splits:
            dataset = self._builder.as_dataset(
                split=split,
                shuffle_files=False,
                decoders={self._image: tfds.decode.SkipDecoding()},
                read_config=tfds.ReadConfig(interleave_cycle_length=1),
            )
            if wanted is not None:
                dataset = dataset.filter(lambda example: example[label] == wanted)
            dataset = dataset.map(lambda example: {key: example[key] for key in keys})
            yield from dataset.as_numpy_iterator()


def _builder(name):
    import tensorflow_datasets as tfds

    try:
        # Read here and not by TFDS, which looks at the variable only when it is imported.
        return tfds.builder(name, data_dir=os.environ.get("TFDS_DATA_DIR"))
    except tfds.core.registered.DatasetNotFoundError:
        known = tfds.list_builders()
        near = difflib.get_close_matches(re.split("[/:]", name)[0], known, n=3)
        raise ValueError(
            f"Expected the name of a TensorFlow data set, such as "
            f"{', '.join(near or _EXAMPLES)}. Received: {name!r}"
        ) from None
    except Exception as error:
        # An unknown version or configuration, as an error of many kinds.
        raise ValueError(
            f"Expected the name of a TensorFlow data set, with a configuration and version that "
            f"it has. Received: {name!r} ({_first_line(error)})"
        ) from error


def _prepare(builder, location):
    """Downloads and prepares, unless that was done; offline it says so at once."""
    if builder.info.splits:
        return
    host = _unreachable_host(builder)
    remedy = (
        f"connect, or copy it, prepared, to {builder.data_dir} (TFDS_DATA_DIR names another place)"
    )
    if host:
        raise ValueError(
            f"Expected to download {location} once. Received: no network, {host} is not found; "
            f"{remedy}"
        )
    try:
        with _quiet_retries():
            builder.download_and_prepare()
    except Exception as error:
        raise ValueError(
            f"Expected to download and prepare {location} once. Received: "
            f"{type(error).__name__}: {_first_line(error)}; {remedy}"
        ) from error


def _unreachable_host(builder):
    """A host to download from that has no address here; TFDS would try for minutes."""
    hosts = {urllib.parse.urlsplit(url).hostname for url in builder.url_infos or ()}
    for host in sorted(host for host in hosts if host):
        try:
            socket.getaddrinfo(host, 443)
        except OSError:
            return host
    return ""


@contextlib.contextmanager
def _quiet_retries():
    """Keeps the downloads' dozens of warnings about trying again off the screen."""
    logger = logging.getLogger("urllib3")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _image_feature(features, location):
    import tensorflow_datasets as tfds

    images = [key for key in features if isinstance(features[key], tfds.features.Image)]
    if not images:
        raise ValueError(
            f"Expected a data set with images. Received: {location} with {', '.join(features)}"
        )
    return "image" if "image" in images else images[0]


def _label_feature(info, image):
    """Name of the feature that tells the class, or ``None``."""
    import tensorflow_datasets as tfds

    single = (tfds.features.ClassLabel, tfds.features.Text)
    keys = [key for key in info.features if isinstance(info.features[key], single)]
    for key in ("label", *(info.supervised_keys or ())[1:2]):
        if key in keys and key != image:
            return key
    classes = [key for key in keys if isinstance(info.features[key], tfds.features.ClassLabel)]
    return classes[0] if len(classes) == 1 else None


def _splits(builder, split, location):
    there = list(builder.info.splits)
    if split:
        if re.split(r"[\[+]", split)[0] not in there:
            raise ValueError(
                f"Expected a split of {location} out of {', '.join(there)}. Received: {split!r}"
            )
        return [split]
    if "train" in there:
        return ["train"]
    return [name for name in there if name.startswith("train")] or there


def _wanted(features, key, label, location):
    """The value of the label feature to keep: an int, bytes, or ``None`` for all."""
    if not label:
        return None
    if key is None:
        raise ValueError(
            f"Expected no class of {location}, whose examples have none. Received: {label!r}"
        )
    if not hasattr(features[key], "str2int"):
        return label.encode()
    names = features[key].names
    if label in names:
        return names.index(label)
    if label.isdecimal() and int(label) < len(names):
        return int(label)
    near = difflib.get_close_matches(label, names, n=3) or names[:3]
    raise ValueError(
        f"Expected one of the {len(names)} classes of {location}, such as {', '.join(near)}. "
        f"Received: {label!r}"
    )


def _first_line(error):
    return (str(error).strip().splitlines() or [""])[0]
