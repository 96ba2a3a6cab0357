"""What the guide to translators prints of Python runs as printed, but for less long."""

import pathlib
import re

import numpy as np
import pytest
from PIL import Image

GUIDE = pathlib.Path(__file__).parents[2] / "docs/guides/translation.md"


@pytest.mark.slow
def test_python_runs(tmp_path, monkeypatch):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    code = "\n".join(blocks).replace("epochs=200", "epochs=1")
    monkeypatch.chdir(tmp_path)
    classes = {"hair": "abc", "expressions": "abcde"}
    folders = ["photos", "paintings"]
    folders += [f"{name}/{label}" for name in classes for label in classes[name]]
    rng = np.random.default_rng(0)
    for folder in folders:
        pathlib.Path(folder).mkdir(parents=True)
        for index in range(2):
            pixels = rng.integers(0, 256, (30, 40, 3), np.uint8)
            Image.fromarray(pixels).save(f"{folder}/{index}.png")
    names = {"__name__": "guide"}
    exec(compile(code, "translation.md", "exec"), names)
    assert names["paintings"].shape == (2, 64, 64, 3)
    assert int(names["model"].step.numpy()) == 4
