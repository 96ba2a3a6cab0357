"""Bytes that begin as a valid file, and don't stay one; and JSON that is any."""

import copy
import json

from hypothesis import strategies as st

EXTREMES = [
    bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0", b"\0\0\0\x80",
    b"\xff" * 8, b"\0\0\0\0\0\0\0\x40", b"../../../etc/x", b"\0", b"A" * 300,
]  # fmt: skip


@st.composite
def damaged(draw, files):
    """One of some files, changed in a few places.

    Args:
        draw: given by hypothesis.
        files: list of bytes.
    """
    content = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 4))):
        if not content:
            break
        start = draw(st.integers(0, len(content) - 1))
        end = draw(st.integers(start, min(len(content), start + 64)))
        match draw(st.integers(0, 5)):
            case 0:
                content[start] ^= draw(st.integers(1, 255))
            case 1:
                del content[start:]
            case 2:
                del content[start:end]
            case 3:
                extreme = draw(st.sampled_from(EXTREMES))
                content[start : start + len(extreme)] = extreme
            case 4:
                content[start:start] = content[start:end] * draw(st.integers(1, 20))
            case 5:
                other = draw(st.sampled_from(files))
                content[start:] = other[min(start, len(other)) :]
    return bytes(content)


ODD = st.sampled_from(
    [0, -1, 1, 2**31, 2**63, 10**400, 1e308, -0.0, "", "../..", "/etc/passwd", "\0", "a" * 5000,
     "CON", "a/b", None, True, [], {}, [[]], {"config": {}}]
)  # fmt: skip
ANY_JSON = st.recursive(
    ODD | st.text(max_size=8) | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@st.composite
def changed_json(draw, valid):
    """A JSON value with parts of it replaced, removed or repeated; as bytes.

    Args:
        draw: given by hypothesis.
        valid: the value.
    """
    value = json.loads(json.dumps(valid))
    for _ in range(draw(st.integers(1, 3))):
        value = _changed(draw, value)
    return json.dumps(value).encode()


def _changed(draw, value):
    if isinstance(value, (dict, list)) and value and draw(st.integers(0, 4)):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = draw(st.sampled_from(list(keys)))
        if draw(st.integers(0, 5)) == 0:
            del value[key]
        else:
            value[key] = _changed(draw, value[key])
        return value
    # A copy: what is changed again would otherwise be changed in the list of odd values, for good.
    return copy.deepcopy(draw(ODD | ANY_JSON))
