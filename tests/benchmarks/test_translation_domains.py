import json

import pytest

from tests.benchmarks.program import run

MODULE = "benchmarks.translation_domains"


@pytest.mark.slow
def test_trains_once_and_makes_the_table_again(tmp_path):
    arguments = [
        f"--work_dir={tmp_path}/runs",
        "--numbers=2",
        "--num_drawn=12",
        "--cyclegan_images=8",
        "--stargan_images=8",
        "--measured=4",
        f"--table={tmp_path}/table",
    ]
    done = run(MODULE, *arguments)
    assert done.returncode == 0, done.stderr
    cyclegan, stargan = rows = json.loads((tmp_path / "table.json").read_text())
    assert [row["model"] for row in rows] == ["cyclegan", "stargan"]
    assert (cyclegan["generators"], stargan["generators"]) == (2, 1)
    # Two translators of 272,483 parameters against one that also sees the domain's two maps.
    assert cyclegan["generator_parameters"] > 1.5 * stargan["generator_parameters"] > 0
    assert all(0 <= row["worst_asked"] <= row["asked"] <= 1 for row in rows)
    assert all(row["train_minutes"] > 0 and row["milliseconds"] > 0 for row in rows)
    table = (tmp_path / "table.md").read_text()
    assert "| 2 | CycleGAN, each pair | 2 |" in table and "| 2 | StarGAN | 1 |" in table
    model = tmp_path / "runs/seed_0/cyclegan_red_blue/domains.json"
    written = model.stat().st_mtime_ns
    assert run(MODULE, *arguments).returncode == 0
    assert model.stat().st_mtime_ns == written
    assert (tmp_path / "table.md").read_text() == table
