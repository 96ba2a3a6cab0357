import json

import pytest
import tensorflow as tf

from benchmarks import reliability
from benchmarks.faults.fault import Fault
from benchmarks.faults.trainings import Trainings, differences, ended_well
from tests.benchmarks.program import run
from tfgan_lab import run_layout


def test_a_fault_is_tried_once_unless_something_was_lost(tmp_path):
    tries = []

    def attempt(trainings):
        tries.append(trainings)
        return ["", "a|b"] if len(tries) == 1 else [""]

    fault = Fault("name", "what breaks", attempt)
    result = reliability.try_out(fault, "trainings", tmp_path)
    assert (result["tried"], result["survived"], result["lost"]) == (2, 1, ["a|b"])
    assert reliability.lines_of([result])[2] == ("| what breaks | 2 | 1 | a\\|b | `--only=name` |")
    mended = [reliability.try_out(fault, "trainings", tmp_path) for _ in range(2)]
    assert mended[0] == mended[1] and mended[0]["lost"] == [] and len(tries) == 2
    # As often as the table says is more than was tried.
    long = reliability.try_out(fault, "trainings", tmp_path, long=True)
    assert len(tries) == 3 and "`--all --only=name`" in reliability.lines_of([long])[2]
    skipped = Fault("other", "", attempt, skips=lambda: "no mounts")
    assert reliability.try_out(skipped, "trainings", tmp_path)["lost"] == ["not tried: no mounts"]
    assert [each["name"] for each in reliability.in_order(tmp_path, ["other"])] == ["other", "name"]


def test_faults_have_names_of_their_own():
    names = [fault.name for fault in reliability.all_faults()]
    assert len(set(names)) == len(names) > 40


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", ["below_a_file", "kill_gan", "full_checkpoint", "checkpoint_flipped"]
)
def test_a_training_survives(fault, tmp_path):
    done = run("benchmarks.reliability", f"--work_dir={tmp_path}", f"--only={fault}")
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / f"results/{fault}.json").read_text())
    assert result["tried"] == result["survived"] > 0, result["lost"]


def write_run(folder, weight=1.0, loss=0.25, image=b"drawn"):
    """The least of a complete run."""
    (folder / "snapshots").mkdir(parents=True)
    (folder / "snapshots" / "data.png").write_bytes(image)
    (folder / run_layout.LOG).write_text(f"epoch,step,images,seconds,loss\n1,2,8,{weight},{loss}\n")
    (folder / "verdict.json").write_text("{}")
    tf.train.Checkpoint(weight=tf.Variable(weight)).write(str(folder / "checkpoints" / "step-2"))
    return folder


def test_what_differs_between_runs_is_named(tmp_path):
    run = write_run(tmp_path / "a")
    assert differences(run, write_run(tmp_path / "b")) == []
    assert differences(run, write_run(tmp_path / "c", loss=0.5, image=b"other")) == [
        "column loss of the log", "snapshots/data.png"
    ]  # fmt: skip
    # Seconds may differ, and weights may not.
    (weight,) = differences(run, write_run(tmp_path / "d", weight=2.0))
    assert weight.startswith("weight weight")


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


def test_a_run_that_was_begun_is_made_once(tmp_path):
    kept = tmp_path / "begun_gan"
    kept.mkdir()
    (kept / "report.html").write_text("page")
    path = Trainings(tmp_path).begun("gan", "damaged")
    assert (path / "report.html").read_text() == "page" and path == tmp_path / "damaged"
