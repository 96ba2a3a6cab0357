"""What README and the guide to Python print runs as printed."""

import pathlib
import re

import pytest

import tfgan_lab as tgl
from tfgan_lab.command_line.main import VERBS

ROOT = pathlib.Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def run_blocks(page, **names):
    """Runs a page's Python as one program; returns how many blocks there were, and its names."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), flags=re.DOTALL)
    held = {"__name__": "guide"} | names
    exec(compile("\n".join(blocks), page, "exec"), held)
    return len(blocks), held


def test_python_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run_blocks("README.md")
    assert (tmp_path / "runs/python/plates.png").stat().st_size > 10_000
    assert (tmp_path / "runs/python/snapshots/epoch_00002.png").exists()


@pytest.mark.slow
def test_python_guide_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("my_images").mkdir()
    for index, image in enumerate(tgl.data.plates(8, image_size=64).images):
        pathlib.Path(f"my_images/{index}.png").write_bytes(tgl.plots.png_bytes(image))
    assert run_blocks("docs/guides/python.md")[0] > 5


def test_evaluation_guide_runs(capsys):
    run_blocks("docs/guides/evaluation.md")
    assert "KernelDistance(value=" in capsys.readouterr().out


def test_guide_to_latents_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_blocks("docs/guides/latents.md")[0] > 4
    assert (tmp_path / "found.png").exists() and (tmp_path / "directions.png").exists()


@pytest.mark.slow
def test_guide_to_diagnosis_runs(make_gan, make_images, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, held = run_blocks("docs/guides/diagnosis.md", gan=make_gan(), images=make_images(32))
    assert held["diagnosis"].verdict is not None and (tmp_path / "run/verdict.json").exists()


def test_guide_to_sources_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    walk = tgl.plots.gif_bytes(tgl.data.plates(5, image_size=32).sample(5))
    pathlib.Path("walk.gif").write_bytes(walk)
    run_blocks("docs/guides/sources.md")
    assert "5 ('frame_00000', 'frame_00001')" in capsys.readouterr().out


@pytest.mark.slow
def test_guide_to_devices_runs(capsys):
    run_blocks("docs/guides/devices.md")


@pytest.mark.slow
def test_guide_to_comparing_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run_blocks("docs/guides/comparing.md")
    assert "generator_slope=0.2 {'kid': " in capsys.readouterr().out


def test_guide_to_maps_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run_blocks("docs/guides/maps.md")
    assert "class_activation (8, 8, 8)" in capsys.readouterr().out
    assert (tmp_path / "maps.png").exists()


def test_guide_to_the_explorer_runs():
    _, held = run_blocks("docs/guides/explore.md")
    assert held["image"].shape == (32, 32, 3)


def test_guide_to_exports_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _, held = run_blocks("docs/guides/export.md")
    assert held["exported"].check["greatest_difference"] < 1e-5
    assert (tmp_path / "export" / "savedmodel" / "README.md").exists()


def test_commands_exist():
    assert set(re.findall(r"^tfgan-lab (\w+)", README, flags=re.MULTILINE)) <= set(VERBS)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert set(re.findall(r"make (demo|test|docs)\b", README)) <= set(targets)
    for name in re.findall(r"python -m experiments\.(\w+)", README):
        assert (ROOT / "experiments" / f"{name}.py").exists()
