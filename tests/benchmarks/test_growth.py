import json
import types

import pytest

from benchmarks import growth
from tests.benchmarks.program import run


@pytest.mark.slow
def test_a_point_has_speed_and_memory():
    point = {"size": 16, "batch": 2, "width": 0.25, "images": 1200}
    done = run("benchmarks.growth", "--rounds=1", "--seconds=0.01", f"--point={json.dumps(point)}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["speed"] > 0 and 100 < found["memory"] < 2000


def test_medians_over_rounds_there_and_back(monkeypatch):
    measured = []

    def measure(point):
        measured.append(point["batch"])
        return {"speed": 100.0 * point["batch"] + len(measured), "memory": 7.0}

    monkeypatch.setattr(growth, "measure", measure)
    monkeypatch.setattr(growth, "FLAGS", types.SimpleNamespace(rounds=3))
    found = growth.measure_rounds(["batch"])
    assert measured == [4, 8, 16, 32, 64, 64, 32, 16, 8, 4, 4, 8, 16, 32, 64]
    assert found["batch"][0] == {"speed": 410.0, "memory": 7.0}  # of 401, 410 and 411
    lines = growth.table_lines(found)
    assert lines[2].split("|")[1:5] == [" 4 ", " 410.0 ", " 0.51 ", " 7 "]
    assert lines[3].split("|")[3] == " 1.00 "


def test_a_figure_has_time_and_memory_along_every_axis():
    found = {
        axis: [{"speed": 10.0, "memory": 500.0}] * len(values)
        for axis, values in growth.AXES.items()
    }
    figure = growth.draw(found)
    assert len(figure.axes) == 2 * len(growth.AXES)
    upper, lower = figure.axes[0].lines[0], figure.axes[len(growth.AXES)].lines[0]
    assert list(upper.get_xdata()) == growth.AXES["size"]
    assert set(upper.get_ydata()) == {100.0} and set(lower.get_ydata()) == {0.5}


def test_unknown_axes_are_refused():
    done = run("benchmarks.growth", "--axes=depth")
    assert done.returncode != 0 and "Expected --axes of size, batch, width, images" in done.stderr
