"""What README and the guides print runs as printed."""

import pathlib
import re

import pytest

import tfgan_lab as tgl
from tfgan_lab.command_line.main import VERBS

ROOT = pathlib.Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def run_blocks(page, **names):
    """Runs a page's Python as one program; returns its names."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), flags=re.DOTALL)
    assert blocks
    held = {"__name__": "guide"} | names
    exec(compile("\n".join(blocks), page, "exec"), held)
    return held


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_python_example_runs(tmp_path, capsys):
    run_blocks("README.md")
    assert (tmp_path / "runs/python/plates.png").stat().st_size > 10_000
    assert (tmp_path / "runs/python/snapshots/epoch_00002.png").exists()


@pytest.mark.parametrize(
    ("guide", "printed"),
    [
        ("evaluation", "KernelDistance(value="),
        ("sources", "5 ('frame_00000', 'frame_00001')"),
        ("maps", "class_activation (8, 8, 8)"),
        ("explore", ""),
        pytest.param("python", "", marks=pytest.mark.slow),
        pytest.param("latents", "", marks=pytest.mark.slow),
        pytest.param("export", "", marks=pytest.mark.slow),
        pytest.param("devices", "", marks=pytest.mark.slow),
        pytest.param("comparing", "generator_slope=0.2 {'kid': ", marks=pytest.mark.slow),
    ],
)
def test_guides_run(guide, printed, tmp_path, capsys):
    walk = tgl.plots.gif_bytes(tgl.data.plates(5, image_size=32).sample(5))
    (tmp_path / "walk.gif").write_bytes(walk)
    (tmp_path / "my_images").mkdir()
    for index, image in enumerate(tgl.data.plates(8, image_size=64).images):
        (tmp_path / "my_images" / f"{index}.png").write_bytes(tgl.plots.png_bytes(image))
    run_blocks(f"docs/guides/{guide}.md")
    assert printed in capsys.readouterr().out


@pytest.mark.slow
def test_guide_to_diagnosis_runs(make_gan, make_images, tmp_path):
    held = run_blocks("docs/guides/diagnosis.md", gan=make_gan(), images=make_images(32))
    assert held["diagnosis"].verdict is not None and (tmp_path / "run/verdict.json").exists()


def test_commands_exist():
    assert set(re.findall(r"^tfgan-lab (\w+)", README, flags=re.MULTILINE)) <= set(VERBS)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert set(re.findall(r"make (demo|test|docs)\b", README)) <= set(targets)
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text() for page in pages)
    for room, name in re.findall(r"\b(experiments|benchmarks)[./](\w+)\b", text):
        assert (ROOT / room / f"{name}.py").exists(), f"{room}.{name}"
