"""Which part of the projected recipe does how much: one change at a time, equal minutes.

    python -m benchmarks.projected_cells --data_dir=FOLDER --minutes=5 --work_dir=FOLDER

Every cell trains preset ``projected`` with one thing changed, for as many minutes of training or,
with --images, for as many images. It is scored by the judge (``benchmarks.judge``) in VGG16's
features and in random convolutions, at equal numbers beside real against real. A cell that was
scored is kept in the folder, with its sheet, so that the command may be stopped and repeated; the
table has all that are there.
"""

import pathlib
import time

import keras
import numpy as np
from absl import app, flags

from benchmarks.judge_scores import REAL, all_scores, split_halves
from benchmarks.sheets import contact_sheet
from benchmarks.tables import chosen
from benchmarks.vgg_judge import vgg_features
from tfgan_lab import networks
from tfgan_lab.files import read_json, write_atomically, write_json
from tfgan_lab.machine import processor_name
from tfgan_lab.markdown import table_lines
from tfgan_lab.metrics import RandomEmbedding
from tfgan_lab.models import GAN
from tfgan_lab.plots import png_bytes, to_uint8
from tfgan_lab.runs import RunConfig, build_model, load_images
from tfgan_lab.runs.training.precision import computing_in
from tfgan_lab.runs.training.threads import choose_threads

FLAGS = flags.FLAGS

# What a cell changes: settings, or arguments of a network that are no settings.
CELLS = {
    "as it is": {},
    "shown at 64 pixels": {"settings": {"feature_size": 64}},
    "shown at 96 pixels": {"settings": {"feature_size": 96}},
    "shown at 128 pixels": {"settings": {"feature_size": 128}},
    "without the discriminator of the pixels": {"heads": {"pixel_widths": ()}},
    "without the finest scale": {
        "features": {"strides": (4, 8, 16, 32), "widths": (32, 64, 128, 256)}
    },
    "the two finest scales alone": {"features": {"strides": (2, 4), "widths": (32, 32)}},
    "channels mixed, scales not": {"features": {"mixing": "channels"}},
    "nothing mixed": {"features": {"mixing": "none"}},
    "heads of strided convolutions": {"heads": {"head": "strided"}},
    "heads without batch norm": {"heads": {"normalisation": "none"}},
    "heads without spectral norm": {"heads": {"spectral_norm": False}},
    "generator twice as wide": {"settings": {"generator_widths": (256, 256, 128, 64, 32)}},
    "generator with bilinear doubling": {"generator": {"doubling": "bilinear"}},
    "generator without batch norm": {"generator": {"normalisation": "none"}},
    "residual generator": {
        "settings": {"generator": "residual", "generator_widths": (128, 128, 64, 32, 16)}
    },
    "DiffAugment without colour": {"settings": {"diff_augment_colour": 0.0}},
    "DiffAugment with colour": {"settings": {"diff_augment_colour": 1.0}},
    "no DiffAugment": {
        "settings": {
            "diff_augment_colour": 0.0,
            "diff_augment_translation": 0.0,
            "diff_augment_cutout": 0.0,
        }
    },
    "batch 8": {"settings": {"batch_size": 8}},
    "batch 32": {"settings": {"batch_size": 32}},
    "learning rates twice as high": {
        "settings": {"generator_learning_rate": 4e-4, "discriminator_learning_rate": 4e-4}
    },
    "average of 5,000 images": {"settings": {"ema_half_life_images": 5_000}},
    "alternating updates": {"settings": {"schedule": "alternating"}},
    "the same images for both updates": {"settings": {"schedule": "shared_fakes"}},
    "relativistic pairing": {"settings": {"loss": "relativistic_pairing"}},
    "from scratch": {"preset": "from-scratch"},
    "from scratch, light generator": {
        "preset": "from-scratch",
        "settings": {"generator": "light", "generator_widths": (256, 128, 64, 32, 16)},
    },
}

GENERATED = "generated"
COLUMNS = {"frechet": 0, "kid": 3, "precision": 2, "recall": 2, "coverage": 2, "copying_all": 2}


class StopAfter(keras.callbacks.Callback):
    """Ends a training after some images, or some seconds from its second epoch on.

    Args:
        seconds: float; the first epoch, which compiles, doesn't count.
        images: int, in place of seconds; 0 for none.
    """

    def __init__(self, seconds, images=0):
        super().__init__()
        self._seconds, self._images = seconds, images
        self._start, self._at_start = None, 0

    def on_epoch_end(self, epoch, logs=None):
        """Looks at the clock."""
        seen = int(self.model.images_seen.numpy())
        if self._start is None:
            self._start, self._at_start = time.perf_counter(), seen
        elapsed = time.perf_counter() - self._start
        if seen >= self._images if self._images else elapsed >= self._seconds:
            self.speed = (seen - self._at_start) / elapsed
            self.model.stop_training = True


def build(cell, **settings) -> tuple:
    """The configuration and the model of a cell.

    Args:
        cell: dict out of ``CELLS``.
        **settings: those that all cells share.
    """
    preset = cell.get("preset", "projected")
    config = RunConfig.from_preset(preset, **settings, **cell.get("settings", {}))
    model = build_model(config)
    if not {"features", "heads", "generator"} & cell.keys():
        return config, model
    keras.utils.set_random_seed(config.seed)
    with computing_in(config.precision):
        generator = networks.light_generator(
            image_size=config.image_size,
            latent_size=config.latent_size,
            widths=config.generator_widths,
            **cell.get("generator", {}),
        )
        shown_size = config.feature_size or None
        features = networks.projected_features(
            image_size=config.image_size, shown_size=shown_size, **cell.get("features", {})
        )
        heads = {"widths": config.discriminator_widths} | cell.get("heads", {})
        discriminator = networks.projected_discriminator(features, **heads)
    shared = {"seed": config.seed, "ema_half_life_images": config.ema_half_life_images}
    changed = GAN(generator, discriminator, latents=model.latents, **shared)
    optimizers = [
        each.from_config(each.get_config())
        for each in (model.generator_optimizer, model.discriminator_optimizer)
    ]
    changed.compile(
        *optimizers, loss=model.adversarial_loss, augmenter=model.augmenter, update=model.update
    )
    return config, changed


def run_cell(name, folder) -> None:
    """Trains and scores a cell, and keeps its scores and its sheet.

    Args:
        name: out of ``CELLS``.
        folder: ``pathlib.Path``.
    """
    shared = {"data_dir": FLAGS.data_dir, "image_size": FLAGS.size, "seed": FLAGS.seed}
    config, model = build(CELLS[name], **shared)
    images = load_images(config)
    clock = StopAfter(60 * FLAGS.minutes, FLAGS.images)
    model.fit(images, epochs=10**6, callbacks=[clock], verbose=0)
    reals = to_uint8(images.sample(len(images)))
    generated = to_uint8(model.generate(len(reals), seed=1))
    splits = split_halves(len(reals))
    entry = {"seen": int(model.images_seen.numpy()), "speed": clock.speed, "scores": {}}
    for features in (vgg_features(), RandomEmbedding(reals)):
        rows, _ = all_scores(features, reals, {GENERATED: generated}, splits)
        entry["scores"][features.name] = {
            row: {score: float(np.mean(values)) for score, values in scores.items()}
            for row, scores in rows.items()
        }
    entry["machine"] = processor_name()
    write_atomically(folder / f"{name}.png", png_bytes(contact_sheet(generated[:64])))
    write_json(folder / f"{name}.json", entry)


def lines_of(folder) -> list:
    """The table of all cells that were scored, in Markdown.

    Args:
        folder: ``pathlib.Path``.
    """
    cells = {name: folder / f"{name}.json" for name in CELLS}
    entries = {name: read_json(path) for name, path in cells.items() if path.exists()}
    if not entries:
        return []
    first = next(iter(entries.values()))
    spaces = list(first["scores"])

    def scores(entry, kind):
        return [f"{entry['scores'][space][kind][score]:.{digits}f}"
                for space in spaces for score, digits in COLUMNS.items()]  # fmt: skip

    rows = [[REAL, "", "", *scores(first, REAL)]]
    for name, entry in entries.items():
        seen, speed = f"{entry['seen']:,}", f"{entry['speed']:.0f}"
        rows.append([name, seen, speed, *scores(entry, GENERATED)])
    heads = [score.replace("_", " ") for score in COLUMNS] * len(spaces)
    table = table_lines(["cell", "images seen", "images/s", *heads], rows)
    return [f"Columns: first in {spaces[0]}, then in {spaces[1]}.", "", *table]


def main(argv):
    """Runs what is missing and prints the table."""
    del argv
    folder = pathlib.Path(FLAGS.work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    choose_threads(16 * FLAGS.size**2)
    for name in chosen(FLAGS.cells, CELLS, "--cells"):
        if not (folder / f"{name}.json").exists():
            run_cell(name, folder)
            print("\n".join(lines_of(folder)), flush=True)
    text = "\n".join(lines_of(folder)) + "\n"
    write_atomically(folder / "table.md", text.encode())
    print(text)


if __name__ == "__main__":
    flags.DEFINE_string("data_dir", None, "folder of the training images", required=True)
    flags.DEFINE_integer("size", 64, "height and width of all images", lower_bound=32)
    flags.DEFINE_float("minutes", 5.0, "of training, of each cell", lower_bound=0.01)
    flags.DEFINE_integer("images", 0, "training images of each cell, in place of minutes")
    flags.DEFINE_list("cells", [], "which cells; all unless given")
    flags.DEFINE_string("work_dir", "runs/projected_cells", "where scores and sheets are kept")
    flags.DEFINE_integer("seed", 0, "seed of every cell", lower_bound=0)
    app.run(main)
