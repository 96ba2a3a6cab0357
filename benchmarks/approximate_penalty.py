"""How far R1 by finite differences is from the exact one, and what each costs.

    python -m benchmarks.approximate_penalty [--images=16k] [--table=FILE]

Trains ``from-scratch`` on drawn plates for a little, so that the discriminator has slopes such as
occur, and compares on 256 plates: the mean over 64 draws of the displacement (bias), the spread of
a single draw for one batch, both over the exact value, for several sigma; in float32 and with
bfloat16 layers. Then, in turn, the time of a discriminator's step with neither, exact and
approximate R1 + R2 on the whole batch.
"""

import json
import pathlib
import statistics
import time

import numpy as np
import tensorflow as tf
from absl import app, flags

from tfgan_lab.losses import R1, R2, ApproximateR1, ApproximateR2, DiscriminatorBatch
from tfgan_lab.networks import residual_discriminator
from tfgan_lab.runs import RunConfig, build_model, load_images
from tfgan_lab.runs.training.precision import computing_in

FLAGS = flags.FLAGS
flags.DEFINE_string("images", "16k", "training images before the comparison")
flags.DEFINE_integer("image_size", 32, "height and width")
flags.DEFINE_integer("num_images", 256, "images to compare on")
flags.DEFINE_integer("draws", 64, "displacements drawn for each sigma")
flags.DEFINE_integer("rounds", 5, "times that each step is measured")
flags.DEFINE_string("table", "", "write FILE.md and FILE.json")

SIGMAS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
BATCH = 8


def make_batch(model, discriminator, images, fakes, index=0):
    """What a penalty is given."""
    return DiscriminatorBatch(
        discriminator,
        images,
        fakes,
        discriminator(images, training=True),
        discriminator(fakes, training=True),
        seed=tf.stack([tf.cast(value, tf.int64) for value in (model.seed, index)]),
    )


def errors(model, discriminator, images, fakes):
    """Bias and spread of the approximation for every sigma, over the exact value."""
    exact = tf.function(lambda: R1()(make_batch(model, discriminator, images, fakes)))
    truth = float(exact())
    rows = []
    for sigma in SIGMAS:
        penalty = ApproximateR1(sigma=sigma)

        @tf.function
        def approximate(index, penalty=penalty):
            return penalty(make_batch(model, discriminator, images, fakes, index))

        values = np.array(
            [float(approximate(tf.constant(draw, tf.int64))) for draw in range(FLAGS.draws)]
        )
        rows.append(
            {
                "sigma": sigma,
                "bias": float(values.mean() / truth - 1),
                # Of a mean over as many images as a training batch has.
                "spread": float(values.std() / truth * np.sqrt(len(images) / BATCH)),
            }
        )
    return truth, rows


def with_policy(discriminator, policy):
    """The same weights computed under another precision."""
    config = RunConfig.from_preset("from-scratch", drawn="plates", image_size=FLAGS.image_size)
    with computing_in(policy):
        copy = residual_discriminator(
            image_size=FLAGS.image_size, widths=config.discriminator_widths
        )
    copy.set_weights(discriminator.get_weights())
    return copy


def step_times(model, images, fakes):
    """Milliseconds of the gradient of each kind of penalised loss, medians of rounds in turn."""
    ways = {
        "none": [],
        "exact": [R1(), R2()],
        "approximate": [ApproximateR1(), ApproximateR2()],
    }
    weights = model.discriminator.trainable_weights

    def make(penalties):
        @tf.function
        def gradient():
            with tf.GradientTape() as tape:
                batch = make_batch(model, model.discriminator, images, fakes)
                loss = model.adversarial_loss.discriminator_loss(
                    batch.real_logits, batch.fake_logits
                )
                loss += sum(penalty(batch) for penalty in penalties)
            return tape.gradient(loss, weights)

        return gradient

    gradients = {name: make(penalties) for name, penalties in ways.items()}
    times = {name: [] for name in ways}
    for gradient in gradients.values():
        gradient()
    for _ in range(FLAGS.rounds):
        for name, gradient in gradients.items():
            began = time.perf_counter()
            for _ in range(10):
                gradient()
            times[name].append((time.perf_counter() - began) * 100)
    return {name: statistics.median(values) for name, values in times.items()}


def main(argv):
    """Trains, compares, prints, writes."""
    del argv
    config = RunConfig.from_preset(
        "from-scratch",
        drawn="plates",
        image_size=FLAGS.image_size,
        images=FLAGS.images,
        precision="float32",
    )
    images = load_images(config)
    model = build_model(config)
    model.fit(images, epochs=config.total_epochs(images.steps_per_epoch), verbose=0)
    reals = tf.constant(images.sample(FLAGS.num_images))
    fakes = tf.constant(model.generate(len(reals)))
    lines = ["<!-- Written by benchmarks/approximate_penalty.py. -->", ""]
    lines += ["| arithmetic | sigma | bias | spread of one draw |", "|---|---|---|---|"]
    record = {"images": FLAGS.images, "image_size": FLAGS.image_size, "errors": {}}
    for policy in ("float32", "mixed_bfloat16"):
        discriminator = with_policy(model.discriminator, policy)
        truth, rows = errors(model, discriminator, reals, fakes)
        record["errors"][policy] = {"exact": truth, "rows": rows}
        lines += [
            f"| {policy} | {row['sigma']} | {row['bias']:+.1%} | {row['spread']:.0%} |"
            for row in rows
        ]
    batch = slice(0, 32)
    times = step_times(model, reals[batch], fakes[batch])
    record["milliseconds"] = times
    lines += ["", "| R1 + R2 in the discriminator's step | time |", "|---|---|"]
    lines += [f"| {name} | {value / times['none']:.2f}x |" for name, value in times.items()]
    print("\n".join(lines))
    if FLAGS.table:
        pathlib.Path(f"{FLAGS.table}.md").write_text("\n".join(lines) + "\n")
        pathlib.Path(f"{FLAGS.table}.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    app.run(main)
