"""What commands show besides their results: progress, and what to do next."""

import re

import pytest
from PIL import Image

from tests.runs.tiny import tiny_flags
from tfgan_lab.command_line.main import main

TINY = tiny_flags(drawn=None, num_drawn=None)
FAST = ["--steps=2", "--starts=1", "--bank=8"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("my images")
    for index in range(6):
        Image.new("RGB", (20, 20), (40 * index, 200 - 30 * index, 50)).save(folder / f"{index}.png")
    return folder


@pytest.fixture(scope="module")
def run_dir(folder, tmp_path_factory):
    run = tmp_path_factory.mktemp("run")
    argv = ["train", f"--data_dir={folder}", f"--run_dir={run}", *TINY, "--verbosity=quiet"]
    assert main(argv) == 0
    return run


def commands(folder, run, tmp_path):
    """Every long command, what its bar says, and the verb of what it suggests."""
    return {
        "inspect": (["inspect", str(folder)], "Inspecting: 100%", "train"),
        "convert": (["convert", str(folder), f"--output={tmp_path / 'out'}"], "Converting: 100%",
                    "train"),
        "train": (["train", f"--data_dir={folder}", f"--run_dir={tmp_path / 'run'}", *TINY],
                  "Training: 100%", "evaluate"),
        "evaluate": (["evaluate", str(run), "--metrics=kid"], "Evaluating: 100%", "report"),
        "invert": (["invert", str(run), str(folder / "0.png"), *FAST], "Searching: 100%", "report"),
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["inspect", "convert", "train", "evaluate", "invert"])
def test_long_commands_show_progress_and_what_comes_next(verb, folder, run_dir, tmp_path, capsys):
    argv, bar, following = commands(folder, run_dir, tmp_path)[verb]
    assert main([*argv, "--verbosity=verbose"]) == 0
    out, err = capsys.readouterr()
    assert bar in err and re.search(r"(s/ (files|images|steps)|(files|images|steps)/s)", err)
    assert re.search(rf"Next:\n  tfgan-lab {following} ", out)


@pytest.mark.parametrize("verb", ["inspect", "evaluate", "invert"])
def test_no_bars_in_files_and_no_advice_for_the_quiet(verb, folder, run_dir, tmp_path, capsys):
    argv, _, _ = commands(folder, run_dir, tmp_path)[verb]
    assert main(argv) == 0
    assert "%|" not in capsys.readouterr().err
    assert main([*argv, "--verbosity=quiet"]) == 0
    out, err = capsys.readouterr()
    assert out and "Next:" not in out and "%|" not in err


def test_suggested_commands_run_as_printed(folder, tmp_path, capsys, monkeypatch):
    import shlex

    monkeypatch.chdir(tmp_path)
    assert main(["inspect", str(folder), "--image_size=16"]) == 0
    (line,) = re.findall(r"Next:\n  tfgan-lab (.*)", capsys.readouterr().out)
    assert main([*shlex.split(line), "--dry_run"]) == 0
    assert "16x16" in capsys.readouterr().out


def test_a_quiet_training_says_only_where_to_look(folder, tmp_path, capsys):
    run = tmp_path / "run"
    argv = ["train", f"--data_dir={folder}", f"--run_dir={run}", *TINY, "--verbosity=quiet"]
    assert main(argv) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Done. Look at {run}/report.html"
