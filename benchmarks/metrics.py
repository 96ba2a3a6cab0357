"""What measures cost: the Frechet distance against its textbook form, features against Inception.

python -m benchmarks.metrics [--size=2048] [--rounds=5] [--seconds=4] [--table=FILE]
"""

import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks import harness
from tfgan_lab.metrics import frechet_distance
from tfgan_lab.metrics.features import NetworkFeatures
from tfgan_lab.metrics.moments import Moments
from tfgan_lab.networks.inception import fid_inception, fid_inception_input

FLAGS = flags.FLAGS
flags.DEFINE_integer("size", 2048, "length of the features")
flags.DEFINE_integer("batch", 16, "images that Inception embeds at once", lower_bound=1)


def make_distances(size):
    """Two ways to the Frechet distance of two sets of moments."""
    rng = np.random.default_rng(0)
    sets = [Moments().update(rng.normal(size=(size + 100, size))) for _ in range(2)]

    def ours(times):
        for _ in range(times):
            frechet_distance(*sets)

    def textbook(times):
        from scipy.linalg import sqrtm

        one, other = (each.covariance() for each in sets)
        for _ in range(times):
            root = sqrtm(one @ other)
            np.trace(one + other - 2 * np.real(root))

    ways = {"`frechet_distance`": ours}
    if harness.is_installed("scipy"):
        ways = {"scipy's sqrtm": textbook} | ways
    return ways


def make_features():
    """Inception's features through ``NetworkFeatures``, and the compiled network by itself."""
    network = fid_inception()
    features = NetworkFeatures(network, "random", "", fid_inception_input, FLAGS.batch)
    images = tf.random.stateless_uniform((FLAGS.batch, 64, 64, 3), (0, 0), -1, 1).numpy()
    inputs = fid_inception_input(images)
    bare = tf.function(lambda images: network(images, training=False)["features"])

    def run_bare(batches):
        for _ in range(batches):
            bare(inputs).numpy()

    def run_features(batches):
        features(np.concatenate([images] * batches))

    return {"the bare Inception, compiled": run_bare, "resized, embedded, gathered": run_features}


def main(_):
    """Measures and reports."""
    title = f"Frechet distance, {FLAGS.size} features"
    speeds = harness.measure(make_distances(FLAGS.size))
    distances = harness.speed_table(title, "distances per second", speeds, digits=2)
    speeds = harness.measure(make_features())
    features = harness.speed_table("FID features", "images per second", speeds, FLAGS.batch)
    harness.report("metrics", distances, features)


if __name__ == "__main__":
    app.run(main)
