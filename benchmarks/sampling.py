"""How fast images are made: ``GAN.generate`` against the bare network and against PyTorch.

python -m benchmarks.sampling [--image_size=64] [--rounds=5] [--seconds=4] [--table=FILE]
"""

import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from tfgan_lab.runs import RunConfig, build_model

FLAGS = flags.FLAGS
flags.DEFINE_integer("image_size", 64, "height and width of the images")

BATCH = 64
PRESETS = ("r0-transposed", "from-scratch")


def make_network(model):
    """The compiled network by itself, in batches of latents that lie ready."""
    network = tf.function(lambda latents: model.sampling_generator(latents, training=False))
    latents = model.latents.sample(BATCH, tf.constant([0, 0], tf.int64))

    def run(num_batches):
        for _ in range(num_batches):
            network(latents).numpy()

    return run


def make_pytorch():
    """R0's generator A in PyTorch, eager."""
    import torch

    from benchmarks.torch_r0 import make_generator

    generator = make_generator("transposed", FLAGS.image_size, 128).eval()
    latents = torch.randn(BATCH, 128)

    def run(num_batches):
        with torch.no_grad():
            for _ in range(num_batches):
                np.asarray(generator(latents))

    return run


def main(_):
    """Measures and reports."""
    tables = []
    for preset in PRESETS:
        config = RunConfig.from_preset(preset, drawn="plates", image_size=FLAGS.image_size)
        model = build_model(config)
        ways = {
            "the bare network, compiled": make_network(model),
            "`GAN.generate`": lambda num, model=model: model.generate(num * BATCH),
        }
        if preset.startswith("r0") and harness.is_installed("torch"):
            ways["PyTorch eager, float32"] = make_pytorch()
        title, speeds = f"{preset}, {FLAGS.image_size} px", harness.measure(ways)
        tables.append(harness.speed_table(title, "images per second", speeds, BATCH, digits=0))
    harness.report("sampling", *tables)


if __name__ == "__main__":
    app.run(main)
