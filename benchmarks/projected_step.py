"""What a step of preset ``projected`` costs, and what each of its parts adds.

    python -m benchmarks.projected_step [--image_sizes=32,64,128] [--rounds=3] [--seconds=4]

Whole steps with the pipeline, against the same networks of Keras' own layers with TensorFlow's own
choice of operations to fuse switched off, and with one setting changed.
"""

import functools

from absl import app, flags

from benchmarks import harness
from tfgan_lab.graph_options import without_remapper
from tfgan_lab.layers import with_keras_own
from tfgan_lab.models import GAN
from tfgan_lab.runs import RunConfig, build_model, load_images
from tfgan_lab.runs.training.threads import choose_threads

FLAGS = flags.FLAGS

BATCH = 16
WAYS = {
    "projected": {},
    "in float32": {"precision": "float32"},
    "updates one after the other": {"schedule": "alternating"},
    "shown at twice the size": {"feature_size": 2},
    "shown at its own size": {"feature_size": 1},
}
AS_KERAS = "of Keras' own layers, nothing fused"
FROM_SCRATCH = "from-scratch"


def make_way(size, preset, **settings):
    """A function that trains some steps.

    Args:
        size: int, height and width of the images.
        preset: str.
        **settings: of ``RunConfig``; ``feature_size`` in units of ``size``.
    """
    if "feature_size" in settings:
        settings["feature_size"] *= size
    config = RunConfig.from_preset(preset, drawn="plates", image_size=size, **settings)
    dataset = load_images(config).dataset()
    return functools.partial(_fit, build_model(config), dataset, config.batch_size)


def make_of_keras_layers(size):
    """The same step of Keras' own layers, without TensorFlow's fusing of operations."""
    config = RunConfig.from_preset("projected", drawn="plates", image_size=size)
    dataset, model = load_images(config).dataset(), build_model(config)

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

    def train(num_steps):
        with without_remapper():
            _fit(slow, dataset, BATCH, num_steps)

    return train


def _fit(model, dataset, batch_size, num_steps):
    model.fit(dataset, steps_per_epoch=num_steps * BATCH // batch_size, verbose=0)


def main(argv):
    """Measures and reports."""
    del argv
    choose_threads(BATCH * 64**2)
    lines = []
    for size in map(int, FLAGS.image_sizes):
        ways = {name: make_way(size, "projected", **changes) for name, changes in WAYS.items()}
        ways[AS_KERAS] = make_of_keras_layers(size)
        ways[FROM_SCRATCH] = make_way(size, "from-scratch")
        speeds = harness.measure(ways)
        lines += harness.table_lines(f"{size} px", "images per second", speeds, BATCH, digits=0)
        lines.append("")
    harness.report("projected_step", lines[:-1])


if __name__ == "__main__":
    flags.DEFINE_list("image_sizes", ["32", "64", "128"], "heights of the images in pixels")
    app.run(main)
