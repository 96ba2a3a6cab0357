import json
import shutil

import pytest

from benchmarks.faults.table import table_lines
from benchmarks.faults.trainings import Trainings, differences, ended_well
from tests.benchmarks.program import run
from tests.runs.tiny import tiny
from tfgan_lab.runs.training.latent_training import train

MODULE = "benchmarks.reliability"


def test_a_fault_is_tried_once_and_its_result_kept(tmp_path):
    arguments = [f"--work_dir={tmp_path}/work", "--only=below_a_file", f"--table={tmp_path}/table"]
    done = run(MODULE, *arguments)
    assert done.returncode == 0, done.stderr
    row = "| a run directory below a file | 1 | 1 | nothing | `--only=below_a_file` |"
    assert row in done.stdout and row in (tmp_path / "table.md").read_text()
    (result,) = json.loads((tmp_path / "table.json").read_text())
    assert result["tried"] == result["survived"] == 1 and result["lost"] == []
    kept = tmp_path / "work/results/below_a_file.json"
    before = kept.stat().st_mtime_ns
    assert run(MODULE, *arguments).returncode == 0
    assert kept.stat().st_mtime_ns == before


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill_gan", "full_checkpoint", "checkpoint_flipped"])
def test_a_training_survives(fault, tmp_path):
    done = run(MODULE, f"--work_dir={tmp_path}", f"--only={fault}")
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / f"results/{fault}.json").read_text())
    assert result["tried"] == result["survived"] > 0, result["lost"]


def test_faults_have_names_of_their_own_and_unknown_ones_are_refused():
    listed = run(MODULE, "--list").stdout.splitlines()
    names = [line.split()[0] for line in listed]
    assert len(set(names)) == len(names) > 40
    done = run(MODULE, "--only=earthquake")
    assert done.returncode and "Expected known faults. Received: earthquake" in done.stderr


def test_what_differs_between_runs_is_named(tmp_path):
    train(tiny(tmp_path / "a", num_drawn=4, epochs=1), verbose=0)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert differences(tmp_path / "a", tmp_path / "b") == []
    log = tmp_path / "b" / "log.csv"
    head, row = log.read_text().splitlines()
    loss = head.split(",").index("generator_loss")
    values = row.split(",")
    values[loss] = "0.5"
    log.write_text(f"{head}\n{','.join(values)}\n")
    (tmp_path / "b" / "snapshots" / "data.png").unlink()
    train(tiny(tmp_path / "c", num_drawn=4, epochs=1, seed=1), verbose=0)
    assert differences(tmp_path / "a", tmp_path / "b") == [
        "column generator_loss of the log", "snapshots/data.png"
    ]  # fmt: skip
    assert any(each.startswith("weight ") for each in differences(tmp_path / "a", tmp_path / "c"))


class Ended:
    def __init__(self, code, errors):
        self.errors = errors
        self.process = type("Process", (), {"returncode": code})


def test_an_end_is_well_only_with_its_code_and_one_sentence():
    assert ended_well(Ended(2, "Note: a\ntfgan-lab: Expected b\n"), 2, "Expected b") == []
    assert ended_well(Ended(1, "Expected b"), 2, "Expected b") == ["exit code 1 instead of 2"]
    for errors in ("", "Traceback\nExpected b\n", "Expected c\n"):
        (wrong,) = ended_well(Ended(2, errors), 2, "Expected b")
        assert wrong.startswith("no clear sentence but ")


def test_a_row_says_what_was_lost_and_how_to_repeat_it():
    result = {"name": "a", "fault": "b", "tried": 3, "survived": 2, "lost": ["c|d"], "long": True}
    assert table_lines([result])[2] == "| b | 3 | 2 | c\\|d | `--all --only=a` |"


def test_a_run_that_was_begun_is_made_once(tmp_path):
    kept = tmp_path / "begun_gan"
    kept.mkdir()
    (kept / "report.html").write_text("page")
    path = Trainings(tmp_path).begun("gan", "damaged")
    assert (path / "report.html").read_text() == "page" and path == tmp_path / "damaged"
