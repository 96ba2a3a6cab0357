"""Stacked MNIST: three digits as the three channels, 1000 modes to be found.

    python -m benchmarks.stacked_mnist --mnist_dir=FOLDER --work_dir=FOLDER [--minutes=110]

--mnist_dir holds MNIST's four idx.gz files. Trains a classifier on the digits (kept in
--work_dir), then a GAN on triples of training digits redrawn at every step, padded to 32x32,
without augmentation, and reads 25,600 generated images every so often. What was stopped resumes.
--table=FILE writes FILE.md and FILE.json.
"""

import json
import pathlib

import keras
import numpy as np
from absl import app, flags

import tfgan_lab as tgl
from benchmarks.mode_readings import ModeReadings, first_reaching, timed_readings
from benchmarks.stacked_digits import NUM_MODES, StackedDigits, measure
from benchmarks.tables import write_table
from benchmarks.threads import limit_threads
from tfgan_lab.data.pipeline import to_float
from tfgan_lab.data.sources import read_idx
from tfgan_lab.markdown import table_lines
from tfgan_lab.runs.training.precision import computing_in

FLAGS = flags.FLAGS
flags.DEFINE_string("mnist_dir", "", "folder of MNIST's idx.gz files")
flags.DEFINE_string("work_dir", "runs/stacked_mnist", "where the run and classifier are")
flags.DEFINE_float("minutes", 110.0, "minutes of training; the readings come on top")
flags.DEFINE_integer("batch", 16, "images in a step")
flags.DEFINE_float("gamma", 10.0, "weight of R1 and R2")
flags.DEFINE_float("learning_rate", 5e-4, "Adam's at the start; it falls to a tenth")
flags.DEFINE_integer("decay_images", 1_000_000, "training images over which it falls")
flags.DEFINE_integer("ema_half_life", 10_000, "training images, of the moving average")
flags.DEFINE_float("penalty_share", 0.5, "part of the batch that R1 and R2 look at")
flags.DEFINE_float(
    "lr_control_target", 0.0, "of the generator's adaptive rate, which then replaces its decay"
)
flags.DEFINE_list("generator_widths", ["64", "64", "32", "16"], "channels at 4, 8, 16, 32")
flags.DEFINE_list("discriminator_widths", ["64", "64", "32", "16"], "channels at 4, 8, 16, 32")
flags.DEFINE_integer("every", 163_840, "training images between two readings")

NUM_SAMPLES = 25_600
SIZE = 32

# As the papers print them, and in what the tests differ from this one.
LITERATURE = [
    ("DCGAN", 99, 3.40, "VEEGAN's paper, reprinted by PacGAN's; 28 px, 26,000 samples"),
    ("VEEGAN", 150, 2.95, "the same; a rerun by PresGAN's authors found 762 / 2.17"),
    ("PacGAN", 992, 0.28, "a rerun by PresGAN's; its own paper says 1000 / 0.06, 26,000 samples"),
    ("WGAN-GP", 959, 0.73, "reprinted by R3GAN's"),
    ("StyleGAN2", 940, 0.42, "reprinted by R3GAN's; 24,000 samples, 240,000 fixed triples"),
    ("R3GAN", 1000, 0.029, "20.7 million parameters, 10 million images; samples not stated"),
]


def load_digits(part):
    """Digits padded to 32x32, and their labels.

    Args:
        part: ``"train"`` or ``"t10k"``.
    """
    folder = pathlib.Path(FLAGS.mnist_dir)
    digits = read_idx(folder / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte.gz")
    return np.pad(digits, [(0, 0), (2, 2), (2, 2)])[..., None], labels.astype(np.int32)


def load_classifier():
    """The digits' classifier and its accuracy on MNIST's test set; trained once, some 2 minutes."""
    path = pathlib.Path(FLAGS.work_dir) / "classifier.keras"
    test_digits, test_labels = load_digits("t10k")
    if path.exists():
        classifier = keras.saving.load_model(path)
    else:
        keras.utils.set_random_seed(0)
        layers = keras.layers
        classifier = keras.Sequential(
            [
                keras.Input((SIZE, SIZE, 1)),
                layers.Conv2D(32, 5, strides=2, activation="relu"),
                layers.Conv2D(64, 3, activation="relu"),
                layers.MaxPooling2D(),
                layers.Flatten(),
                layers.Dropout(0.5),
                layers.Dense(128, activation="relu"),
                layers.Dropout(0.5),
                layers.Dense(10),
            ]
        )
        classifier.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        digits, labels = load_digits("train")
        classifier.fit(to_float(digits), labels, batch_size=128, epochs=6, verbose=2)
        path.parent.mkdir(parents=True, exist_ok=True)
        classifier.save(path)
    answers = classifier.predict(to_float(test_digits), batch_size=500, verbose=0)
    return classifier, float((answers.argmax(axis=1) == test_labels).mean())


def build():
    """Residual networks without normalisation, relativistic pairing, R1 and R2 at every step."""
    keras.utils.set_random_seed(0)
    with computing_in("auto"):
        gan = tgl.GAN(
            tgl.networks.residual_generator(
                image_size=SIZE, latent_size=64, widths=tuple(map(int, FLAGS.generator_widths))
            ),
            tgl.networks.residual_discriminator(
                image_size=SIZE, widths=tuple(map(int, FLAGS.discriminator_widths))
            ),
            ema_half_life_images=FLAGS.ema_half_life,
        )
    decay = keras.optimizers.schedules.CosineDecay(
        FLAGS.learning_rate, FLAGS.decay_images // FLAGS.batch, alpha=0.1
    )
    target = FLAGS.lr_control_target
    rate = target and tgl.models.AdaptiveRate(FLAGS.learning_rate, target)
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(rate or decay, 0.0, 0.99),
        discriminator_optimizer=keras.optimizers.Adam(decay, 0.0, 0.99),
        loss=tgl.losses.RelativisticPairing(),
        penalties=[
            penalty(FLAGS.gamma, share=FLAGS.penalty_share)
            for penalty in (tgl.losses.R1, tgl.losses.R2)
        ],
        update=tgl.models.UpdateRule(
            schedule="shared_fakes", concatenate_batches=True, shared_gradients=True
        ),
    )
    return gan


def run(classifier):
    """Trains until the minutes are used up; returns the triples it trained on."""
    folder = pathlib.Path(FLAGS.work_dir)
    digits, _ = load_digits("train")
    triples = StackedDigits(digits, 4096 // FLAGS.batch, batch_size=FLAGS.batch)
    gan = build()
    checkpoints = tgl.callbacks.Checkpoints(folder, every=10)
    checkpoints.set_model(gan)
    checkpoints.restore()
    readings = timed_readings(folder)
    if not readings or readings[-1]["seconds"] < 60 * FLAGS.minutes:
        gan.fit(
            triples,
            epochs=1_000_000,
            verbose=0,
            callbacks=[
                tgl.callbacks.FiniteGuard(),
                tgl.callbacks.CsvLog(folder),
                tgl.callbacks.ImageSnapshots(folder, every=25),
                ModeReadings(
                    folder,
                    lambda images: measure(classifier, images),
                    FLAGS.every,
                    NUM_SAMPLES,
                    stop=lambda images, seconds: seconds >= 60 * FLAGS.minutes,
                ),
                checkpoints,
            ],
        )
        checkpoints.save()
    return triples


def write_readings(accuracy, real):
    """Writes the run's readings beside the literature's numbers.

    Args:
        accuracy: float, the classifier's on MNIST's test set.
        real: what ``measure`` says of as many real triples.
    """
    readings = timed_readings(FLAGS.work_dir)
    solved = first_reaching(readings, "num_found", NUM_MODES)
    settings = {
        name: getattr(FLAGS, name)
        for name in ("batch", "gamma", "learning_rate", "decay_images", "ema_half_life")
        + ("penalty_share", "lr_control_target", "generator_widths", "discriminator_widths")
    }
    record = {
        "settings": settings,
        "classifier_accuracy": accuracy,
        "num_samples": NUM_SAMPLES,
        "real_triples": real,
        "minutes_to_1000_modes": solved and round(solved["seconds"] / 60, 1),
        "readings": readings,
    }
    rows = [[f"{row['seconds'] / 60:.0f}", f"{row['images']:,.0f}", *_scores(row)]
            for row in readings]  # fmt: skip
    rows.append(["real triples", "", *_scores(real)])
    heads = ["minutes", "images seen", "modes", "KL", "modes, all digits sure"]
    published = ["published", "modes", "KL", "where, and other than here"]
    below = (
        f"{NUM_SAMPLES:,} generated images for each reading; the classifier knows {accuracy:.2%} "
        f"of MNIST's test digits; by chance a perfect generator scores about "
        f"{(NUM_MODES - 1) / (2 * NUM_SAMPLES):.4f}. Here: {SIZE} px, digits of the training set "
        "alone, triples redrawn at every step. The papers' classifiers differ, and an image "
        "without digits counts for some mode with all of them."
    )
    lines = [*table_lines(heads, rows), "", *table_lines(published, LITERATURE), "", below]
    write_table("stacked_mnist", lines, record)


def _scores(numbers):
    found, sure = (f"{numbers[name]:.0f}" for name in ("num_found", "sure_found"))
    return found, f"{numbers['kl_divergence']:.3f}", sure


def main(argv):
    """Trains, reads, writes the table."""
    del argv
    if not FLAGS.mnist_dir:
        raise app.UsageError("Expected --mnist_dir=FOLDER with MNIST's four idx.gz files")
    limit_threads()
    classifier, accuracy = load_classifier()
    print(f"The classifier knows {accuracy:.2%} of the test digits.", flush=True)
    triples = run(classifier)
    print(json.dumps(timed_readings(FLAGS.work_dir)[-1]))
    if FLAGS.table:
        write_readings(accuracy, measure(classifier, triples.sample(NUM_SAMPLES)))


if __name__ == "__main__":
    app.run(main)
