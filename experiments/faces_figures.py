"""Report R3's figures: sizes, learning rates, half of the images, and images over the epochs."""

import pathlib

from experiments.comparison import first_seeds
from experiments.epoch_sheets import scaled_epochs, sheet_near
from experiments.faces_findings import EPOCHS, REFERENCE, SHOWN, SIZE, history
from tfgan_lab import run_layout
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.plots import compared_curves, image_rows, untile_images
from tfgan_lab.reports.figures import FigureFolder
from tfgan_lab.runs.reading.generation import draw_latents, open_generator

SHOWN_IMAGES = 8

# Runs side by side, by the figure's name.
GROUPS = {
    "fig_01_full_and_half": (["64", "half"], "Figure 1: trained on all images, on half"),
    "fig_03_sizes": (["32", "64", "128"], "Figure 3: images of 32, 64 and 128 pixels"),
    "fig_04_learning_rates": (
        ["64", "rate 0.0005", "rate 0.002", "rate 0.02"],
        "Figure 4: learning rates 0.0002 (run 64), 0.0005, 0.002 and 0.02",
    ),
}


def draw_figures(folder, results) -> None:
    """Draws the report's figures 1 to 4 from the runs of the first seed, and curves of KID.

    Args:
        folder: path, which gets ``figures``.
        results: what ``run_sweep`` returned.
    """
    first, figures = first_seeds(results), FigureFolder(folder)
    seed = next(iter(first.values()))["seed"] if first else 0
    drawn = {}
    for name, (names, caption) in GROUPS.items():
        rows = {each: _last_images(first[each]) for each in names if each in first}
        if len(rows) > 1:
            if "from-scratch" in first:
                rows["from-scratch"] = _last_images(first["from-scratch"])
            below = "below, where it was trained, preset from-scratch"
            drawn[name] = image_rows(rows), f"{caption}, at the end, seed {seed}; {below}."
    for place, name in (("02", REFERENCE), ("02b", "from-scratch")):
        if name in first:
            rows = _images_over_epochs(first[name])
            caption = f"Figure {place[1:]}: the same latents over the epochs of run {name}"
            drawn[f"fig_{place}_epochs_{name}"] = (image_rows(rows), f"{caption}, seed {seed}.")
    for name in sorted(drawn):
        figures.add(name, *drawn[name])
    histories = {name: history(each["run_dir"]) for name, each in first.items()}
    if histories:
        figures.add(
            "kid_while_training",
            compared_curves(histories, ["kid"]),
            "KID against all images while training, over training images.",
        )
    figures.write_index()


def _last_images(result):
    generator = open_generator(pathlib.Path(result["run_dir"]) / run_layout.LAST_GENERATOR)
    return generator.generate(draw_latents(generator.latents, SHOWN_IMAGES, result["seed"]))


def _images_over_epochs(result):
    """Rows of the snapshots at the report's epochs, cut out of their sheets."""
    run_dir, rows = result["run_dir"], {}
    epochs = int(read_log(run_dir)["epoch"][-1])
    for wanted, theirs in scaled_epochs(SHOWN, EPOCHS, epochs):
        epoch, sheet = sheet_near(run_dir, wanted)
        images = untile_images(sheet, SIZE, SIZE, SHOWN_IMAGES)
        rows[f"epoch {epoch}\n(report: {theirs})"] = images
    return rows
