"""Several devices train as one does; workers over loopback; what cannot be run is refused."""

import json
import re
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.runs.devices_program import COMMON, KINDS
from tests.runs.tiny import TINY, tiny
from tests.runs.tiny_translator import tiny as tiny_translator
from tfgan_lab.callbacks.csv_log import read_log
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
    differs = logs[f"{kind} differs"]
    for part in differs.keys() - {"mean"}:
        assert differs[part] < (1e-5 if kind == "from-scratch" else 1e-3), part


def test_a_run_goes_on_with_another_number_of_devices(logs):
    for name in ("discriminator_loss", "generator_loss", "images"):
        np.testing.assert_allclose(logs["resumed"][name], logs["batch norm on 1"][name], rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"devices": 3}, "Expected --batch_size divisible by 3"),
        ({"devices": 2, "precision": "mixed_float16"}, "Expected --precision=mixed_bfloat16 or"),
        ({"workers": "one:1"}, "two or more different host:port"),
        ({"workers": "one:1,one:1"}, "two or more different host:port"),
        ({"workers": "one,two:2"}, "two or more different host:port"),
        ({"workers": "one:1,two:0"}, "two or more different host:port"),
        ({"workers": "one:1,two:2", "worker": 2}, "Expected --worker from 0 to 1"),
        ({"worker": 1}, "Expected --worker only with --workers"),
        ({"workers": "one:1,two:2", "on_failure": "stop"}, "Expected --on_failure=warn"),
    ],
)
def test_what_cannot_be_run_is_refused(tmp_path, settings, message):
    for make in (tiny, tiny_translator):
        with pytest.raises(ConfigError, match=message):
            make(tmp_path, batch_size=4, **settings)


def test_steps_per_execution_needs_one_device(tmp_path):
    with pytest.raises(ConfigError, match="Expected --steps_per_execution=1 on more than one"):
        tiny(tmp_path, devices=2, steps_per_execution=3)


def start_worker(number, addresses, run_dir, epochs):
    """A worker as its user starts it, on the settings of ``batch norm`` in the devices' program."""
    settings = TINY | COMMON | KINDS["batch norm"][2]
    settings |= {"workers": addresses, "worker": number, "run_dir": run_dir, "epochs": epochs}
    settings |= {"checkpoint_every": 5}
    flags = [f"--{name}={_as_text(value)}" for name, value in settings.items()]
    program = "import sys; from tfgan_lab.command_line.main import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "train", *flags]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _as_text(value):
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def said(errors):
    """What a worker says of itself: TensorFlow's own log is another matter."""
    return [line for line in errors.splitlines() if line.startswith("tfgan-lab train: ")]


def free_addresses():
    with socket.socket() as first, socket.socket() as second:
        for each in (first, second):
            each.bind(("127.0.0.1", 0))
        return ",".join(f"127.0.0.1:{each.getsockname()[1]}" for each in (first, second))


def wait_for(path, seconds=60):
    deadline = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert path.exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
def test_ctrl_c_ends_a_worker_that_waits_for_others(number, tmp_path):
    worker = start_worker(number, free_addresses(), tmp_path / "run", epochs=1)
    line = next(line for line in worker.stdout if "waits until" in line)
    assert line.startswith(f"Worker {number} of 2; ") and "are all there. Ctrl-C ends it." in line
    time.sleep(5)  # By then it waits within TensorFlow.
    worker.send_signal(signal.SIGINT)
    worker.communicate(timeout=20)
    assert worker.returncode == -signal.SIGINT and not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_lost_worker_ends_in_a_sentence_and_the_run_goes_on(tmp_path, logs):
    run_dir, addresses = tmp_path / "run", free_addresses()
    workers = [start_worker(number, addresses, run_dir, epochs=100_000) for number in (0, 1)]
    wait_for(run_dir / "checkpoints" / "checkpoint")
    workers[1].kill()
    killed_at = time.monotonic()
    errors = workers[0].communicate(timeout=60)[1]
    assert time.monotonic() - killed_at < 60
    assert workers[0].returncode == 2 and "Traceback" not in errors
    assert "Lost one of the 2 workers" in said(errors)[0]
    workers[1].communicate()

    before = read_log(run_dir)
    epochs = len(before["epoch"]) + 5
    workers = [start_worker(number, free, run_dir, epochs) for free in [free_addresses()]
               for number in (0, 1)]  # fmt: skip
    ends = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], ends
    after = read_log(run_dir)
    assert len(after["epoch"]) == epochs
    np.testing.assert_allclose(
        after["generator_loss"][:2], logs["batch norm on 1"]["generator_loss"], rtol=1e-4
    )


@pytest.mark.slow
def test_workers_that_are_stopped_together_save_and_say_so(tmp_path):
    run_dir, addresses = tmp_path / "run", free_addresses()
    workers = [start_worker(number, addresses, run_dir, epochs=100_000) for number in (0, 1)]
    wait_for(run_dir / "checkpoints" / "checkpoint")
    for worker in reversed(workers):  # The chief last: its last step needs the other one.
        worker.terminate()
    errors = [worker.communicate(timeout=120)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [130, 130], errors
    (chief,), (other,) = map(said, errors)
    step = int(re.search(r"Stopped after step (\d+)\. The same command resumes", chief)[1])
    assert "Stopped with the other workers." in other
    assert (run_dir / "checkpoints" / f"step-{step}.index").exists()
