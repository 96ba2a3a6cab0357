"""A run that is killed again and again ends at the bits of a run that was left alone."""

import random
import subprocess
import sys
import time
import typing

import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.runs import tiny, tiny_translator
from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.metrics import read_evaluations
from tfgan_lab.models import load_model
from tfgan_lab.runs import build_model, load_domains, train, train_translation
from tfgan_lab.runs.training.translation_training import build_for

LATENT = {
    "ema_half_life_images": 50,
    "snapshot_every": 10,
    "checkpoint_every": 2,
    "evaluate_every": 60,  # every fifth epoch
}
TRANSLATION = {"epochs": 40, "ema_half_life_images": 20, "snapshot_every": 20,
               "checkpoint_every": 3, "diagnose_every": 90}  # fmt: skip


class Kind(typing.NamedTuple):
    """A kind of run, how often it is killed, and how often it writes checkpoints in between."""

    make: typing.Callable
    settings: dict
    kills: int
    checkpoint_seconds: float


KINDS = {
    "light": Kind(tiny.tiny, LATENT | {"label_noise": 0.05, "epochs": 200}, 10, 0.05),
    "projected": Kind(tiny.tiny, tiny.TINY_PROJECTED | LATENT | {"epochs": 100}, 4, 0.05),
    "cyclegan": Kind(tiny_translator.tiny, TRANSLATION, 2, 0.2),
    "stargan": Kind(tiny_translator.tiny, TRANSLATION | {"model": "stargan"}, 1, 0.2),
}

# Checkpoints within epochs too, so that some kills are followed by a resume from there.
WORKER = """
import sys
from tests.runs import test_exact_resume as here
here.train_to_the_end(sys.argv[1], sys.argv[2])
"""


def config_of(kind, run_dir):
    return KINDS[kind].make(run_dir, **KINDS[kind].settings)


def train_to_the_end(kind, run_dir):
    checkpoints = cb.Checkpoints

    def often(*args, **more):
        return checkpoints(*args, **more | {"every_seconds": KINDS[kind].checkpoint_seconds})

    cb.Checkpoints = often
    config = config_of(kind, run_dir)
    (train_translation if hasattr(config, "model") else train)(config, verbose=0)


def start(kind, run_dir):
    command = [sys.executable, "-c", WORKER, kind, str(run_dir)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def wait_for_training(process, run_dir):
    """Returns when this process has written a checkpoint or is over."""
    index = run_dir / "checkpoints" / "checkpoint"
    before = index.stat().st_mtime_ns if index.exists() else 0
    while process.poll() is None:
        if index.exists() and index.stat().st_mtime_ns != before:
            return
        time.sleep(0.005)


def kill_within_a_checkpoint(process, run_dir):
    while process.poll() is None:
        if any((run_dir / "checkpoints").glob("*_temp")):
            process.kill()
            break


def newest_step(run_dir):
    steps = [int(path.stem.split("-")[1]) for path in (run_dir / "checkpoints").glob("*.index")]
    return max(steps, default=0)


def final_state(kind, run_dir):
    config = config_of(kind, run_dir)
    if hasattr(config, "model"):
        model = build_for(config, load_domains(config))
    else:
        model = build_model(config)
    checkpoints = cb.Checkpoints(run_dir)
    checkpoints.set_model(model)
    assert checkpoints.restore()
    return state_of(model)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_random_moments_and_within_checkpoints(kind, tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    with start(kind, whole) as process:
        errors = process.stderr.read().decode()
    assert process.returncode == 0, errors

    num_kills, translates = KINDS[kind].kills, kind in tiny_translator.MODELS
    rng = random.Random(1)
    resumed_at, kills, kills_within_a_checkpoint = [], 0, 0
    while True:
        with start(kind, killed) as process:
            wait_for_training(process, killed)
            if kills < num_kills and kills % 2 and not translates:
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
    # The test must have tested what it says: progress between kills and, where steps are short,
    # resumes within an epoch of three of them, and checkpoints that were cut short.
    assert kills == num_kills and len(set(resumed_at)) > num_kills / 2
    if not translates:
        assert any(step % 3 for step in resumed_at) and kills_within_a_checkpoint >= 1

    states = [final_state(kind, folder) for folder in (whole, killed)]
    if kind == "cyclegan":
        assert np.abs(states[0]["pool_a/000"]).max() > 0 and states[0]["pool_b/001"] == 5
    assert_same_state(*states)
    logs = [read_log(folder) for folder in (whole, killed)]
    assert len(logs[0]["epoch"]) == KINDS[kind].settings["epochs"]
    assert logs[0].keys() == logs[1].keys()
    for name in logs[0].keys() - {"seconds"}:
        np.testing.assert_array_equal(logs[0][name], logs[1][name], err_msg=name)
    sheets = [sorted((folder / "snapshots").iterdir()) for folder in (whole, killed)]
    assert len(sheets[0]) >= 4
    for one, other in zip(*sheets, strict=True):
        assert one.name == other.name and one.read_bytes() == other.read_bytes(), one.name
    if translates:
        assert (whole / "verdict.json").read_bytes() == (killed / "verdict.json").read_bytes()
    evaluations = [read_evaluations(folder) for folder in (whole, killed)]
    assert evaluations[0] == evaluations[1] and bool(evaluations[0]) != translates
    released = [
        [weight.numpy() for network in networks_of(folder) for weight in network.weights]
        for folder in (whole, killed)
    ]
    for one, other in zip(*released, strict=True):
        np.testing.assert_array_equal(one, other)


def networks_of(run_dir):
    network = load_model(run_dir / "generator.keras", compile=False)
    return [network.first, network.second] if hasattr(network, "first") else [network]
