"""A run that is killed again and again ends at the bits of a run that was left alone."""

import random
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import TINY, TINY_PROJECTED
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.metrics import read_evaluations
from tfgan_lab.models import load_model
from tfgan_lab.runs.settings.run_config import RunConfig
from tfgan_lab.runs.training.latent_building import build_model

SHARED = {
    "ema_half_life_images": 50,
    "snapshot_every": 10,
    "checkpoint_every": 2,
    "evaluate_every": 60,  # every fifth epoch
}
# Settings, and how often the run is killed.
KINDS = {
    "light": (TINY | SHARED | {"label_noise": 0.05, "epochs": 200}, 10),
    "projected": (TINY_PROJECTED | SHARED | {"epochs": 100}, 4),
}

# Checkpoints within epochs too, so that some kills are followed by a resume from there.
WORKER = """
import functools, sys
from tfgan_lab.runs.training import latent_training as training
from tfgan_lab.runs.settings.run_config import RunConfig
training.cb.Checkpoints = functools.partial(training.cb.Checkpoints, every_seconds=0.05)
training.train(RunConfig.from_preset(**{settings!r}, run_dir=sys.argv[1]), verbose=0)
"""


def start(run_dir, settings):
    code = WORKER.format(settings=settings)
    return subprocess.Popen([sys.executable, "-c", code, str(run_dir)], stderr=subprocess.PIPE)


def wait_for_training(process, run_dir):
    """Returns when this process has written a checkpoint or is over."""
    before = newest_step(run_dir)
    while process.poll() is None and newest_step(run_dir) == before:
        time.sleep(0.005)


def kill_within_a_checkpoint(process, run_dir):
    while process.poll() is None:
        if any((run_dir / "checkpoints").glob("*_temp")):
            process.kill()
            break


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_random_moments_and_within_checkpoints(kind, tmp_path):
    settings, num_kills = KINDS[kind]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    with start(whole, settings) as process:
        errors = process.stderr.read().decode()
    assert process.returncode == 0, errors

    rng = random.Random(1)
    resumed_at, kills, kills_within_a_checkpoint = [], 0, 0
    while True:
        with start(killed, settings) as process:
            wait_for_training(process, killed)
            if kills < num_kills and kills % 2:
                kill_within_a_checkpoint(process, killed)
            elif kills < num_kills:
                time.sleep(rng.uniform(0, 0.3))
                process.kill()
            errors = process.stderr.read().decode()
        if process.returncode == 0:
            break
        assert process.returncode == -9, errors
        kills += 1
        kills_within_a_checkpoint += any((killed / "checkpoints").glob("*_temp"))
        resumed_at.append(newest_step(killed))
    assert kills == num_kills
    # The test must have tested what it says: progress between kills, resumes within an epoch
    # of three steps, and checkpoints that were cut short.
    assert len(set(resumed_at)) > num_kills / 2
    assert any(step % 3 for step in resumed_at)
    assert kills_within_a_checkpoint >= 1

    states = [final_state(folder, settings) for folder in (whole, killed)]
    assert int(states[0]["step"]) == 3 * settings["epochs"]
    assert_same_state(*states)
    logs = [read_log(folder) for folder in (whole, killed)]
    assert logs[0].keys() == logs[1].keys()
    for name in logs[0].keys() - {"seconds"}:
        np.testing.assert_array_equal(logs[0][name], logs[1][name], err_msg=name)
    names = [sorted(path.name for path in (folder / "snapshots").iterdir()) for folder in
             (whole, killed)]  # fmt: skip
    # Every tenth epoch and the first; untrained, the data, and augmented.
    assert names[0] == names[1] and len(names[0]) == settings["epochs"] // 10 + 4
    for name in names[0]:
        contents = [(folder / "snapshots" / name).read_bytes() for folder in (whole, killed)]
        assert contents[0] == contents[1], name
    evaluations = [read_evaluations(folder) for folder in (whole, killed)]
    assert evaluations[0] == evaluations[1]
    assert len(evaluations[0]) == settings["epochs"] // 5
    released = [load_model(folder / "generator.keras", compile=False).get_weights() for folder in
                (whole, killed)]  # fmt: skip
    for one, other in zip(*released, strict=True):
        np.testing.assert_array_equal(one, other)


def newest_step(run_dir):
    steps = [int(path.stem.split("-")[1]) for path in (run_dir / "checkpoints").glob("*.index")]
    return max(steps, default=0)


def final_state(run_dir, settings):
    model = build_model(RunConfig.from_preset(**settings))
    checkpoints = cb.Checkpoints(run_dir)
    checkpoints.set_model(model)
    assert checkpoints.restore()
    return state_of(model)
