import re

import pytest

from tests.runs.tiny import tiny_flags
from tfgan_lab.command_line.main import main

TINY = [*tiny_flags(num_drawn=16, batch_size=16, epochs=1), "--metrics=kid"]


def test_from_flags_to_the_table(tmp_path, capsys):
    argv = ["sweep", *TINY, "--vary=generator_slope=0,0.2", f"--run_dir={tmp_path / 'sweep'}"]
    assert main([*argv, "--dry_run"]) == 0
    assert capsys.readouterr().out.endswith("2 runs. Nothing was written.\n")
    assert not (tmp_path / "sweep").exists()
    assert main(argv) == 0
    out = capsys.readouterr().out
    table = (tmp_path / "sweep" / "sweep.md").read_text()
    assert table in out and re.search(r"\| generator_slope=0.2 \| 1 \| -?\d", table)
    assert "One run each, with seed 0" in table
    page = (tmp_path / "sweep" / "comparison" / "comparison.html").read_text()
    assert "generator_slope=0.2/seed_0" in page and "data:image/png;base64," in page
    for slope in ("0", "0.2"):
        page = tmp_path / "sweep" / f"generator_slope={slope}" / "seed_0" / "report.html"
        assert "<h2>Measures</h2>" in page.read_text()
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert "2 of 2 runs are complete." in out and table in out


def test_says_where_values_do_not_compare(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tfgan_lab.runs.sweep.sweep_worker.TrainAndMeasure", Nothing)
    axes = ["--vary=num_drawn=16,20", "--vary=beta_1=0,0.5"]
    assert main(["sweep", *TINY, *axes, f"--run_dir={tmp_path}"]) == 0
    table = (tmp_path / "sweep.md").read_text()
    assert "Note: runs that differ in num_drawn are measured against different images" in table
    out = capsys.readouterr().out
    assert re.search(r"\n1 of 4 runs, about [\d.]+ (minutes|hours) left\.\n", out), out
    assert "4 of 4 runs" not in out
    # A run that leaves nothing to write a page of is a failed run, and no end of the sweep.
    assert table.count("Failed: ") == 4 and "no config.json there" in table


class Nothing:
    """Work that trains nothing."""

    def __init__(self, request):
        del request

    def __repr__(self):
        return "nothing"

    def __call__(self, config):
        return {}


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "Expected --vary, --variants or several --seeds. Received: one run only"),
        (["--vary=kernel_size=4,6"], "Expected --run_dir=FOLDER"),
        (["--variants=gone.json"], "Expected a JSON file of variants"),
        (["--seed=3"], "Expected --seeds instead of --seed"),
        (["words"], "Expected flags only. Received: 'words'"),
        (["--seeds=a"], "Expected --seeds as whole numbers from 0, .*Received: a"),
        (["--processes=0"], "--processes=0"),
        (
            ["--vary=first_stride=1,2", "--run_dir=x"],
            "Expected --generator=dcgan with first_stride.*in the run first_stride=1",
        ),
    ],
)
def test_refuses(argv, message, refuse, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refuse(["sweep", *TINY, *argv], message)
    assert not list(tmp_path.iterdir())
