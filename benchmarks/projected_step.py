"""What a step of preset ``projected`` costs, and what each of its parts adds.

    python -m benchmarks.projected_step [--image_sizes=32,64,128] [--rounds=3] [--seconds=4]

Whole steps with the pipeline, against the same networks of Keras' own layers with TensorFlow's own
choice of operations to fuse switched off, and with one setting changed.
"""

from absl import app, flags

from benchmarks import harness
from benchmarks.loops import preset_loop
from tfgan_lab.graph_options import without_remapper
from tfgan_lab.layers import with_keras_own
from tfgan_lab.models import GAN
from tfgan_lab.runs.training.threads import choose_threads

FLAGS = flags.FLAGS

BATCH = 16
WAYS = {
    "projected": {},
    "in float32": {"precision": "float32"},
    "updates one after the other": {"schedule": "alternating"},
    # In units of the images' size.
    "shown at twice the size": {"feature_size": 2},
    "shown at its own size": {"feature_size": 1},
}
AS_KERAS = "of Keras' own layers, nothing fused"


def of_keras_layers(_, model):
    """The model with Keras' own layers in the place of this package's."""

    def plain(network):
        copy = type(network).from_config(with_keras_own(network.get_config()))
        copy.set_weights(network.get_weights())
        return copy

    slow = GAN(
        plain(model.generator),
        plain(model.discriminator),
        latents=model.latents,
        ema_half_life_images=model.ema_half_life_images,
    )
    slow.compile(loss=model.adversarial_loss, augmenter=model.augmenter, update=model.update)
    return slow


def make_as_keras(size):
    """The step of Keras' own layers, without TensorFlow's fusing of operations."""
    loop = preset_loop("projected", size, BATCH, of_keras_layers)

    def train(num_steps):
        with without_remapper():
            loop(num_steps)

    return train


def main(argv):
    """Measures and reports."""
    del argv
    choose_threads(BATCH * 64**2)
    tables = []
    for size in map(int, FLAGS.image_sizes):
        ways = {}
        for name, settings in WAYS.items():
            if "feature_size" in settings:
                settings = {"feature_size": settings["feature_size"] * size}
            ways[name] = preset_loop("projected", size, BATCH, **settings)
        ways[AS_KERAS] = make_as_keras(size)
        ways["from-scratch"] = preset_loop("from-scratch", size, BATCH)
        speeds = harness.measure(ways)
        unit = "images per second"
        tables.append(harness.speed_table(f"{size} px", unit, speeds, BATCH, digits=0))
    harness.report("projected_step", *tables)


if __name__ == "__main__":
    flags.DEFINE_list("image_sizes", ["32", "64", "128"], "heights of the images in pixels")
    app.run(main)
