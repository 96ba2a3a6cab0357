"""Replicas draw noise of their own, and step together."""

import json
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def replicas():
    command = [sys.executable, "-m", "tests.replicas_program"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", ["own", "dropout"])
def test_every_replica_draws_noise_of_its_own(replicas, name):
    first, second = replicas["drawn"][name]
    assert first != second


def test_what_is_drawn_for_the_whole_batch_is_the_same(replicas):
    first, second = replicas["drawn"]["shared"]
    assert first == second


def test_a_step_that_overflows_on_one_replica_is_skipped_by_all(replicas):
    whole, *overflowing = replicas["steps"]
    # The gradient of the weight is 1 on both, and the rate 0.5.
    assert whole == {"weights": [0.5, 0.5], "scale": [4.0, 4.0]}
    for step in overflowing:
        assert step == {"weights": [1.0, 1.0], "scale": [2.0, 2.0]}


def test_a_table_of_classes_is_trained_by_all(replicas):
    # Both replicas have the gradient (2, 1, 0), and so has their mean; the rate is 1/4.
    assert replicas["embedding"] == [0.5, 0.75, 1.0]
