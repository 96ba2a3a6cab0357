"""Arrays in memory, and arrays in .npz and .npy files."""

import pathlib
import zipfile

import numpy as np

from tfgan_lab.data.sources.records import Record, Source

MAX_BYTES = 2**32
"""Bytes that the arrays of a file may have, unpacked."""

IMAGE_KEYS = ("images", "image", "x_train", "x", "arr_0")
"""Names under which an .npz file may hold its images, the first that is there."""

LABEL_KEYS = ("labels", "label", "y_train", "y", "arr_1")
"""The same for labels."""


class ArraySource(Source):
    """Images of one size in an array.

    Args:
        images: array of shape (n, height, width), (n, height, width, 1) or (n, height, width, 3):
            uint8, or float in [-1, 1].
        labels: ``None``, or an int array of shape (n,).
        class_names: names of the classes, the label being the place in this list.
        names: n names; their places as numbers if ``None``.
        location: str, what to call it in messages.

    Raises:
        ValueError: not images, or not that many labels or names.

    Example:
        >>> len(ArraySource(np.zeros((5, 8, 8, 3), np.uint8)))
        5
    """

    kind = "an array"

    def __init__(self, images, labels=None, class_names=(), names=None, location="the array"):
        super().__init__(location)
        self._images = _as_bytes(images, self.location)
        self._labels = None if labels is None else _as_classes(labels, self.location)
        self._names = None if names is None else [str(name) for name in names]
        self.class_names = tuple(str(name) for name in class_names)
        for what, values in (("label", self._labels), ("name", self._names)):
            if values is not None and len(values) != len(self._images):
                raise ValueError(
                    f"Expected one {what} for each of the {len(self._images)} images in "
                    f"{self.location}. Received: {len(values)}"
                )

    def __len__(self):
        """Number of images."""
        return len(self._images)

    def __iter__(self):
        """See the base class."""
        for index, image in enumerate(self._images):
            name = f"{index:05d}" if self._names is None else self._names[index]
            label = None if self._labels is None else int(self._labels[index])
            yield Record(name, image, label)


class NpzSource(ArraySource):
    """The arrays of an .npz file, or the one of an .npy file; pickled objects are never loaded.

    Args:
        path: file. Of an .npz, the arrays ``images``, and where there are classes ``labels`` and
            ``class_names``, and ``names``; also as Keras names them, ``x_train`` and ``y_train``.

    Raises:
        ValueError: the file is damaged, or holds something else.
    """

    kind = "an npz file"

    def __init__(self, path):
        path = pathlib.Path(path)
        arrays = _load(path)
        images = next((arrays[key] for key in IMAGE_KEYS if key in arrays), None)
        if images is None:
            raise ValueError(
                f"Expected an array called {IMAGE_KEYS[0]} in {path} (or "
                f"{', '.join(IMAGE_KEYS[1:])}). Received: {', '.join(arrays) or 'none at all'}"
            )
        labels = next((arrays[key] for key in LABEL_KEYS if key in arrays), None)
        super().__init__(
            images, labels, arrays.get("class_names", ()), arrays.get("names"), location=path
        )


def _load(path):
    """Dict of name to array, of what is known by name."""
    wanted = {*IMAGE_KEYS, *LABEL_KEYS, "class_names", "names"}
    try:
        with open(path, "rb") as file:
            _check_unpacked_size(file, wanted)
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return {IMAGE_KEYS[0]: loaded}
            # Others are named with nothing in them: what is not needed is not read.
            return {name: loaded[name] if name in wanted else None for name in loaded.files}
    except OSError:
        raise
    except (
        Exception
    ) as error:  # What zip, zlib and NumPy raise of damaged bytes is not foreseeable.
        received = f"a damaged file ({error})"
        if "pickle" in str(error):
            received = "pickled Python objects, which are never loaded: they could run any program"
        elif isinstance(error, MemoryError):
            received = f"more than fits into memory ({error})"
        raise ValueError(f"Expected arrays in {path}. Received: {received}") from error


def _check_unpacked_size(file, wanted):
    """Refuses an archive that is small only as long as it is packed."""
    if zipfile.is_zipfile(file):
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
        unpacked = sum(e.file_size for e in entries if e.filename.removesuffix(".npy") in wanted)
        if unpacked > MAX_BYTES:
            raise ValueError(f"{unpacked:,} bytes unpacked, more than the limit of {MAX_BYTES:,}")
    file.seek(0)


def _as_bytes(images, location):
    images = np.asarray(images)
    channels = images.shape[3:] or (1,)
    if images.ndim not in (3, 4) or channels[0] not in (1, 3) or 0 in images.shape[1:]:
        raise ValueError(
            f"Expected images of shape (n, height, width), with 1 or 3 channels behind, in "
            f"{location}. Received: shape {images.shape}"
        )
    if images.dtype == np.uint8:
        return images
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(
            f"Expected images as uint8, or as floats in [-1, 1], in {location}. "
            f"Received: {images.dtype}"
        )
    low, high = (float(images.min()), float(images.max())) if images.size else (0.0, 0.0)
    # Pixels in [0, 1] would all be taken for bright ones. Negated, so that NaN is refused too.
    if not (-1 <= low < 0 and high <= 1):
        raise ValueError(
            f"Expected floats in [-1, 1] with some below 0, or uint8, in {location}. "
            f"Received: values from {low:g} to {high:g}"
        )
    return np.rint(images * 127.5 + 127.5).astype(np.uint8)


def _as_classes(labels, location):
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]  # As Keras' CIFAR-10 has them.
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"Expected labels as whole numbers of shape (n,) in {location}. "
            f"Received: {labels.dtype} of shape {labels.shape}"
        )
    return labels
