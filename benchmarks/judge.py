"""Generated images judged by networks that had no part in their training, and shown to the eye.

    python -m benchmarks.judge --real=FOLDER --image_size=64 RUN_OR_FILE_OR_FOLDER... --out=DIR

Inputs are run directories or ``generator.keras`` files, ``.npz`` files with ``images``, and folders
of image files. Each is scored beside the real images in two feature spaces, random convolutions and
VGG16's, always with half as many images as there are real ones on either side, over five random
halves. Writes ``table.md``, ``judge.json`` and ``spectrum.png``, and for each input a folder with

    contact.png   64 images
    blind.png     16 real and 16 generated images in random order; blind_key.json tells them apart
    nearest.png   8 generated images, each with the nearest training image to its right

and ``real/contact.png`` to compare with. Needs VGG16's weights: see ``benchmarks.vgg_judge``.
"""

import pathlib
import time

import numpy as np
from absl import app, flags

from benchmarks.judge_inputs import names_of, read_images
from benchmarks.judge_scores import NUM_SPLITS, SCORES, all_scores, scores_table, split_halves
from benchmarks.sheets import blind_sheet, contact_sheet, nearest_sheet
from benchmarks.spectrum import draw_spectra, power_spectrum, spectrum_numbers
from benchmarks.threads import limit_threads
from benchmarks.vgg_judge import vgg_features
from tfgan_lab.data import from_folder
from tfgan_lab.files import write_atomically, write_json
from tfgan_lab.markdown import table_lines
from tfgan_lab.metrics import RandomEmbedding
from tfgan_lab.plots import png_bytes

FLAGS = flags.FLAGS
flags.DEFINE_string("real", None, "folder of the training images", required=True)
flags.DEFINE_string("out", None, "folder to write to", required=True)
flags.DEFINE_integer("image_size", 64, "height and width of all images", lower_bound=16)
flags.DEFINE_integer("seed", 0, "key of latents, halves and sheets", lower_bound=0)

BELOW_SCORES = (
    "Mean ± standard deviation over {splits} random splits of the {count} real images into halves; "
    "{half} images against {half} in every value. Diversity: median distance to the nearest other "
    "generated image, over the same of real ones. Copying: median distance to the nearest image of "
    "the half, over that of its images to each other; 'all' is the same with all real images, and "
    "shows copies, which the half misses where their originals are in the other. Low is good for "
    "Fréchet and KID; the others should be near the first row."
)
BELOW_SPECTRA = (
    "High frequencies: power of the upper half of the spectrum over that of the real ones, below 1 "
    "for blur. Grids: power at the frequencies of a grid of 2 or 4 pixels over that of the real "
    "images; in brackets, how many times the power of the frequencies about them."
)


def write_sheets(folder, reals, inputs, vectors):
    """Writes the sheets of every input.

    Args:
        folder: ``pathlib.Path``.
        reals: uint8 array of shape (n, size, size, 3).
        inputs: dict of a name to a uint8 array of shape (m, size, size, 3).
        vectors: dict of a name, or ``"real"``, to features.
    """
    write_atomically(folder / "real" / "contact.png", png_bytes(contact_sheet(reals)))
    for name, images in inputs.items():
        blind, key = blind_sheet(images, reals, FLAGS.seed)
        nearest = nearest_sheet(images, reals, vectors[name], vectors["real"])
        write_atomically(folder / name / "contact.png", png_bytes(contact_sheet(images)))
        write_atomically(folder / name / "blind.png", png_bytes(blind))
        write_atomically(folder / name / "nearest.png", png_bytes(nearest))
        write_json(folder / name / "blind_key.json", key)


def write_spectra(folder, reals, inputs) -> dict:
    """Draws the spectra.

    Args:
        folder: ``pathlib.Path``.
        reals: uint8 array of shape (n, size, size, 3).
        inputs: dict of a name to a uint8 array of shape (m, size, size, 3).

    Returns:
        Dict of ``"real"`` and the inputs' names to what ``spectrum_numbers`` says.
    """
    powers = {"real": power_spectrum(reals)}
    powers |= {name: power_spectrum(images) for name, images in inputs.items()}
    draw_spectra(powers).savefig(folder / "spectrum.png")
    return {name: spectrum_numbers(power, powers["real"]) for name, power in powers.items()}


def spectrum_lines(spectra) -> list:
    """A Markdown table of the spectra's numbers.

    Args:
        spectra: what ``write_spectra`` returned.
    """
    periods = [period for period in (2, 4) if f"grid_{period}_energy" in spectra["real"]]
    heads = ["images", "high frequencies", *(f"grid of {period} pixels" for period in periods)]
    rows = []
    for name, numbers in spectra.items():
        grids = [
            f"{numbers[f'grid_{period}_energy']:.3g} ({numbers[f'grid_{period}_prominence']:.3g})"
            for period in periods
        ]
        rows.append([name, f"{numbers['high_frequencies']:.3g}", *grids])
    return table_lines(heads, rows)


def as_json(rows) -> dict:
    """Scores with mean and standard deviation; ``None`` where a value is not finite.

    Args:
        rows: dict of a row's name to a dict of the names in ``SCORES`` to lists of floats.
    """

    def summary(values):
        numbers = {"mean": float(np.mean(values)), "sd": float(np.std(values))}
        finite = {name: value if np.isfinite(value) else None for name, value in numbers.items()}
        return finite | {"values": [value if np.isfinite(value) else None for value in values]}

    return {
        name: {score: summary(scores[score]) for score in SCORES} for name, scores in rows.items()
    }


def main(argv):
    """Judges all inputs and writes everything."""
    began = time.perf_counter()
    limit_threads()
    paths, folder = argv[1:], pathlib.Path(FLAGS.out)
    names = names_of(paths)
    vgg = vgg_features()  # First, so that missing weights are told of before all work.
    images = from_folder(FLAGS.real, image_size=FLAGS.image_size, augmentation=None).images
    # Shuffled, because folders are sorted: the first ones must be a fair sample.
    reals = images[np.random.default_rng(FLAGS.seed).permutation(len(images))]
    inputs = {
        name: read_images(path, len(reals), FLAGS.image_size, FLAGS.seed)
        for name, path in zip(names, paths, strict=True)
    }
    splits = split_halves(len(reals), NUM_SPLITS, FLAGS.seed)
    folder.mkdir(parents=True, exist_ok=True)
    lines, spaces = ["<!-- Written by benchmarks/judge.py. -->"], {}
    for features in (RandomEmbedding(reals), vgg):
        rows, vectors = all_scores(features, reals, inputs, splits, FLAGS.seed)
        spaces[features.name] = {"resizer": features.resizer, "rows": as_json(rows)}
        lines += ["", f"Features: {features.name}; resizer: {features.resizer}.", ""]
        lines += scores_table(rows)
    half = len(reals) // 2
    lines += ["", BELOW_SCORES.format(splits=NUM_SPLITS, count=len(reals), half=half), ""]
    write_sheets(folder, reals, inputs, vectors)  # The vectors are VGG's, which came last.
    spectra = write_spectra(folder, reals, inputs)
    lines += [*spectrum_lines(spectra), "", BELOW_SPECTRA]
    record = {
        "real": {"folder": FLAGS.real, "count": len(reals)},
        "image_size": FLAGS.image_size,
        "seed": FLAGS.seed,
        "half": half,
        "inputs": {
            name: {"path": path, "count": len(inputs[name])}
            for name, path in zip(names, paths, strict=True)
        },
        "features": spaces,
        "spectrum": spectra,
    }
    write_json(folder / "judge.json", record)
    write_atomically(folder / "table.md", ("\n".join(lines) + "\n").encode())
    print("\n".join(lines))
    print(f"\nWritten to {folder} in {time.perf_counter() - began:.0f} seconds.")


if __name__ == "__main__":
    app.run(main)
