import json
import os
import shutil
import subprocess
import sys

import pytest

from tfgan_lab import run_layout
from tfgan_lab.machine import INTRA_OP_THREADS
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig
from tfgan_lab.runs.training.directory import OWN, RunDirectory
from tfgan_lab.runs.training.run_record import read_record

DATA = {"num_images": 10, "fingerprint": "abc"}


def config(**settings):
    return RunConfig.from_preset(
        **({"preset": "light", "drawn": "plates", "run_dir": "x"} | settings)
    )


def test_config_json_holds_what_was_resolved(tmp_path):
    directory = RunDirectory(tmp_path)
    assert directory.open(config(seed=4), DATA) == []
    record = json.loads((tmp_path / "config.json").read_text())
    assert record["settings"] == config(seed=4).to_dict() and record["data"] == DATA
    (session,) = record["sessions"]
    assert set(session["versions"]) == {"tfgan_lab", "python", "tensorflow", "keras", "numpy"}
    assert session["command"] == sys.argv
    assert session["machine"]["usable_cores"] == len(os.sched_getaffinity(0))


def test_the_same_settings_go_on_and_a_budget_may_grow(tmp_path):
    directory = RunDirectory(tmp_path)
    directory.open(config(epochs=3), DATA)
    assert directory.open(config(epochs=9, snapshot_every=2), DATA) == []
    record = json.loads((tmp_path / "config.json").read_text())
    assert record["settings"]["epochs"] == 9 and len(record["sessions"]) == 2


def test_other_settings_and_other_images_are_refused_by_name(tmp_path):
    directory = RunDirectory(tmp_path)
    directory.open(config(), DATA)
    before = (tmp_path / "config.json").read_bytes()
    message = "--batch_size is 16 but was 32, --seed is 1 but was 0.*--overwrite"
    with pytest.raises(ConfigError, match=message):
        directory.open(config(batch_size=16, seed=1), DATA)
    with pytest.raises(ConfigError, match="Expected the 10 images .*Received: 12, not all"):
        directory.open(config(), {"num_images": 12, "fingerprint": "abd"})
    assert (tmp_path / "config.json").read_bytes() == before
    directory.open(config(batch_size=16), DATA, overwrite=True)


def test_another_version_and_another_machine_are_noted(tmp_path, monkeypatch):
    monkeypatch.delenv(INTRA_OP_THREADS, raising=False)
    directory = RunDirectory(tmp_path)
    directory.open(config(), DATA)
    record = json.loads((tmp_path / "config.json").read_text())
    record["sessions"][0]["versions"]["keras"] = "3.0.0"
    (tmp_path / "config.json").write_text(json.dumps(record))
    (sentence,) = directory.open(config(), DATA)
    assert sentence.startswith("keras is 3.") and "was 3.0.0" in sentence
    assert "not to the same bits" in sentence
    assert directory.open(config(), DATA) == []
    monkeypatch.setenv(INTRA_OP_THREADS, "1")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3, 4, 5, 6})
    cores, threads = directory.open(config(), DATA)
    assert cores.startswith("usable_cores is 7 but was")
    assert threads.startswith("TF_NUM_INTRAOP_THREADS is 1 but was unset")


def test_overwrite_removes_only_what_runs_write(tmp_path):
    for name in OWN:
        if "." in name:
            (tmp_path / name).write_text("old")
        else:
            (tmp_path / name).mkdir()
            (tmp_path / name / "old").write_text("old")
    (tmp_path / run_layout.MISSING_MODES).write_text("an image of a run that dropped modes")
    (tmp_path / "notes.txt").write_text("mine")
    RunDirectory(tmp_path).remove_run()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_remains_without_a_config_and_damaged_ones_are_refused(tmp_path):
    (tmp_path / "log.csv").write_text("epoch\n")
    with pytest.raises(ConfigError, match="Expected config.json beside log.csv"):
        RunDirectory(tmp_path).open(config(), DATA)
    (tmp_path / "config.json").write_text('{"settings": {')
    with pytest.raises(ValueError, match="Expected JSON in .*config.json. Received: a damaged"):
        RunDirectory(tmp_path).open(config(), DATA)


HOLD = """
import sys, time
from tfgan_lab.runs.training.directory import RunDirectory
with RunDirectory(sys.argv[1]).lock():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(ConfigError, match="another process is training in"):
            with RunDirectory(tmp_path).lock():
                pytest.fail("two processes hold the lock")
        first.kill()
    with RunDirectory(tmp_path).lock():
        pass


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "run").write_text("a file")
    with pytest.raises(ConfigError, match="directory that can be written to"):
        with RunDirectory(tmp_path / "run").lock():
            pass


def test_a_directory_that_is_removed_underneath(tmp_path):
    message = "Expected .*run to stay while a run is in it. Received: it was removed"
    with pytest.raises(ConfigError, match=message):
        with RunDirectory(tmp_path / "run").lock():
            shutil.rmtree(tmp_path / "run")
            open(tmp_path / "run" / "log.csv", "ab")
    with pytest.raises(OSError, match="No space left"):
        with RunDirectory(tmp_path / "run").lock():
            raise OSError(28, "No space left on device")


def test_the_lock_clears_what_killed_writers_left(tmp_path):
    (tmp_path / "snapshots").mkdir()
    leftover = tmp_path / "snapshots" / ".epoch_00001.png.4711.writing"
    leftover.write_bytes(b"half")
    with RunDirectory(tmp_path).lock():
        assert not leftover.exists()


@pytest.mark.parametrize(
    "damage",
    [
        {"data": {"class_names": 3}},
        {"rollbacks": [{"changes": 3}]},
        {"rollbacks": [{"images": 8}]},
        {"rollbacks": [{"changes": {"beta_1": [0.5]}}]},
        {"sessions": []},
    ],
)
def test_a_record_of_another_shape_is_none_of_ours(damage, tmp_path):
    record = {"settings": {}, "data": {"class_names": ["a"]}, "sessions": [{}]}
    record["rollbacks"] = [{"images": 8, "changes": {"beta_1": [0.5, 0.1]}}]
    (tmp_path / "config.json").write_text(json.dumps(record))
    assert read_record(tmp_path) == record
    (tmp_path / "config.json").write_text(json.dumps(record | damage))
    with pytest.raises(ValueError, match="a file that this package did not write"):
        read_record(tmp_path)
