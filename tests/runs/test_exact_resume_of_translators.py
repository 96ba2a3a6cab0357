"""A translator that is killed and resumed ends at the bits of one that was left alone."""

import random
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny_translator import tiny
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.runs.training.run_domains import load_domains
from tfgan_lab.runs.training.translation_training import build_for

MORE = {"epochs": 40, "ema_half_life_images": 20, "snapshot_every": 20, "checkpoint_every": 3,
        "diagnose_every": 90}  # fmt: skip

WORKER = """
import functools, sys
from tests.runs.tiny_translator import tiny
from tfgan_lab.runs.training import translation_training as training
training.cb.Checkpoints = functools.partial(training.cb.Checkpoints, every_seconds=0.2)
training.train_translation(tiny(sys.argv[1], sys.argv[2], **{more!r}), verbose=0)
"""


def start(run_dir, model):
    code = WORKER.format(more=MORE)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(run_dir), model], stderr=subprocess.PIPE
    )


def newest_step(run_dir):
    steps = [int(path.stem.split("-")[1]) for path in (run_dir / "checkpoints").glob("*.index")]
    return max(steps, default=0)


def wait_for_progress(process, run_dir):
    before = newest_step(run_dir)
    while process.poll() is None and newest_step(run_dir) == before:
        time.sleep(0.01)


def final_state(run_dir, model):
    config = tiny(run_dir, model, **MORE)
    built = build_for(config, load_domains(config))
    checkpoints = cb.Checkpoints(run_dir)
    checkpoints.set_model(built)
    assert checkpoints.restore()
    return state_of(built)


@pytest.mark.slow
@pytest.mark.parametrize(("model", "num_kills"), [("cyclegan", 2), ("stargan", 1)])
def test_killed_at_random_moments(tmp_path, model, num_kills):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    with start(whole, model) as process:
        errors = process.stderr.read().decode()
    assert process.returncode == 0, errors
    rng, kills, resumed_at = random.Random(1), 0, []
    while True:
        with start(killed, model) as process:
            wait_for_progress(process, killed)
            if kills < num_kills:
                time.sleep(rng.uniform(0, 0.2))
                process.kill()
            errors = process.stderr.read().decode()
        if process.returncode == 0:
            break
        assert process.returncode == -9, errors
        kills += 1
        resumed_at.append(newest_step(killed))
    # The test must have tested what it says.
    assert kills == num_kills and len(set(resumed_at)) > num_kills / 2

    states = [final_state(folder, model) for folder in (whole, killed)]
    if model == "cyclegan":
        assert np.abs(states[0]["pool_a/000"]).max() > 0 and states[0]["pool_b/001"] == 5
    assert_same_state(*states)
    logs = [read_log(folder) for folder in (whole, killed)]
    assert len(logs[0]["epoch"]) == MORE["epochs"]
    for name in logs[0].keys() - {"seconds"}:
        np.testing.assert_array_equal(logs[0][name], logs[1][name], err_msg=name)
    for name in ["verdict.json", *(f"snapshots/epoch_000{n}0.png" for n in (2, 4))]:
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
