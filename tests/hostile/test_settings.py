"""Weights, configurations and names that were damaged, or made to hurt."""

import io
import json
import os
import pickle
import struct
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.strategies import ANY_JSON, changed_json, damaged
from tests.runs.tiny import tiny
from tfgan_lab.files import plain_name, write_atomically


def torch_pickle(shape=(2, 3), strides=(3, 1), length=6, offset=0, kind="FloatStorage"):
    """What PyTorch writes of one tensor, by hand: protocol 2, and a reference to its storage."""

    def number(value):
        return b"\x8a\x0a" + int(value).to_bytes(10, "little", signed=True)

    def text(value):
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    def tuple_of(values):
        return b"(" + b"".join(map(number, values)) + b"t"

    storage = b"(" + text("storage") + f"ctorch\n{kind}\n".encode() + text("0") + text("cpu")
    storage += number(length) + b"tQ"
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + number(offset)
    tensor += tuple_of(shape) + tuple_of(strides) + b"\x89ccollections\nOrderedDict\n)RtR"
    return b"\x80\x02}(" + text("weight") + tensor + b"u."


def torch_file(pickled, values=bytes(24)):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/data/0", values)
    return content.getvalue()


TORCH = [torch_file(torch_pickle()), torch_pickle()]
NUMBERS = st.sampled_from([-1, 0, 1, 3, 6, 2**31, 2**62, 2**70])
RECORD = {
    "settings": tiny("run").to_dict(),
    "data": {"num_images": 10, "fingerprint": "0", "class_names": ["a", "b"]},
    "sessions": [{"began": "now", "command": [], "versions": {}, "machine": {}}],
    "rollbacks": [{"images": 1, "changes": {"r1_gamma": [0.0, 1.0]}}],
}


def test_the_files_by_hand_are_what_they_should_be(fine):
    assert fine("torch", TORCH[0]) == "read"
    assert fine("record", json.dumps(RECORD).encode()) == "read"


@given(damaged(TORCH))
def test_damaged_weights(fine, content):
    fine("torch", content)


@given(st.lists(NUMBERS, max_size=4), st.lists(NUMBERS, max_size=4), NUMBERS, NUMBERS)
def test_tensors_that_lie(fine, shape, strides, length, offset):
    fine("torch", torch_file(torch_pickle(shape, strides, length, offset)))


def test_calls_within_weights_are_never_made(fine, tmp_path):
    class Call:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    for content in (pickle.dumps(Call(), 2), torch_file(pickle.dumps({"weight": Call()}, 2))):
        assert fine("torch", content).startswith("refused: Expected a dict of tensors")
    assert not list(tmp_path.iterdir())


@given(changed_json(RECORD))
def test_changed_records(fine, content):
    fine("record", content)


@given(ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_records_of_any_json(fine, content):
    assert fine("record", content).startswith("refused: ")


def test_deep_json(fine):
    for content in (b"[" * 10**6, b'{"a":' * 10**5, b"[" * 10**5 + b"]" * 10**5):
        assert fine("record", content).startswith("refused: Expected ")
        assert fine("manifest", content).startswith("refused: Expected ")


HOSTILE_NAMES = ["..", "../..", "/etc", "a/../..", "a\0b", "C:\\x", "x" * 300, "ä" * 200, "", "."]


@given(st.text() | st.sampled_from(HOSTILE_NAMES))
def test_names_from_elsewhere_stay_in_their_folder(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("own")
    write_atomically(folder / "deep" / f"cat.{plain_name(name)}.png", b"content")
    write_atomically(folder / "deep" / plain_name(name), b"content")
    assert [path.name for path in folder.iterdir()] == ["deep"]
    assert {path.parent for path in folder.rglob("*.png")} == {folder / "deep"}
