"""Records, models and logs that were damaged: what needs TensorFlow to be read."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.strategies import damaged
from tests.hostile.test_data import IMAGES
from tfgan_lab import networks
from tfgan_lab.data.sources.tfrecord import _checksum, encode_example

pytestmark = pytest.mark.slow


def framed(content, length=None):
    head = struct.pack("<Q", len(content) if length is None else length)
    return head + _checksum(head) + content + _checksum(content)


def shard():
    examples = [encode_example(each, f"{number}", number) for number, each in enumerate(IMAGES)]
    return b"".join(map(framed, examples))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The parts of a generator's file: damage to the whole would only be seen by its checksums."""
    path = tmp_path_factory.mktemp("model") / "generator.keras"
    networks.upsampling_generator(image_size=8, latent_size=4, widths=(4, 4)).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@given(damaged([shard()]))
def test_damaged_shards(fine, content):
    fine("tfrecord", content)


@given(st.sampled_from([0, 1, 2**31, 2**40, 2**62, 2**64 - 17, 2**64 - 1]), st.booleans())
def test_lengths_that_lie_with_the_right_checksum(fine, length, behind):
    content = framed(b"some bytes", length)
    fine("tfrecord", shard() + content if behind else content)


@given(st.data())
def test_damaged_models(fine, models, data):
    part = data.draw(st.sampled_from(sorted(models)))
    parts = models | {part: data.draw(damaged([models[part]]))}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, own in parts.items():
            archive.writestr(name, own)
    fine("keras", content.getvalue())


@given(damaged([b"epoch,step,images,seconds,loss\n" + b"1,2,8,0.5,1.25\n" * 4]))
def test_damaged_logs(fine, content):
    fine("log", content)
