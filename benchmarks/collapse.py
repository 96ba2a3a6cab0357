"""Collapse as a number: the reports' recipes and this package's, on 345 drawn plates.

    python -m benchmarks.collapse --work_dir=FOLDER [--cells=NAME,...] [--table=FILE]

Trains every recipe until it has seen --images training images and trained for --minutes, and
every cell of the ablation (from-scratch with one thing changed) for --ablation_images; reads modes
off 2,000 generated images again and again meanwhile, and writes a table (Markdown and JSON) of
what there is. Every cell is a run directory in --work_dir: what was stopped resumes, and what is
complete is not repeated. --threads=1 gives every cell one core, so that two commands with different
cells can share a machine.
"""

import functools
import json
import pathlib

import numpy as np
from absl import app, flags

from benchmarks.mode_readings import ModeReadings, first_reaching, timed_readings
from benchmarks.other_penalties import approximate_penalties, with_penalties
from benchmarks.plain_step import PLAIN
from benchmarks.tables import chosen, write_table
from benchmarks.threads import limit_threads
from tfgan_lab import layers, losses
from tfgan_lab.callbacks import CsvLog
from tfgan_lab.data import plates
from tfgan_lab.data.drawn.plates_reader import CLEAR_DISTANCE, NUM_MODES, read_modes
from tfgan_lab.markdown import table_lines
from tfgan_lab.metrics import count_modes, distances
from tfgan_lab.runs import RunConfig, build_model, load_images, train

FLAGS = flags.FLAGS
flags.DEFINE_string("work_dir", "runs/collapse", "where the cells' run directories are")
flags.DEFINE_list("cells", [], "names of cells; all recipes unless given, 'ablation' for those")
flags.DEFINE_integer("images", 40_000, "least training images of every recipe")
flags.DEFINE_float("minutes", 20.0, "least minutes of training of every recipe")
flags.DEFINE_integer("ablation_images", 20_000, "training images of every cell of the ablation")
flags.DEFINE_integer("every", 5_000, "training images between two readings")
flags.DEFINE_integer("image_size", 32, "height and width of the plates")
flags.DEFINE_integer("seed", 0, "of images, weights and latents")

NUM_SAMPLES = 2000
NUM_DISTANCES = 500

# The reports' networks begin at 4x4 where images are smaller than theirs; R3 takes one layer
# away, as it says, and has three channels here.
RECIPES = {
    "r0-transposed": {"preset": "r0-transposed"},
    "r0-upsampling": {"preset": "r0-upsampling"},
    "r1": {"preset": "r1"},
    "r3": {"preset": "r3", "channels": 3},
    "from-scratch": {"preset": "from-scratch"},
}
AT_32 = {
    "r1": {
        "generator_widths": (256, 128, 64),
        "discriminator_widths": (64, 128, 256),
    },
    "r3": {"generator_widths": (256, 128, 64)},
}

# from-scratch with one thing changed at a time.
ABLATION = {
    "no penalty": {"r1_gamma": 0.0, "r2_gamma": 0.0},
    "gamma that stays": {"penalty_anneal_images": 0},
    "gamma / 3": {"r1_gamma": 30.0, "r2_gamma": 30.0},
    "gamma / 30 that stays": {"r1_gamma": 3.0, "r2_gamma": 3.0, "penalty_anneal_images": 0},
    "R1 alone": {"r2_gamma": 0.0},
    "penalty on the whole batch": {"penalty_share": 1.0},
    "approximate penalty": {"shared_gradients": False},
    "LeCam instead": {"r1_gamma": 0.0, "r2_gamma": 0.0},
    "WGAN-GP instead": {"loss": "wasserstein", "r1_gamma": 0.0, "r2_gamma": 0.0},
    "cross-entropy": {"loss": "binary_cross_entropy"},
    "cross-entropy without DiffAugment": {
        "loss": "binary_cross_entropy",
        "diff_augment_translation": 0.0,
    },
    "hinge": {"loss": "hinge"},
    "relativistic average": {"loss": "relativistic_average"},
    "DiffAugment from the first step on": {"ada_target": 0.0},
    "no DiffAugment": {"diff_augment_translation": 0.0},
    "DiffAugment with colour": {"diff_augment_colour": 1.0},
    "DiffAugment with cutout": {"diff_augment_cutout": 0.5},
    "consistency besides": {},
    "no EMA": {"ema_half_life_images": 0},
    "batch 32": {"batch_size": 32},
    "fresh images for the generator's update": {"schedule": "alternating"},
    "the generator at a constant rate": {"lr_control_target": 0.0},
    "both updates from one pass": {"schedule": "simultaneous"},
    "float32": {"precision": "float32"},
    "written plainly": PLAIN,
}
# Of the cells whose penalties no setting names: functions of the configuration and its own ones.
OTHER_PENALTIES = {
    "approximate penalty": lambda config, own: approximate_penalties(config),
    "LeCam instead": lambda config, own: [losses.LeCam(0.3)],
    "WGAN-GP instead": lambda config, own: [losses.GradientPenalty(10.0)],
    "consistency besides": lambda config, own: [
        *own,
        losses.Consistency(layers.DiffAugment(0, 0, 0, translation=0.125, cutout=0), 10.0),
    ],
}


def cell_settings(name):
    """The settings of a cell.

    Args:
        name: of ``RECIPES`` or ``ABLATION``.
    """
    shared = {
        "drawn": "plates",
        "image_size": FLAGS.image_size,
        "seed": FLAGS.seed,
        "run_dir": str(pathlib.Path(FLAGS.work_dir) / name.replace(" ", "_").replace("/", "by")),
        # An upper bound: the readings' callback stops when both budgets are reached.
        "images": "1000m",
        "snapshot_every": 100,
        "checkpoint_every": 25,
    }
    if name in ABLATION:
        return RECIPES["from-scratch"] | ABLATION[name] | shared
    return RECIPES[name] | (AT_32.get(name, {}) if FLAGS.image_size == 32 else {}) | shared


def enough(name, images, seconds):
    """Whether a cell may stop: its budgets are used up."""
    if name in ABLATION:
        return images >= FLAGS.ablation_images
    return images >= FLAGS.images and seconds >= 60 * FLAGS.minutes


def train_cell(name):
    """Trains a cell as far as its budgets want, resuming where it stopped."""
    readings = timed_readings(cell_settings(name)["run_dir"])
    if readings and enough(name, readings[-1]["images"], readings[-1]["seconds"]):
        return
    config = RunConfig.from_preset(**cell_settings(name))
    images = load_images(config)
    training_images = images.sample(len(images))
    reference = read_modes(training_images)

    def read(samples):
        modes, distances = read_modes(samples, return_distances=True)
        counts = count_modes(modes, NUM_MODES, reference)
        nearest = nearest_distances(samples[:NUM_DISTANCES], training_images)
        return {
            "num_found": counts.num_found,
            "kl_divergence": counts.kl_divergence,
            "clear_share": (distances < CLEAR_DISTANCE).mean(),
            "nearest_distance": nearest.mean(),
        }

    callback = ModeReadings(
        config.run_dir, read, FLAGS.every, NUM_SAMPLES, stop=functools.partial(enough, name)
    )
    if name not in OTHER_PENALTIES:
        train(config, images=images, callbacks=[callback], verbose=0)
        return
    # Not a run that is resumed: stopped, it starts over.
    model = build_model(config)
    model = with_penalties(model, OTHER_PENALTIES[name](config, model.penalties))
    callbacks = [CsvLog(config.run_dir), callback]
    model.fit(images.dataset(), epochs=10**6, callbacks=callbacks, verbose=0)


def write_cells():
    """Writes the tables of all cells that have readings."""
    curves = {}
    for name in [*RECIPES, *ABLATION]:
        readings = timed_readings(cell_settings(name)["run_dir"])
        if readings:
            curves[name] = readings
    record = {
        "images": f"345 plates, {FLAGS.image_size} px, seed {FLAGS.seed}",
        "samples": NUM_SAMPLES,
        "kl_baseline": round((NUM_MODES - 1) / (2 * NUM_SAMPLES), 4),
        "held_out_distance": held_out_distance(),
        "cells": curves,
    }
    lines = []
    for head, names, budget, amount, title in [
        ("recipe", RECIPES, "images", FLAGS.images, f"After {FLAGS.images:,} images"),
        ("recipe", RECIPES, "seconds", 60 * FLAGS.minutes, f"After {FLAGS.minutes:g} minutes"),
        (
            "`from-scratch` with",
            ["from-scratch", *ABLATION],
            "images",
            FLAGS.ablation_images,
            f"One part changed, after {FLAGS.ablation_images:,} images",
        ),
    ]:
        reached = {name: first_reaching(curves.get(name, []), budget, amount) for name in names}
        if any(reached.values()):
            lines += [f"{title}:", "", *lines_of(head, reached), ""]
    lines.append(
        f"{record['images']}; {record['samples']} generated images; a perfect generator scores "
        f"a KL of about {record['kl_baseline']}. Distances are root mean squares per value of "
        "[-1, 1] to the nearest training image; for new plates it is "
        f"{record['held_out_distance']}."
    )
    write_table("collapse", lines, record, shown=False)


def lines_of(head, reached) -> list:
    """A Markdown table, a line for each cell that has come so far."""
    rows = [
        [
            "nothing changed" if name == "from-scratch" and head != "recipe" else name,
            f"{row['num_found']:.0f}",
            f"{row['kl_divergence']:.3f}",
            f"{row['clear_share']:.0%}",
            f"{row['nearest_distance']:.3f}",
            f"{row['images']:,.0f}",
            f"{row['seconds'] / 60:.1f}",
        ]
        for name, row in reached.items()
        if row is not None
    ]
    heads = [head, "modes of 20", "KL", "clear plates", "nearest", "images", "minutes"]
    return table_lines(heads, rows)


def held_out_distance():
    """What new plates score: the mean distance of as many from the nearest of the training ones."""
    shared = {"image_size": FLAGS.image_size, "batch_size": 8}
    training = plates(345, seed=FLAGS.seed, **shared).sample(345)
    new = plates(NUM_DISTANCES, seed=FLAGS.seed + 1, **shared).sample(NUM_DISTANCES)
    return round(float(nearest_distances(new, training).mean()), 4)


def nearest_distances(images, others) -> np.ndarray:
    """Root mean square difference of each image from the nearest of others.

    Args:
        images: float array of shape (n, height, width, channels).
        others: float array of shape (m, height, width, channels).

    Returns:
        float64 array of shape (n,).
    """
    images, others = (np.reshape(array, (len(array), -1)) for array in (images, others))
    return distances(images, others).min(axis=1) / np.sqrt(images.shape[1])


def main(argv):
    """Trains what was asked for and writes the table."""
    del argv
    limit_threads()
    given = list(ABLATION) if FLAGS.cells == ["ablation"] else FLAGS.cells or list(RECIPES)
    for name in chosen(given, {**RECIPES, **ABLATION}, "--cells"):
        train_cell(name)
        readings = timed_readings(cell_settings(name)["run_dir"])
        print(name, json.dumps(readings[-1]), flush=True)
    if FLAGS.table:
        write_cells()


if __name__ == "__main__":
    app.run(main)
