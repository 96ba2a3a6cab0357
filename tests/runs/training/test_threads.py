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


@pytest.mark.parametrize(
    ("threading", "others", "threads_of_an_operation"),
    [
        (Threading(), {}, 1),  # Two cores compute two operations at once.
        (Threading(), {"num_pixels": threads.MOST_PIXELS + 1}, 0),
        (Threading(), {"cores": 1}, 0),
        (Threading(), {"cores": 4}, 0),
        (Threading(), {"gpus": ("GPU:0",)}, 0),
        (Threading(begun=True), {}, 0),
        (Threading(intra=2), {}, 2),
    ],
)
def test_chooses_where_nobody_has(monkeypatch, threading, others, threads_of_an_operation):
    assert chosen(monkeypatch, threading, **others) == threads_of_an_operation
    for name in (INTRA_OP_THREADS, INTER_OP_THREADS):
        with monkeypatch.context() as patch:
            patch.setenv(name, "2")
            assert chosen(patch, Threading()) == 0


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
