"""Writes files of this version, which all later versions must be able to load.

``python -m tests.golden.write`` from the checkout trains the smallest runs there are, on drawn
images, and keeps of each what a person takes away, with the images that it makes, in a zip:
HDF5 is mostly empty. Run it once for a new version; files of earlier versions are never written
again.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

import numpy as np

from tests.runs.tiny import TINY
from tests.runs.tiny_translator import TINY_CYCLEGAN, TINY_STARGAN
from tfgan_lab import __version__, data
from tfgan_lab.runs import RunConfig, TranslationConfig, open_run, train, train_translation
from tfgan_lab.runs.reading.generation import draw_latents, open_generator

FOLDER = pathlib.Path(__file__).parent
IMAGES = "images.npz"  # What the runs trained on: another Pillow may draw other edges.
EXPECTED = "expected.npz"
CLASSES = ("bus", "car", "van")
OF_ARRAYS = {"drawn": "", "num_drawn": 345, "data_dir": IMAGES, "precision": "float32"}
LATENT_RUNS = {
    # A moving average and a penalty: what a checkpoint holds besides both networks.
    "gan": {"ema_half_life_images": 20, "r1_gamma": 1.0, "evaluate_every": 20},
    "conditional": {"conditional": True, "generator_conditioning": "batch_norm"},
}
TRANSLATORS = {"cyclegan": TINY_CYCLEGAN, "stargan": TINY_STARGAN}
KEPT = {"config.json", "log.csv", "metrics.json", "verdict.json", "generator.keras",
        "generator.keras.sha256", "last_generator.keras", "released", "checkpoints",
        IMAGES, EXPECTED}  # fmt: skip


def write_version(folder) -> None:
    """Writes a run of each kind.

    Args:
        folder: path; must not exist.
    """
    folder.mkdir()
    # No command and relative paths: what is kept names nothing of the machine.
    sys.argv = ["tests.golden.write"]
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        for name, settings in LATENT_RUNS.items():
            write_latent_run(pathlib.Path(name), settings)
            keep(pathlib.Path(name), folder)
        for name, settings in TRANSLATORS.items():
            write_translator(pathlib.Path(name), settings)
            keep(pathlib.Path(name), folder)
        os.chdir(folder)


def keep(run, folder):
    """Puts what is kept of a run into a zip; one run's checkpoints are enough."""
    if run.name != "gan":
        shutil.rmtree(run / "checkpoints")
    with zipfile.ZipFile(folder / f"{run}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in sorted(run.rglob("*")):
            if path.relative_to(run).parts[0] in KEPT:
                file.write(path, path.relative_to(run))


def write_latent_run(run, settings):
    """Trains from latents, with classes or without."""
    run.mkdir()
    drawn = data.vehicles(12, image_size=16)
    labels = np.arange(12) % len(CLASSES)
    np.savez_compressed(run / IMAGES, images=drawn.images, labels=labels, class_names=CLASSES)
    own = OF_ARRAYS | {"data_dir": str(run / IMAGES), "run_dir": str(run)}
    train(RunConfig.from_preset(**(TINY | own | settings)), verbose=0)
    generator = open_generator(run)
    given = {"latents": draw_latents(generator.latents, 4)}
    if generator.conditional:
        given["labels"] = np.array([0, 1, 2, 0])
    np.savez_compressed(run / EXPECTED, images=generator.generate(**given), **given)


def write_translator(run, settings):
    """Trains between domains."""
    config = TranslationConfig.from_preset(**(settings | {"run_dir": str(run), "epochs": 1}))
    train_translation(config, verbose=0)
    translator = open_run(run).generator()
    given = np.random.default_rng(0).uniform(-1, 1, (1, 17, 24, 3)).astype(np.float32)
    images = [translator.translate(given, name) for name in translator.domains]
    np.savez_compressed(run / EXPECTED, given=given, images=images)


if __name__ == "__main__":
    write_version(FOLDER / __version__)
