"""Exports from end to end: the folder, its check in a fresh process, its card and checksums."""

import re
import shutil
import subprocess

import numpy as np
import pytest

from tests.golden.unpacking import unpacked
from tfgan_lab.command_line.main import main
from tfgan_lab.files import read_json, sha256_of, write_json
from tfgan_lab.runs import ConfigError
from tfgan_lab.runs.export import export_generator, verify_export
from tfgan_lab.runs.export.checksums import write_sums
from tfgan_lab.runs.export.verification import compare_in_a_fresh_process

MADE = {"savedmodel": "gan", "onnx": "conditional", "litert": "cyclegan"}
PACKAGES = {"onnx": ("tf2onnx", "onnxruntime"), "litert": ("ai_edge_litert",)}
NETWORKS = {
    "savedmodel": {"generator/saved_model.pb", "generator/variables/variables.index"},
    "onnx": {"generator.onnx"},
    "litert": {"a_to_b.tflite", "b_to_a.tflite"},
}


def need(format):
    for module in PACKAGES.get(format, ()):
        pytest.importorskip(module, reason="the extra 'export' is not installed")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One export in each format, made when it is first asked for; (exit code, folder)."""
    exports = {}

    def make(format):
        need(format)
        if format not in exports:
            run = unpacked(MADE[format], tmp_path_factory.mktemp(format))
            code = main(["export", str(run), f"--format={format}", "--data_licence=CC0 | mine"])
            exports[format] = code, run / "export" / format
        return exports[format]

    return make


@pytest.fixture
def copied(made, tmp_path):
    def copied(format="onnx"):
        return shutil.copytree(made(format)[1], tmp_path / "copy")

    return copied


@pytest.mark.parametrize("format", MADE)
def test_the_folder_is_complete_and_its_card_true(made, format, monkeypatch):
    code, folder = made(format)
    assert code == 0
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert NETWORKS[format] | {"README.md", "card.json", "examples.npz", "SHA256SUMS"} <= names
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.count(": OK\n") == len(names) - 1
    assert [path.name for path in folder.parent.iterdir()] == [format]

    card, run = read_json(folder / "card.json"), folder.parents[1]
    assert card["original"]["sha256"] == sha256_of(run / "generator.keras")
    check = card["check"]
    assert check["greatest_difference"] <= 1e-5 < check["tolerance"] == 1e-3
    assert check["images"] == (8 if format == "litert" else 4)
    record = read_json(run / "config.json")
    assert card["run"]["data"]["fingerprint"] == record["data"]["fingerprint"]
    assert card["run"]["data"]["num_images"] == 12 and "run_dir" not in card["run"]["settings"]
    # A CycleGAN's epoch here is three batches of three of each domain.
    epochs, seen = (1, 9) if format == "litert" else (2, 24)
    budget = card["run"]["budget"]
    assert (budget["epochs"], budget["images_seen"]) == (epochs, seen)

    page = (folder / "README.md").read_text()
    assert r"as stated by whoever exported this: CC0 \| mine" in page
    assert f"Seen: {seen} training images; epochs: {epochs}" in page
    assert f"fingerprint {record['data']['fingerprint']}" in page
    monkeypatch.chdir(folder)
    held = {}
    exec(re.search(r"```python\n(.*?)```", page, flags=re.DOTALL)[1], held)
    shape = (3, 24, 40, 3) if format == "litert" else (4, 16, 16, 3)
    assert held["images"].shape == shape and held["images"].dtype == np.float32
    assert np.abs(held["images"]).max() <= 1 and held["images"].std() > 0.01


def test_what_only_some_cards_say(made):
    page = (made("savedmodel")[1] / "README.md").read_text()
    assert "4 independent values, normal with mean 0 and standard deviation 1" in page
    assert re.search(r"\| kid \| 38\.886 \| 1\.6 \|  \| low \| random-convolutions \|", page)
    assert "Verdict of the diagnosis while it trained: Too early to say" in page
    page = (made("onnx")[1] / "README.md").read_text()
    assert "from 0 to 2" in page and "| 1 | car |" in page and "None were taken" in page
    page = (made("litert")[1] / "README.md").read_text()
    assert "`a_to_b.tflite` takes those of red and makes blue; `b_to_a.tflite` goes back" in page


def test_verify_says_that_it_is_whole_and_what_was_changed(copied, capsys):
    folder = copied()
    assert main(["export", str(folder), "--verify"]) == 0
    assert "is whole. 4 images made with onnxruntime" in capsys.readouterr().out
    with open(folder / "generator.onnx", "r+b") as file:
        file.seek(2000)
        file.write(b"\xff" * 64)
    (folder / "README.md").unlink()
    assert main(["export", str(folder), "--verify"]) == 2
    error = capsys.readouterr().err
    assert "README.md is missing, generator.onnx was changed" in error and error.count("\n") == 1
    assert main(["export", str(folder.parent), "--verify"]) == 2
    assert "Expected an export with" in capsys.readouterr().err


def test_a_damaged_network_is_noticed_when_checksums_lie(copied):
    folder = copied()
    (folder / "generator.onnx").write_bytes((folder / "generator.onnx").read_bytes()[:3000])
    write_sums(folder)
    with pytest.raises(ValueError, match="Expected an export that ONNX's runtime can run. Rec"):
        verify_export(folder)
    write_json(folder / "card.json", {"format": "onnx"})
    write_sums(folder)
    with pytest.raises(ValueError, match="Expected the card of an export in .*something else"):
        verify_export(folder)


@pytest.mark.parametrize("wrong", [0.01, np.nan])
def test_other_images_are_noticed(copied, wrong):
    folder = copied()
    with np.load(folder / "examples.npz") as examples:
        arrays = dict(examples)
    arrays["generator/1/expected"][2, 3, 4, 0] += wrong
    np.savez(folder / "examples.npz", **arrays)
    with pytest.raises(ValueError, match="at most 0.001. Received: (0.01|nan) in batch gen.*/1 of"):
        compare_in_a_fresh_process(folder, "onnx")


def test_beyond_the_tolerance_nothing_is_left(tmp_path, capsys):
    need("onnx")
    run = unpacked("stargan", tmp_path)
    assert main(["export", str(run), "--format=onnx", "--tolerance=0"]) == 2
    error = capsys.readouterr().err
    assert "differ from the generator's by at most 0. Received: " in error
    assert list((run / "export").iterdir()) == []


def test_of_a_bare_generator_the_card_says_what_is_not_known(tmp_path):
    need("litert")
    run = unpacked("gan", tmp_path)
    bare = tmp_path / "lone" / "generator.keras"
    bare.parent.mkdir()
    shutil.copy(run / "generator.keras", bare)
    exported = export_generator(bare, "litert", output=tmp_path / "out")
    assert exported.networks == (tmp_path / "out" / "generator.tflite",)
    card = read_json(tmp_path / "out" / "card.json")
    assert card["run"] is None and card["data_licence"] is None and card["name"] == "lone"
    page = (tmp_path / "out" / "README.md").read_text()
    assert page.count("Not known: no run is beside the generator that would tell.") == 2
    assert "that is assumed, for no run" in page
    assert "Licence of the data: none was stated." in page


def test_what_is_in_the_way(copied, tmp_path):
    folder, run = copied(), unpacked("conditional", tmp_path)
    with pytest.raises(ConfigError, match="Expected no export in .*--overwrite replaces it"):
        export_generator(run, "onnx", output=folder)
    (folder / "old").touch()
    export_generator(run, "onnx", output=folder, overwrite=True)
    assert not (folder / "old").exists() and verify_export(folder)["images"] == 4
    (folder / "card.json").unlink()
    with pytest.raises(ConfigError, match="a new or an empty folder. .* holds something that is"):
        export_generator(run, "onnx", output=folder, overwrite=True)
    with pytest.raises(ConfigError, match="Expected a format out of savedmodel, onnx, litert"):
        export_generator(run, "pickle")
    with pytest.raises(ConfigError, match="Expected a released generator at"):
        export_generator(tmp_path / "nowhere", "savedmodel")
