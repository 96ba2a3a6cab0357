"""A run that is killed again and again ends at the bits of a run that was left alone."""

import functools
import random
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs.tiny import TINY_PROJECTED, tiny
from tests.runs.tiny_translator import tiny as tiny_translator
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.metrics import read_evaluations
from tfgan_lab.models import load_model
from tfgan_lab.runs.training.latent_training import LATENT
from tfgan_lab.runs.training.translation_training import TRANSLATION

OF_LATENTS = {
    "ema_half_life_images": 50,
    "snapshot_every": 10,
    "checkpoint_every": 2,
    "evaluate_every": 60,  # every fifth epoch
}
OF_TRANSLATORS = {
    "epochs": 40,
    "ema_half_life_images": 20,
    "snapshot_every": 20,
    "checkpoint_every": 3,
    "diagnose_every": 90,
}
# How a run is configured, what kind it is of, and how often it is killed.
KINDS = {
    "light": (functools.partial(tiny, **OF_LATENTS, label_noise=0.05, epochs=200), LATENT, 10),
    "projected": (
        functools.partial(tiny, **(TINY_PROJECTED | OF_LATENTS | {"epochs": 100})), LATENT, 4
    ),
    "cyclegan": (
        functools.partial(tiny_translator, model="cyclegan", **OF_TRANSLATORS), TRANSLATION, 2
    ),
    "stargan": (
        functools.partial(tiny_translator, model="stargan", **OF_TRANSLATORS), TRANSLATION, 1
    ),
}  # fmt: skip

# Checkpoints within epochs too, so that some kills are followed by a resume from there.
PROGRAM = """
import functools, sys
from tests.runs.test_exact_resume import KINDS
from tfgan_lab import callbacks as cb
from tfgan_lab.runs.training.fitting import train_run
cb.Checkpoints = functools.partial(cb.Checkpoints, every_seconds=0.05)
make, kind, _ = KINDS[sys.argv[1]]
train_run(kind, make(sys.argv[2]), verbose=0)
"""


def start(kind, run_dir):
    command = [sys.executable, "-c", PROGRAM, kind, str(run_dir)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def newest_step(run_dir):
    steps = [int(path.stem.split("-")[1]) for path in (run_dir / "checkpoints").glob("*.index")]
    return max(steps, default=0)


def kill_after_progress(process, run_dir, within_a_checkpoint, seconds):
    before = newest_step(run_dir)
    while process.poll() is None and newest_step(run_dir) == before:
        time.sleep(0.005)
    if within_a_checkpoint:
        while process.poll() is None and not any((run_dir / "checkpoints").glob("*_temp")):
            pass
    else:
        time.sleep(seconds)
    process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_random_moments_and_within_checkpoints(kind, tmp_path):
    make, particular, num_kills = KINDS[kind]
    whole, killed = folders = tmp_path / "whole", tmp_path / "killed"
    with start(kind, whole) as process:
        errors = process.stderr.read().decode()
    assert process.returncode == 0, errors

    rng = random.Random(1)
    resumed_at, kills_within_a_checkpoint = [], 0
    while True:
        kills = len(resumed_at)
        with start(kind, killed) as process:
            if kills < num_kills:
                kill_after_progress(process, killed, kills % 2 == 1, rng.uniform(0, 0.3))
            errors = process.stderr.read().decode()
        if process.returncode == 0:
            break
        assert process.returncode == -9, errors
        kills_within_a_checkpoint += any((killed / "checkpoints").glob("*_temp"))
        resumed_at.append(newest_step(killed))
    # The test must have tested what it says: progress between kills and, where there were enough
    # of them, resumes within an epoch of three steps, and checkpoints that were cut short.
    assert kills == num_kills and len(set(resumed_at)) > num_kills / 2
    if num_kills > 2:
        assert any(step % 3 for step in resumed_at) and kills_within_a_checkpoint >= 1

    config = make(whole)
    images = particular.load(config)
    states = [final_state(particular.build(config, images), folder) for folder in folders]
    assert int(states[0]["step"]) == images.steps_per_epoch * config.epochs
    if kind == "cyclegan":
        assert np.abs(states[0]["pool_a/000"]).max() > 0 and states[0]["pool_b/001"] == 5
    assert_same_state(*states)
    logs = [read_log(folder) for folder in folders]
    assert logs[0].keys() == logs[1].keys() and len(logs[0]["epoch"]) == config.epochs
    for name in logs[0].keys() - {"seconds"}:
        np.testing.assert_array_equal(logs[0][name], logs[1][name], err_msg=name)
    names = [sorted(path.name for path in (folder / "snapshots").iterdir()) for folder in folders]
    # Those of epochs, and what was there before.
    assert names[0] == names[1] and len(names[0]) > config.epochs // config.snapshot_every + 1
    for name in ["verdict.json", *(f"snapshots/{name}" for name in names[0])]:
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
    if particular is LATENT:
        evaluations = [read_evaluations(folder) for folder in folders]
        assert evaluations[0] == evaluations[1] and len(evaluations[0]) == config.epochs // 5
        released = [load_model(folder / "generator.keras", compile=False) for folder in folders]
        for one, other in zip(*(each.get_weights() for each in released), strict=True):
            np.testing.assert_array_equal(one, other)


def final_state(model, run_dir):
    checkpoints = cb.Checkpoints(run_dir)
    checkpoints.set_model(model)
    assert checkpoints.restore()
    return state_of(model)
