"""How fast report R0's networks train, against a bare loop and against PyTorch.

    python -m benchmarks.train_step [--generator=transposed] [--rounds=5] [--steps=4]

Measured in turn, so that a slow minute of the machine hits all: (1) ``fit`` of this package with
guard and logs; (2) a bare loop over ``tf.function``s with the report's two rounds as the report
describes them, on the same pipeline; (3) the same networks and rounds in PyTorch, eager, where it
is installed, on batches that lie ready in memory. Prints images per second of each and the median
of the rounds' ratios.
"""

import statistics
import tempfile
import time

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

from tfgan_lab import callbacks as cb
from tfgan_lab import data, networks
from tfgan_lab.runs.building import build_model
from tfgan_lab.runs.config import RunConfig

FLAGS = flags.FLAGS
flags.DEFINE_enum("generator", "transposed", ["transposed", "upsampling"], "R0's A or B")
flags.DEFINE_integer("rounds", 5, "times that each way is measured", lower_bound=1)
flags.DEFINE_integer("steps", 4, "training steps in one measurement", lower_bound=1)
flags.DEFINE_integer("batch_size", 32, "pictures in a step", lower_bound=1)
flags.DEFINE_integer("image_size", 64, "height and width", lower_bound=8)

LATENT_SIZE = 128


def make_fit(pictures):
    """``fit`` with what watches and logs every epoch; returns a function that trains steps."""
    model = build_model(
        RunConfig.from_preset(
            f"r0-{FLAGS.generator}",
            drawn="plates",
            image_size=FLAGS.image_size,
            batch_size=FLAGS.batch_size,
        )
    )
    folder = tempfile.mkdtemp()
    # Not a run's Pictures but their data set: an epoch is as long as a measurement.
    dataset = pictures.dataset()

    def train(num_steps):
        model.fit(
            dataset,
            steps_per_epoch=num_steps,
            verbose=0,
            callbacks=[cb.FiniteGuard(), cb.CsvLog(folder), cb.TensorBoardLog(folder)],
        )

    return train


def make_bare_loop(pictures):
    """The report's two compiled rounds, written out with nothing around them."""
    builder = {
        "transposed": networks.transposed_generator,
        "upsampling": networks.upsampling_generator,
    }[FLAGS.generator]
    generator = builder(image_size=FLAGS.image_size)
    discriminator = networks.convolutional_discriminator(image_size=FLAGS.image_size)
    generator_optimizer = keras.optimizers.Adam(1e-5)
    discriminator_optimizer = keras.optimizers.Adam(1e-6)
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    size = FLAGS.batch_size

    @tf.function
    def discriminator_round(images):
        fakes = generator(tf.random.normal((size, LATENT_SIZE)), training=False)
        labels = tf.concat([tf.ones((size, 1)), tf.zeros((size, 1))], axis=0)
        labels += tf.random.uniform((2 * size, 1), -0.05, 0.05)
        with tf.GradientTape() as tape:
            logits = discriminator(tf.concat([images, fakes], axis=0), training=True)
            loss = cross_entropy(labels, logits)
        weights = discriminator.trainable_variables
        discriminator_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    @tf.function
    def generator_round():
        with tf.GradientTape() as tape:
            fakes = generator(tf.random.normal((size, LATENT_SIZE)), training=True)
            logits = discriminator(fakes, training=False)
            loss = cross_entropy(tf.ones((size, 1)), logits)
        weights = generator.trainable_variables
        generator_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    batches = iter(pictures.dataset())

    def train(num_steps):
        for _ in range(num_steps):
            losses = discriminator_round(next(batches)["image"]), generator_round()
        float(losses[0]), float(losses[1])

    return train


def make_pytorch(pictures):
    """The same networks and rounds in eager PyTorch; ``None`` where it isn't installed."""
    try:
        import torch
    except ImportError:
        return None
    from benchmarks.torch_r0 import Discriminator, make_generator

    generator = make_generator(FLAGS.generator, FLAGS.image_size, LATENT_SIZE)
    discriminator = Discriminator(FLAGS.image_size)
    generator_optimizer = torch.optim.Adam(generator.parameters(), 1e-5)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), 1e-6)
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits
    size = FLAGS.batch_size
    batch = next(iter(pictures.dataset()))["image"].numpy()
    images = torch.from_numpy(np.ascontiguousarray(batch.transpose(0, 3, 1, 2)) * 0.5 + 0.5)

    def step():
        generator.eval()
        discriminator.train()
        with torch.no_grad():
            fakes = generator(torch.randn(size, LATENT_SIZE))
        labels = torch.cat([torch.ones(size, 1), torch.zeros(size, 1)])
        labels += torch.empty(2 * size, 1).uniform_(-0.05, 0.05)
        loss = cross_entropy(discriminator(torch.cat([images, fakes])), labels)
        discriminator_optimizer.zero_grad()
        loss.backward()
        discriminator_optimizer.step()

        generator.train()
        discriminator.eval()
        discriminator.requires_grad_(False)
        logits = discriminator(generator(torch.randn(size, LATENT_SIZE)))
        loss = cross_entropy(logits, torch.ones(size, 1))
        generator_optimizer.zero_grad()
        loss.backward()
        generator_optimizer.step()
        discriminator.requires_grad_(True)

    def train(num_steps):
        for _ in range(num_steps):
            step()

    return train


def measure(ways, rounds, steps):
    """Times all ways in turn.

    Args:
        ways: dict of name to a function that trains a number of steps.
        rounds: int, times that each is measured, after a first time that isn't.
        steps: int, steps in one measurement.

    Returns:
        Dict of name to list of seconds, one for each round.
    """
    seconds = {name: [] for name in ways}
    for train in ways.values():
        train(1)
    for index in range(rounds):
        # Back and forth: what a way leaves behind (heat, threads, memory) meets another each time.
        order = list(ways.items())
        for name, train in order if index % 2 else reversed(order):
            began = time.perf_counter()
            train(steps)
            seconds[name].append(time.perf_counter() - began)
    return seconds


def main(_):
    """Measures and prints."""
    pictures = data.plates(image_size=FLAGS.image_size, batch_size=FLAGS.batch_size)
    ways = {
        "fit": make_fit(pictures),
        "bare tf.function loop": make_bare_loop(pictures),
        "PyTorch, eager": make_pytorch(pictures),
    }
    ways = {name: train for name, train in ways.items() if train is not None}
    seconds = measure(ways, FLAGS.rounds, FLAGS.steps)
    images = FLAGS.steps * FLAGS.batch_size
    print(f"R0, {FLAGS.generator}, {FLAGS.image_size} px, batch {FLAGS.batch_size}, float32")
    print(f"{'':24}{'images/s':>10}  {'fit is faster by':>18}")
    for name, times in seconds.items():
        ratios = [other / ours for ours, other in zip(seconds["fit"], times, strict=True)]
        speed = images / statistics.median(times)
        print(f"{name:24}{speed:10.2f}  {statistics.median(ratios):17.3f}x")


if __name__ == "__main__":
    app.run(main)
