import json
import re

import pytest

from tests.runs.tiny import tiny
from tfgan_lab.command_line.main import main
from tfgan_lab.files import write_json
from tfgan_lab.runs import ConfigError, diagnose, open_run, train
from tfgan_lab.runs.training.directory import RunDirectory
from tfgan_lab.runs.training.run_images import load_images

FINE = {"finite": 1.0, "neighbour_ratio": 0.9, "kernel_entropy_ratio": 0.9, "density": 0.9}
COLLAPSED = FINE | {"neighbour_ratio": 0.01, "kernel_entropy_ratio": 0.1}


def write_readings(path, *readings):
    readings = [{"images": 1000 * n} | each for n, each in enumerate(readings, 1)]
    write_json(path / "verdict.json", {"readings": readings})


def test_tells_verdict_course_and_what_was_changed(tmp_path):
    directory = RunDirectory(tmp_path)
    directory.open(tiny(tmp_path), {"num_images": 10})
    changes = {"r1_gamma": [1.0, 4.0]}
    directory.note_rollback(
        {"images": 800, "back_to_images": 0, "verdict": "mode_collapse", "changes": changes}
    )
    write_readings(tmp_path, FINE, FINE, FINE, COLLAPSED, COLLAPSED | {"finite": 1.0})
    lines = diagnose(open_run(tmp_path)).splitlines()
    assert lines[0].startswith("Verdict: mode collapse since 4,000 training images.")
    assert "neighbour_ratio is 0.01 (< 0.15)" in lines[1] and "--r1_gamma" in lines[2]
    assert lines[4] == "5 readings, the last at 5,000 images."
    assert lines[6:9] == [
        "       1,000  too early",
        "       3,000  healthy",
        "       5,000  mode collapse",
    ]
    assert lines[9].startswith("Goes back from 800 to 0 training images for mode collapse")


def test_looks_at_the_newest_checkpoint_where_nothing_was_read(tmp_path):
    train(tiny(tmp_path, diagnose_every=0, num_drawn=40), verbose=0)
    assert not (tmp_path / "verdict.json").exists()
    before = sorted(path.name for path in tmp_path.rglob("*"))
    text = diagnose(open_run(tmp_path))
    assert "One reading of the checkpoint at 80 images." in text
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_training_writes_what_is_told_later(tmp_path):
    train(tiny(tmp_path, diagnose_every=12, epochs=3), verbose=0)
    readings = json.loads((tmp_path / "verdict.json").read_text())["readings"]
    assert [each["images"] for each in readings] == [12, 24, 36]
    assert "3 readings, the last at 36 images." in diagnose(open_run(tmp_path))


def test_refuses_where_there_is_nothing(tmp_path):
    with pytest.raises(FileNotFoundError, match=re.escape(f"Expected a run in {tmp_path}")):
        diagnose(open_run(tmp_path))
    config = tiny(tmp_path, diagnose_every=0)
    described = {"num_images": 10, "fingerprint": load_images(config).fingerprint()}
    RunDirectory(tmp_path).open(config, described)
    with pytest.raises(ConfigError, match="Expected a checkpoint in .* none yet"):
        diagnose(open_run(tmp_path))


@pytest.mark.parametrize("verb", ["diagnose", "maps"])
def test_refuses_other_images_than_those_of_the_run(verb, tmp_path, capsys, monkeypatch):
    RunDirectory(tmp_path).open(tiny(tmp_path), {"num_images": 10, "fingerprint": "another"})
    monkeypatch.setattr("tfgan_lab.runs.LatentRun.model", lambda run: None)
    assert main([verb, str(tmp_path)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "Expected the 10 images that the run in" in said
    assert "Received: 10, not all the same" in said


def test_suggests_the_page_only_where_it_shows_the_verdict(tmp_path, capsys, monkeypatch):
    RunDirectory(tmp_path).open(tiny(tmp_path), {"num_images": 10})
    monkeypatch.setattr("tfgan_lab.runs.diagnose", lambda run: "Healthy.")
    assert main(["diagnose", str(tmp_path)]) == 0
    assert "tfgan-lab report" not in capsys.readouterr().out
    write_readings(tmp_path, FINE)
    assert main(["diagnose", str(tmp_path)]) == 0
    assert "tfgan-lab report" in capsys.readouterr().out
