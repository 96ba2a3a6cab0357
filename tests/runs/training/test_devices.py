"""Several devices train as one does; what cannot be run is refused."""

import json
import subprocess
import sys

import numpy as np
import pytest

from tests.runs.devices_program import KINDS
from tests.runs.tiny import tiny
from tests.runs.tiny_translator import tiny as tiny_translator
from tfgan_lab.runs.settings.run_config import ConfigError

# Mean of the devices' own, of parts of the batch: not the norm of the whole batch's gradient.
OF_PARTS = {"discriminator_gradient_norm", "generator_gradient_norm"}


FAST = ("batch norm",)


def trained(folder, kinds):
    command = [sys.executable, "-m", "tests.runs.devices_program", folder, *kinds]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("runs"), FAST)


@pytest.mark.parametrize("kind", FAST)
def test_two_devices_train_as_one_does(logs, kind):
    compare(logs, kind)


@pytest.mark.slow
def test_two_devices_train_all_other_models_as_one_does(tmp_path):
    others = KINDS.keys() - set(FAST)
    logs = trained(tmp_path, sorted(others))
    for kind in others:
        compare(logs, kind)


def compare(logs, kind):
    two, one = logs[f"{kind} on 2"], logs[f"{kind} on 1"]
    assert two["images"] == one["images"]
    losses = one.keys() - OF_PARTS - {"seconds"}
    assert {"discriminator_loss", "generator_loss"} <= losses
    for name in losses:
        np.testing.assert_allclose(two[name], one[name], rtol=1e-4, atol=1e-5, err_msg=name)
    # Batch norms' statistics and the moving average leave no trace in the losses. Adam makes steps
    # of a learning rate's length of gradients that are rounding alone, as of biases before a norm.
    # Moments are gradients at weights that differ so.
    differs = logs[f"{kind} differs"]
    for part in differs.keys() - {"mean"}:
        others = 1e-2 if part.endswith("optimizer") else 1e-3
        # Without batch norm, a tenth of a step of the learning rate.
        assert differs[part] < (5e-5 if kind == "from-scratch" else others), part


def test_a_run_resumes_with_another_number_of_devices(logs):
    for name in ("discriminator_loss", "generator_loss", "images"):
        np.testing.assert_allclose(logs["resumed"][name], logs["batch norm on 1"][name], rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"devices": 3}, "Expected --batch_size divisible by 3"),
        ({"devices": 2, "precision": "mixed_float16"}, "Expected --precision=mixed_bfloat16 or"),
    ],
)
def test_what_cannot_be_run_is_refused(tmp_path, settings, message):
    for make in (tiny, tiny_translator):
        with pytest.raises(ConfigError, match=message):
            make(tmp_path, batch_size=4, **settings)


def test_steps_per_execution_needs_one_device(tmp_path):
    with pytest.raises(ConfigError, match="Expected --steps_per_execution=1 on more than one"):
        tiny(tmp_path, devices=2, steps_per_execution=3)
