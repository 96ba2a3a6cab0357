import numpy as np
import pytest

from tests.benchmarks.program import run


@pytest.mark.slow
def test_prints_speeds_and_ratios(tmp_path):
    done = run(
        "benchmarks.r0_step",
        "--rounds=1",
        "--seconds=0.01",
        "--image_size=16",
        "--batch_size=2",
        "--generator=upsampling",
        "--nocompiled",
        f"--table={tmp_path}/table",
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert rows[0].startswith("| R0, upsampling, 16 px, batch 2 | images per second | ratio |")
    assert rows[1].startswith("| the report's way") and rows[1].endswith("| 1.00 |")
    assert rows[2].startswith("| `fit`, float32 |")
    assert all(float(row.split("|")[2].replace(",", "")) > 0 for row in rows[1:])
    assert rows[2] in (tmp_path / "table.md").read_text()


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
