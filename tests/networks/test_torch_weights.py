import collections
import io
import os
import pickle
import struct
import sys
import types
import zipfile

import numpy as np
import pytest

from tfgan_lab.networks.torch_weights import read_torch_weights

ARRAYS = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.count": np.array(7, np.int64),
    "b.half": np.array([[1.5], [-2]], np.float16),
    "empty": np.zeros((0, 3), np.float64),
}
KINDS = {"f4": "FloatStorage", "f2": "HalfStorage", "f8": "DoubleStorage", "i8": "LongStorage"}


@pytest.fixture
def fake_torch(monkeypatch):
    """Modules under PyTorch's names, so that a pickle may name what they hold."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for name in KINDS.values():
        setattr(torch, name, type(name, (), {"__module__": "torch"}))

    def _rebuild_tensor_v2():
        raise AssertionError

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    torch._utils = utils
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    return torch


class Tensor:
    def __init__(self, torch, key, array, offset=0, strides=None):
        self.torch, self.key, self.array, self.offset = torch, key, array, offset
        self.strides = strides

    def __reduce__(self):
        strides = self.strides
        if strides is None:
            strides = tuple(stride // self.array.itemsize for stride in self.array.strides)
        storage = Storage(self)
        arguments = (storage, self.offset, self.array.shape, strides, False, {})
        return self.torch._utils._rebuild_tensor_v2, arguments


class Storage:
    def __init__(self, tensor):
        array = tensor.array
        kind = getattr(tensor.torch, KINDS[array.dtype.str[1:]])
        self.reference = ("storage", kind, tensor.key, "cpu", array.size)


def pickled(value, legacy=False):
    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if isinstance(item, Storage):
                return (*item.reference, None) if legacy else item.reference
            return None

    buffer = io.BytesIO()
    Pickler(buffer, protocol=2).dump(value)
    return buffer.getvalue()


def named_tensors(torch, **options):
    named = collections.OrderedDict(
        (name, Tensor(torch, str(index), array, **options))
        for index, (name, array) in enumerate(ARRAYS.items())
    )
    named._metadata = {"": {"version": 1}}  # as a state_dict has it
    return named


def write_zip(path, content, arrays=ARRAYS):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", content)
        archive.writestr("archive/byteorder", "little")
        for index, array in enumerate(arrays.values()):
            archive.writestr(f"archive/data/{index}", array.tobytes())
    return path


def write_legacy(path, content):
    header = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    with open(path, "wb") as file:
        for part in header:
            file.write(pickle.dumps(part, protocol=2))
        file.write(content)
        file.write(pickle.dumps([str(index) for index in range(len(ARRAYS))], protocol=2))
        for array in ARRAYS.values():
            file.write(struct.pack("<q", array.size) + array.tobytes())
    return path


def test_both_formats(fake_torch, tmp_path):
    named = named_tensors(fake_torch)
    for path in (
        write_zip(tmp_path / "new.pth", pickled(named)),
        write_legacy(tmp_path / "old.pth", pickled(named, legacy=True)),
    ):
        read = read_torch_weights(path)
        assert list(read) == list(ARRAYS)
        for name, array in ARRAYS.items():
            assert read[name].dtype == array.dtype and read[name].shape == array.shape
            np.testing.assert_array_equal(read[name], array)


def test_views_into_one_storage(fake_torch, tmp_path):
    array = np.arange(6, dtype=np.float32)
    view = Tensor(fake_torch, "0", array, offset=1, strides=(2,))
    view_of = types.SimpleNamespace(shape=(2,), dtype=array.dtype, size=6, itemsize=4)
    view.array = view_of
    path = write_zip(tmp_path / "w.pth", pickled({"view": view}), {"0": array})
    np.testing.assert_array_equal(read_torch_weights(path)["view"], [1, 3])


def test_what_pytorch_itself_wrote(tmp_path):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    state = module.state_dict()
    state["transposed"] = state["0.weight"].permute(2, 3, 1, 0)
    for index, new in enumerate([True, False]):
        path = tmp_path / f"{index}.pth"
        torch.save(state, path, _use_new_zipfile_serialization=new)
        read = read_torch_weights(path)
        assert list(read) == list(state)
        for name, tensor in state.items():
            np.testing.assert_array_equal(read[name], tensor.numpy())


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize(
    ("function", "argument"),
    [(os.system, "touch {}"), (eval, "open({!r}, 'w')"), (os.mkdir, "{}")],
)
def test_runs_nothing(function, argument, legacy, tmp_path):
    touched = tmp_path / "touched"
    content = pickle.dumps({"a": Evil(function, argument.format(str(touched)))}, protocol=2)
    path = (write_legacy if legacy else write_zip)(tmp_path / "w.pth", content)
    with pytest.raises(ValueError, match="Expected a dict of tensors.*which no tensor needs"):
        read_torch_weights(path)
    assert not touched.exists()


@pytest.mark.parametrize(
    "options", [{"offset": 5}, {"strides": (100, 1)}, {"offset": -1}, {"strides": (-1, 1)},
                {"strides": (1,)}],
)  # fmt: skip
def test_tensors_beyond_their_storage_are_refused(options, fake_torch, tmp_path):
    tensor = Tensor(fake_torch, "0", ARRAYS["a.weight"], **options)
    path = write_zip(tmp_path / "w.pth", pickled({"a": tensor}))
    with pytest.raises(ValueError, match="Expected a dict of tensors"):
        read_torch_weights(path)


@pytest.mark.parametrize("legacy", [False, True])
def test_damaged_files_are_refused_or_read_without_harm(fake_torch, tmp_path, legacy):
    named = pickled(named_tensors(fake_torch), legacy=legacy)
    content = (write_legacy if legacy else write_zip)(tmp_path / "w.pth", named).read_bytes()
    path, rng = tmp_path / "damaged.pth", np.random.default_rng(0)
    for length in rng.integers(0, len(content), 40):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match="Expected a dict of tensors"):
            read_torch_weights(path)
    for place in rng.integers(0, len(content), 200):
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        try:
            read_torch_weights(path)
        except ValueError as error:
            assert str(path) in str(error)


def test_other_things_are_refused(tmp_path):
    path = write_zip(tmp_path / "w.pth", pickle.dumps([1, 2], protocol=2))
    with pytest.raises(ValueError, match="Received: .*a list"):
        read_torch_weights(path)
    (tmp_path / "text.pth").write_text("no weights")
    with pytest.raises(ValueError, match="text.pth"):
        read_torch_weights(tmp_path / "text.pth")
    with pytest.raises(FileNotFoundError):
        read_torch_weights(tmp_path / "missing.pth")
