import subprocess
import sys

import numpy as np
import pytest


def test_prints_speeds_and_ratios():
    command = [sys.executable, "-m", "benchmarks.train_step", "--rounds=1", "--steps=1"]
    command += ["--image_size=16", "--batch_size=2", "--generator=upsampling"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0] == "R0, upsampling, 16 px, batch 2, float32"
    assert lines[2].startswith("fit") and lines[2].endswith("1.000x")
    assert lines[3].startswith("bare tf.function loop")


@pytest.mark.parametrize("kind", ["transposed", "upsampling"])
def test_pytorch_has_the_same_networks(kind):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks.torch_r0 import Discriminator, make_generator, num_parameters
    from tfgan_lab import networks

    def trainable(model):
        return sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)

    builder = getattr(networks, f"{kind}_generator")
    assert num_parameters(make_generator(kind, 64, 128)) == trainable(builder())
    assert num_parameters(Discriminator(64)) == trainable(networks.convolutional_discriminator())
