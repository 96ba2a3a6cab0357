"""The notebooks run from their first cell to their last, as printed."""

import json
import pathlib

import pytest

FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"


def code_of(path):
    cells = json.loads(path.read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_run(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    held = {"__name__": "notebook"}
    for number, code in enumerate(code_of(path)):
        exec(compile(code, f"{path.name}, code cell {number}", "exec"), held)
    if path.stem == "from_folder_to_generator":
        assert held["page"].stat().st_size > 100_000
        assert "40 can be used as images" in capsys.readouterr().out
    else:
        assert held["strips"].shape == (3, 7, 32, 32, 3)


def test_notebooks_are_kept_without_their_results():
    paths = list(FOLDER.glob("*.ipynb"))
    assert len(paths) == 2
    for path in paths:
        cells = json.loads(path.read_text())["cells"]
        assert all(not cell.get("outputs") for cell in cells)
