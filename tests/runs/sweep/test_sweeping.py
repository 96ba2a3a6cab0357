import dataclasses
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.runs.tiny import TINY
from tfgan_lab.callbacks import TrainingInterrupted
from tfgan_lab.files import read_json, write_json
from tfgan_lab.runs.reading.run_evaluation import Request
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.sweep import sweeping
from tfgan_lab.runs.sweep.sweep_axes import axis
from tfgan_lab.runs.sweep.sweep_results import write_sweep
from tfgan_lab.runs.sweep.sweep_worker import Job, TrainAndMeasure
from tfgan_lab.runs.sweep.sweeping import plan_sweep, run_sweep
from tfgan_lab.runs.training.directory import RunDirectory

# Enough images for a distance, and a step or two of training.
SHARED = TINY | {"num_drawn": 16, "batch_size": 16, "epochs": 2, "diagnose_every": 0}
REQUEST = Request(metrics=("kid", "diversity"))


def settings(folder, **others):
    return SHARED | {"run_dir": str(folder)} | others


@dataclasses.dataclass(frozen=True)
class Pretended:
    """Work without training: the measures are the settings themselves."""

    fails_at: float = -1.0
    dies_at: float = -1.0

    def __call__(self, config):
        with open(f"{config.run_dir}/calls.txt", "a") as file:
            file.write("called\n")
        if config.generator_slope == self.fails_at:
            raise ArithmeticError("generator_loss became\nnot finite")
        if config.generator_slope == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"slope": config.generator_slope + config.seed, "nothing": float("nan")}


def test_every_combination_with_every_seed(tmp_path):
    widths = {"wide": {"generator_widths": [8, 8]}, "narrow": {"generator_widths": [4, 4]}}
    axes = [axis("generator_slope", [0, 0.2]), widths]
    runs = plan_sweep(settings(tmp_path), axes, seeds=[3, 1])
    assert [str(run) for run in runs[:3]] == [
        "generator_slope=0, wide, seed 3",
        "generator_slope=0, wide, seed 1",
        "generator_slope=0, narrow, seed 3",
    ]
    assert len(runs) == 8
    config = runs[-1].config
    assert (config.generator_slope, config.generator_widths, config.seed) == (0.2, (4, 4), 1)
    assert config.run_dir == str(tmp_path / "generator_slope=0.2_narrow" / "seed_1")
    assert runs[0].varied == ("generator_slope", "generator_widths")


def test_a_preset_that_chooses_chooses_for_every_run(tmp_path):
    shared = {"drawn": "plates", "run_dir": str(tmp_path)}
    runs = plan_sweep(shared, [axis("image_size", [32, 64])])
    assert [run.config.r1_gamma for run in runs] == [90.0, 360.0]
    assert [len(run.config.generator_widths) for run in runs] == [4, 5]


@pytest.mark.parametrize(
    ("axes", "others", "message"),
    [
        ([], {"run_dir": ""}, "Expected --run_dir=FOLDER"),
        ([axis("loss", ["hinge"])], {"label_noise": 0.05}, "with --label_noise.*the run loss=hin"),
        ([axis("beta_1", [0.1]), axis("beta_1+beta_2", [0.2])], {}, "in one axis only. .*: beta_1"),
        ([{"a b": {"beta_1": 0.1}, "a_b": {"beta_1": 0.2}}], {}, "labels that differ in letters"),
        (
            [{"one": {"beta_1": 0.5}, "other": {}}],
            {},
            "no effect here. Received: the same settings for one, seed 0 and other, seed 0",
        ),
    ],
)
def test_refuses_before_anything_is_trained(axes, others, message, tmp_path):
    with pytest.raises(ConfigError, match=message):
        plan_sweep(settings(tmp_path, **others), axes)
    with pytest.raises(ConfigError, match="at least one seed"):
        plan_sweep(settings(tmp_path), seeds=[])
    assert not list(tmp_path.iterdir())


def test_no_images_are_no_failed_runs(tmp_path):
    runs = plan_sweep(settings(tmp_path / "out", drawn="", data_dir="gone", num_drawn=345))
    with pytest.raises(ConfigError, match="Expected a folder of images. Received: gone"):
        run_sweep(runs, Pretended())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request(metrics=("kidd",)), "Expected metrics out of kid, .*Received: kidd"),
        (Request(features="mine"), "Expected features out of random, .*Received: 'mine'"),
        (Request(weights="gone.pth"), "Expected a file or folder. Received: gone.pth, not there"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is_trained(request_, message, tmp_path):
    runs = plan_sweep(settings(tmp_path / "out"))
    with pytest.raises(ConfigError, match=message):
        run_sweep(runs, TrainAndMeasure(request_))
    assert not (tmp_path / "out").exists()


def calls(run):
    with open(f"{run.config.run_dir}/calls.txt") as file:
        return len(file.readlines())


def test_failed_runs_are_kept_and_named_and_the_others_go_on(tmp_path):
    runs = plan_sweep(settings(tmp_path), [axis("generator_slope", [0, 0.1, 0.2])], seeds=[0, 1])
    work = Pretended(fails_at=0.1)
    results = run_sweep(runs, work)
    assert [result["status"] for result in results] == ["done"] * 2 + ["failed"] * 2 + ["done"] * 2
    assert results[1]["measures"] == {"slope": 1.0}
    assert results[2]["error"] == "ArithmeticError: generator_loss became not finite"
    assert (
        "Traceback" in read_json(tmp_path / "generator_slope=0.1/seed_0/result.json")["traceback"]
    )
    text = write_sweep(tmp_path, results).read_text()
    assert "| generator_slope=0 | 2 | 0.5 ± 0.71 |" in text
    assert "| generator_slope=0.1 | 0 of 2 | – |" in text
    assert "Failed: generator_slope=0.1, seed 1: ArithmeticError: generator_loss became" in text
    # What is complete or failed is not done again, unless it is to be.
    assert run_sweep(runs, work) == results
    assert [calls(run) for run in runs] == [1] * 6
    assert run_sweep(runs, work, retry_failed=True) == results
    assert [calls(run) for run in runs] == [1, 1, 2, 2, 1, 1]
    # Other work, other settings: run again.
    results = run_sweep(runs, Pretended())
    assert all(result["status"] == "done" for result in results)
    longer = plan_sweep(settings(tmp_path, epochs=3), [axis("generator_slope", [0])], seeds=[0])
    run_sweep(longer, Pretended())
    assert calls(runs[0]) == 3


def test_a_process_that_dies_is_a_failed_run(tmp_path):
    runs = plan_sweep(settings(tmp_path), [axis("generator_slope", [0, 0.1])])
    work = Pretended(fails_at=0.1, dies_at=0)
    results = run_sweep(runs, work, processes=2)
    assert results[0]["error"] == (
        "Its process ended without a result (killed by signal 9); output.txt may say why."
    )
    assert results[1]["error"] == "ArithmeticError: generator_loss became not finite"


def test_what_was_killed_is_tried_again_and_what_failed_is_not(tmp_path):
    work, runs = Pretended(), plan_sweep(settings(tmp_path), [axis("generator_slope", [0, 0.1])])
    for run, exit_code in zip(runs, (-9, 1), strict=True):
        os.makedirs(run.config.run_dir)
        Job(run, work).record_crash(exit_code)
    results = run_sweep(runs, work)
    assert results[0]["measures"] == {"slope": 0.0}
    assert "(exit code 1)" in results[1]["error"]


def test_a_run_that_another_process_has_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr("tfgan_lab.runs.sweep.sweep_worker.LOCK_SECONDS", 0.05)
    runs = plan_sweep(settings(tmp_path), [axis("generator_slope", [0])])
    with RunDirectory(runs[0].config.run_dir).lock():
        (result,) = run_sweep(runs, Pretended())
    assert result["error"] == "Another process has had its folder for 0 seconds."
    assert run_sweep(runs, Pretended())[0]["status"] == "done"


def test_overwrite_starts_afresh(tmp_path):
    runs = plan_sweep(settings(tmp_path), [axis("generator_slope", [0])])
    run_sweep(runs, Pretended())
    run_sweep(runs, Pretended(), overwrite=True)
    assert calls(runs[0]) == 2


def test_runs_of_other_settings_are_left_alone(tmp_path):
    runs = plan_sweep(settings(tmp_path), [axis("generator_slope", [0])], seeds=[0, 1])
    results = run_sweep(runs, Pretended())
    record = {"settings": runs[1].config.to_dict(), "data": {}, "sessions": [{}]}
    write_json(f"{runs[1].config.run_dir}/config.json", record)
    others = plan_sweep(settings(tmp_path, batch_size=8), [axis("generator_slope", [0])], [0, 1])
    with pytest.raises(ConfigError, match="--batch_size is 8 but was 16"):
        run_sweep(others, Pretended())
    assert run_sweep(runs, Pretended()) == results
    assert [calls(run) for run in runs] == [1, 1]


def test_one_sweep_at_a_time(tmp_path):
    runs = plan_sweep(settings(tmp_path), [axis("generator_slope", [0])])
    with RunDirectory(tmp_path).lock(), pytest.raises(ConfigError, match="another process"):
        run_sweep(runs, Pretended())


def test_trains_measures_and_writes_means(tmp_path):
    axes = [axis("generator_widths", [(8, 4)])]
    results = run_sweep(plan_sweep(settings(tmp_path), axes, [0, 1]), TrainAndMeasure(REQUEST, 0))
    assert {result["status"] for result in results} == {"done"}
    for result in results:
        entries = read_json(f"{result['run_dir']}/metrics.json")
        assert result["measures"] == {entry["metric"]: entry["value"] for entry in entries}
    write_sweep(tmp_path, results)
    record = json.loads((tmp_path / "sweep.json").read_text())
    values = [result["measures"]["kid"] for result in results]
    first = record["summaries"][0]
    assert first["means"]["kid"] == pytest.approx(np.mean(values[:2]))
    assert first["deviations"]["kid"] == pytest.approx(abs(values[0] - values[1]) / 2**0.5)


WORKER = """
import sys
from tests.runs.sweep import test_sweeping as here
from tfgan_lab.runs.sweep.sweeping import plan_sweep, run_sweep
from tfgan_lab.runs.sweep.sweep_results import write_sweep
folder, processes = sys.argv[1], int(sys.argv[2])
axes = [here.axis("generator_slope", [0, 0.2])]
runs = plan_sweep(here.settings(folder, epochs=20, checkpoint_every=2), axes, [0])
write_sweep(folder, run_sweep(runs, here.TrainAndMeasure(here.REQUEST, 0), processes=processes))
"""


def start(folder, processes):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), str(processes)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(folder, processes):
    with start(folder, processes) as process:
        errors = process.stderr.read().decode()
    assert process.returncode == 0, errors
    return (folder / "sweep.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_killed_and_started_again_it_ends_with_the_same_table(processes, tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    expected = finish(whole, processes)
    assert "| generator_slope=0.2 | 1 |" in expected
    first, second = (killed / f"generator_slope={slope}" / "seed_0" for slope in ("0", "0.2"))
    # While the first run trains, and when the last is trained but not measured.
    signs = [first / "log.csv", second / "generator.keras"]
    for sign in signs[: 3 - processes]:
        with start(killed, processes) as process:
            while not sign.exists():
                assert process.poll() is None, process.stderr.read().decode()
                time.sleep(0.005)
            process.kill()
        assert not (killed / "sweep.md").exists()
    assert finish(killed, processes) == expected
    runs = [read_json(folder / "sweep.json")["runs"] for folder in (whole, killed)]
    assert [run["measures"] for run in runs[0]] == [run["measures"] for run in runs[1]]
    assert len(read_json(first / "config.json")["sessions"]) >= 2


@pytest.mark.slow
def test_a_stopped_sweep_of_processes_saves_and_says_so(tmp_path, monkeypatch):
    runs = plan_sweep(settings(tmp_path, epochs=5000), [axis("generator_slope", [0, 0.2])])
    waited = []

    def wait_and_interrupt(*arguments, **named):
        begun = [run for run in runs if os.path.exists(f"{run.config.run_dir}/log.csv")]
        if len(begun) == 2 and not waited:
            waited.append(True)
            signal.raise_signal(signal.SIGINT)
        time.sleep(0.05)

    monkeypatch.setattr(sweeping.multiprocessing.connection, "wait", wait_and_interrupt)
    with pytest.raises(TrainingInterrupted, match="every run in progress is saved"):
        run_sweep(runs, TrainAndMeasure(REQUEST, 0), processes=2)
    for run in runs:
        assert os.listdir(f"{run.config.run_dir}/checkpoints")
        assert not os.path.exists(f"{run.config.run_dir}/result.json")
