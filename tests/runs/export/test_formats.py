"""Every kind of generator in every format, opened with that format's own runtime."""

import sys

import numpy as np
import pytest

from tests.golden.unpacking import unpacked
from tfgan_lab.callbacks.generator_release import release_generator
from tfgan_lab.command_line import verb_export
from tfgan_lab.files import write_atomically
from tfgan_lab.networks import light_generator
from tfgan_lab.runs.export import FORMATS, runtimes
from tfgan_lab.runs.export.exporting import examples_file
from tfgan_lab.runs.export.portable import open_portable
from tfgan_lab.runs.export.verification import TOLERANCE

KINDS = {
    "gan": ["generator"],
    "conditional": ["generator"],
    "cyclegan": ["a_to_b", "b_to_a"],
    "stargan": ["translator"],
}


@pytest.fixture(scope="module", params=KINDS)
def portable(request, tmp_path_factory):
    return open_portable(unpacked(request.param, tmp_path_factory.mktemp("run")))


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_images_at_any_batch_size(portable, format, tmp_path):
    for module in (FORMATS[format].module, *FORMATS[format].converters):
        pytest.importorskip(module, reason="the extra 'export' is not installed")
    kind = portable.file.parent.name
    assert [network.name for network in portable.networks] == KINDS[kind]
    for network in portable.networks:
        assert FORMATS[format].write(network, tmp_path).name.startswith(network.name)
    write_atomically(tmp_path / "examples.npz", examples_file(portable))
    found = runtimes.compare(tmp_path, format)
    assert found["images"] == 4 * len(portable.networks)
    assert len(found["differences"]) == 2 * len(portable.networks)
    assert all(difference < 1e-5 for difference in found["differences"].values())
    run, _ = runtimes.OPEN[format][0](tmp_path / f"{KINDS[kind][0]}{FORMATS[format].suffix}")
    batch = portable.examples[KINDS[kind][0]][1]
    five = {name: np.tile(array, (2,) + (1,) * (array.ndim - 1))[:5]
            for name, array in batch.items()}  # fmt: skip
    expected = five.pop("expected")
    np.testing.assert_allclose(run(five), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("doubling", ["nearest", "bilinear"])
def test_the_light_generator_in_every_format(doubling, format, tmp_path):
    for module in (FORMATS[format].module, *FORMATS[format].converters):
        pytest.importorskip(module, reason="the extra 'export' is not installed")
    generator = light_generator(
        image_size=64, latent_size=5, widths=(4, 4, 4, 4, 4), doubling=doubling
    )
    release_generator(generator, tmp_path / "generator.keras")
    portable = open_portable(tmp_path / "generator.keras")
    (network,) = portable.networks
    folder = tmp_path / format
    folder.mkdir()
    FORMATS[format].write(network, folder)
    write_atomically(folder / "examples.npz", examples_file(portable))
    assert max(runtimes.compare(folder, format)["differences"].values()) < TOLERANCE


def test_runtimes_know_the_same_formats_as_the_command_line():
    assert {name: each.suffix for name, each in FORMATS.items()} == {
        name: suffix for name, (_, suffix) in runtimes.OPEN.items()
    }
    from absl import flags

    values = flags.FlagValues()
    verb_export.define_flags(values)
    assert values["format"].parser.enum_values == list(FORMATS)
    assert values["tolerance"].default == TOLERANCE


@pytest.mark.parametrize("module", ["tf2onnx", "onnx", "onnxruntime"])
def test_what_is_missing_is_named(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    message = rf"Expected .*which --format=onnx takes. .*no {module}.*pip install 'tfgan_lab\[exp"
    with pytest.raises(ImportError, match=message):
        FORMATS["onnx"].require()
    FORMATS["savedmodel"].require()
    if module != "onnxruntime":
        FORMATS["onnx"].require(writing=False)


def test_what_a_format_cannot_hold_is_a_sentence(tmp_path, monkeypatch):
    import keras

    inputs = keras.Input((2,), name="latents")
    network = keras.Model(inputs, keras.layers.Dense(2)(inputs), name="generator")

    def fail(*_, **__):
        raise RuntimeError("no operation\ncalled Warp")

    monkeypatch.setattr(network, "export", fail)
    message = "Expected a network that SavedModel can hold. .*generator, .*no operation called Warp"
    with pytest.raises(ValueError, match=message):
        FORMATS["savedmodel"].write(network, tmp_path)
