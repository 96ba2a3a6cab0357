"""What README and the guide to Python print runs as printed."""

import pathlib
import re

import tfgan_lab as tgl
from tfgan_lab.command_line.main import VERBS

ROOT = pathlib.Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_python_example_runs(tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert (tmp_path / "runs/python/plates.png").stat().st_size > 10_000
    assert (tmp_path / "runs/python/snapshots/epoch_00002.png").exists()


def test_python_guide_runs(tmp_path, monkeypatch):
    text = (ROOT / "docs/guides/python.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) > 5
    monkeypatch.chdir(tmp_path)
    pathlib.Path("my_pictures").mkdir()
    for index, image in enumerate(tgl.data.plates(8, image_size=64).images):
        pathlib.Path(f"my_pictures/{index}.png").write_bytes(tgl.plots.png_bytes(image))
    exec(compile("\n".join(blocks), "python.md", "exec"), {"__name__": "guide"})


def test_evaluation_guide_runs(capsys):
    text = (ROOT / "docs/guides/evaluation.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(code, "evaluation.md", "exec"), {})
    assert "KernelDistance(value=" in capsys.readouterr().out


def test_guide_to_latents_runs(tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs/guides/latents.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) > 4
    monkeypatch.chdir(tmp_path)
    exec(compile("\n".join(blocks), "latents.md", "exec"), {"__name__": "guide"})
    assert (tmp_path / "found.png").exists() and (tmp_path / "directions.png").exists()


def test_guide_to_comparing_runs(tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs/guides/comparing.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "comparing.md", "exec"), {"__name__": "guide"})
    assert "generator_slope=0.2 {'kid': " in capsys.readouterr().out


def test_guide_to_maps_runs(tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs/guides/maps.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "maps.md", "exec"), {"__name__": "guide"})
    assert "class_activation (8, 8, 8)" in capsys.readouterr().out
    assert (tmp_path / "maps.png").exists()


def test_guide_to_the_explorer_runs():
    text = (ROOT / "docs/guides/explore.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    held = {}
    exec(compile(code, "explore.md", "exec"), held)
    assert held["picture"].shape == (32, 32, 3)


def test_commands_exist():
    assert set(re.findall(r"^tfgan-lab (\w+)", README, flags=re.MULTILINE)) <= set(VERBS)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert set(re.findall(r"make (demo|test|docs)\b", README)) <= set(targets)
    for name in re.findall(r"python -m experiments\.(\w+)", README):
        assert (ROOT / "experiments" / f"{name}.py").exists()
