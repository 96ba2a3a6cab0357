"""Reads weights that PyTorch saved, without PyTorch and without running anything in the file.

Such a file is a pickle, and a pickle may call any function there is. Here it is given stand-ins
for the four names that a dict of tensors consists of, and anything else ends the reading.
"""

import collections
import dataclasses
import math
import pathlib
import pickle
import struct
import zipfile

import numpy as np

MOST_BYTES = 2**31
_MAGIC = 0x1950A86A20F9469CFC6C  # first thing in files from before PyTorch 1.6
_KINDS = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


def read_torch_weights(path) -> dict:
    """Reads a ``.pth`` file that holds a dict of tensors.

    Both formats are read: the zip archive of PyTorch 1.6 and later, and what was before it.

    Args:
        path: of the file.

    Returns:
        Dict of name to array, in the file's order.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is damaged, or asks for anything but tensors; the message names it.

    Example:
        >>> weights = read_torch_weights("weights.pth")  # doctest: +SKIP
        >>> weights["fc.weight"].shape  # doctest: +SKIP
        (1008, 2048)
    """
    path = pathlib.Path(path)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"Expected at most {MOST_BYTES:,} bytes of weights. Received: {size:,}")
    try:
        read = _read_zip if zipfile.is_zipfile(path) else _read_legacy
        named = read(path)
        if not isinstance(named, dict):
            raise pickle.UnpicklingError(f"a {type(named).__name__}")
        return {
            name: value.array()
            for name, value in named.items()
            if isinstance(name, str) and isinstance(value, _Tensor)
        }
    # What a damaged pickle raises is not foreseeable; nothing but reading happens within.
    except Exception as error:
        raise ValueError(
            f"Expected a dict of tensors as PyTorch saves it in {path}. Received: {error!r}"
        ) from error


def named_array(arrays, name, shape, network) -> np.ndarray:
    """Takes an array out of a file of weights.

    Args:
        arrays: dict of names to arrays.
        name: str.
        shape: tuple of int, the one expected.
        network: str, whose weights these are, for the message.

    Raises:
        ValueError: it is missing, or of another shape.
    """
    if name not in arrays:
        raise ValueError(f"Expected {name} among the weights of {network}. Received: none")
    if np.shape(arrays[name]) != tuple(shape):
        raise ValueError(
            f"Expected {name} of shape {tuple(shape)} among the weights of {network}. "
            f"Received: {np.shape(arrays[name])}"
        )
    return arrays[name]


class _Storage:
    """A run of numbers, known by its key until the bytes are read."""

    def __init__(self, dtype, key, length):
        self.dtype, self.key, self.length = np.dtype(dtype), key, length
        self.values = None

    def fill(self, content):
        if len(content) != self.length * self.dtype.itemsize:
            raise pickle.UnpicklingError(f"{len(content)} bytes for {self.length} {self.dtype}")
        self.values = np.frombuffer(content, self.dtype)


@dataclasses.dataclass
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple
    strides: tuple

    def array(self):
        """A copy, for a view could reach beyond the storage: so bounds are checked first."""
        numbers = (self.offset, *self.shape, *self.strides)
        if any(not isinstance(number, int) or number < 0 for number in numbers):
            raise pickle.UnpicklingError("a tensor with impossible sizes")
        if len(self.shape) != len(self.strides):
            raise pickle.UnpicklingError("a tensor with more sizes than strides")
        if not math.prod(self.shape):
            return np.zeros(self.shape, self.storage.dtype)
        steps = zip(self.shape, self.strides, strict=True)
        last = self.offset + sum((count - 1) * stride for count, stride in steps)
        if self.storage.values is None or last >= len(self.storage.values):
            raise pickle.UnpicklingError("a tensor beyond its storage")
        if math.prod(self.shape) > len(self.storage.values):
            raise pickle.UnpicklingError("a tensor larger than its storage")
        bytes_apart = [stride * self.storage.dtype.itemsize for stride in self.strides]
        values = self.storage.values[self.offset :]
        return np.lib.stride_tricks.as_strided(values, self.shape, bytes_apart).copy()


class _Unpickler(pickle.Unpickler):
    """Knows tensors, ordered dicts, and nothing else."""

    def __init__(self, file):
        super().__init__(file, encoding="utf-8")
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _rebuild_parameter
        if module == "torch" and name in _KINDS:
            return _Kind(_KINDS[name])
        raise pickle.UnpicklingError(f"a call of {module}.{name}, which no tensor needs")

    def persistent_load(self, pid):
        if not isinstance(pid, tuple) or len(pid) < 5 or pid[0] not in ("storage", b"storage"):
            raise pickle.UnpicklingError(f"an unknown reference {pid!r:.60}")
        _, kind, key, _, length, *view = pid
        if not isinstance(kind, _Kind) or not isinstance(key, str) or any(view):
            raise pickle.UnpicklingError(f"an unknown storage {pid!r:.60}")
        if not isinstance(length, int) or not 0 <= length <= MOST_BYTES:
            raise pickle.UnpicklingError(f"a storage of {length!r} numbers")
        return self.storages.setdefault(key, _Storage(kind.dtype, key, length))


@dataclasses.dataclass(frozen=True)
class _Kind:
    dtype: str


def _rebuild_tensor(storage, offset, shape, strides, requires_grad=False, hooks=None, extra=None):
    if not isinstance(storage, _Storage):
        raise pickle.UnpicklingError("a tensor without storage")
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _rebuild_parameter(tensor, requires_grad=False, hooks=None):
    return tensor


def _read_zip(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (pickled,) = [name for name in names if name.endswith("/data.pkl")]
        root = pickled.removesuffix("data.pkl")
        if f"{root}byteorder" in names and archive.read(f"{root}byteorder") != b"little":
            raise pickle.UnpicklingError("numbers of another byte order")
        # PyTorch stores without packing; what is packed could be of any size when unpacked.
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise pickle.UnpicklingError("more bytes than the limit when unpacked")
        with archive.open(pickled) as file:
            unpickler = _Unpickler(file)
            named = unpickler.load()
        for storage in unpickler.storages.values():
            storage.fill(archive.read(f"{root}data/{storage.key}"))
    return named


def _read_legacy(path):
    with open(path, "rb") as file:
        if _Unpickler(file).load() != _MAGIC:
            raise pickle.UnpicklingError("another file format")
        _Unpickler(file).load()  # version of the format
        _Unpickler(file).load()  # byte order and sizes of types of the machine that wrote it
        unpickler = _Unpickler(file)
        named = unpickler.load()
        for key in _Unpickler(file).load():
            storage = unpickler.storages[key]
            (length,) = struct.unpack("<q", file.read(8))
            if length != storage.length:
                raise pickle.UnpicklingError(f"{length} numbers where {storage.length} belong")
            storage.fill(file.read(length * storage.dtype.itemsize))
    return named
