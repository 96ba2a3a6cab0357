import subprocess
import sys
import types

import pytest

from tfgan_lab.machine import INTER_OP_THREADS, INTRA_OP_THREADS
from tfgan_lab.runs.training import threads


class Threading:
    """What TensorFlow has been told of its threads."""

    def __init__(self, intra=0, begun=False):
        self.intra, self.begun = intra, begun

    def get_intra_op_parallelism_threads(self):
        return self.intra

    def set_intra_op_parallelism_threads(self, count):
        if self.begun:
            raise RuntimeError("cannot be modified after initialization")
        self.intra = count


def chosen(monkeypatch, threading, cores=2, gpus=(), num_pixels=threads.MOST_PIXELS):
    config = types.SimpleNamespace(threading=threading, list_physical_devices=lambda kind: gpus)
    monkeypatch.setattr(threads, "tf", types.SimpleNamespace(config=config))
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    threads.choose_threads(num_pixels)
    return threading.intra


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    for name in (INTRA_OP_THREADS, INTER_OP_THREADS):
        monkeypatch.delenv(name, raising=False)


def test_two_cores_compute_two_operations_at_once(monkeypatch):
    assert chosen(monkeypatch, Threading()) == 1


@pytest.mark.parametrize(
    ("threading", "others"),
    [
        (Threading(), {"num_pixels": threads.MOST_PIXELS + 1}),
        (Threading(), {"cores": 1}),
        (Threading(), {"cores": 4}),
        (Threading(), {"gpus": ("GPU:0",)}),
        (Threading(begun=True), {}),
        (Threading(intra=2), {}),
    ],
)
def test_what_is_left_alone(monkeypatch, threading, others):
    before = threading.intra
    assert chosen(monkeypatch, threading, **others) == before


@pytest.mark.parametrize("name", [INTRA_OP_THREADS, INTER_OP_THREADS])
def test_the_environment_has_the_last_word(monkeypatch, name):
    monkeypatch.setenv(name, "2")
    assert chosen(monkeypatch, Threading()) == 0


def test_tensorflow_obeys():
    code = """
import tensorflow as tf
from tfgan_lab.runs.training import threads
threads.usable_cores = lambda: 2
threads.choose_threads(8)
tf.zeros(())
assert tf.config.threading.get_intra_op_parallelism_threads() == 1
threads.choose_threads(8)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
