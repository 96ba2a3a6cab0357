"""Report R2: cars, with kernels of three sizes, or with classes."""

import dataclasses
import pathlib
import sys

from absl import flags

from experiments.cars_conditional import WIDTHS_256, run_conditional
from experiments.comparison import (
    available_request,
    by_metric,
    comparison_folder,
    define_measure_flags,
    described,
    numbers,
    write_results,
)
from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import run_command
from tfgan_lab.markdown import number, table_lines
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: python -m experiments.cars --data_dir=FOLDER --run_dir=FOLDER [--kernel_sizes=4,6]

Report R2: a GAN on images of cars with convolutions of kernel 4, 6 and 8, one run each in
RUN_DIR/kernel_4 and so on. Ends with losses by iteration, grids of 5x5 images every 100
iterations, and a table of FID and Inception Score beside the report's in RUN_DIR/cars.md. Without
--data_dir it draws plates. --loss=least_squares is the report's mean squared error,
--real_label=0.9 its label smoothing, --image_size=256 its larger size. Where Inception's weights
can't be downloaded and no --weights are given, distances are of random features, and the table says
so.

--conditional is the report's network with eight classes, beside preset small-data with classes
and the same number of training images; classes are subfolders of --data_dir, or else drawn
vehicles. Ends with class accuracies and distances in RUN_DIR/conditional.md, and with the same
latents in every class as a figure. --images=200k unless given: for both networks some 50 minutes of
one core's time at --image_size=32, and 150 at 64."""


# The report's FID, Inception Score and words on the losses, by kernel size.
REPORTED = {
    4: (153.289, 2.855, "G about 4, D below 0.1"),
    6: (148.915, 2.942, "G about 5, rising, D about 0.1"),
    8: (152.953, 2.413, "G oscillates and rises, D about 0.1"),
}

SHOWN_GRIDS = 6
LAST = 100  # iterations whose mean losses are in the table


def define_flags(values):
    """The flags of a run, and those of the evaluation."""
    define_run_flags(values)
    flags.DEFINE_list("kernel_sizes", ["4", "6", "8"], "which to train", flag_values=values)
    flags.DEFINE_integer(
        "grid_every", 100, "iterations between grids", lower_bound=1, flag_values=values
    )
    define_measure_flags(values, features="inception")


def run(arguments, values):
    """Trains one network a kernel size, evaluates each, and writes the table."""
    folder = comparison_folder(arguments, values)
    if values.conditional:
        if values["kernel_sizes"].present or values["grid_every"].present:
            raise ConfigError(
                "Expected neither --kernel_sizes nor --grid_every with --conditional, where they "
                "would have no effect"
            )
        run_conditional(values)
        return
    configs = {kernel: _config(values, kernel, folder)
               for kernel in numbers(values, "kernel_sizes", 1, 15)}  # fmt: skip
    if described(values, configs.values()):
        return
    request = available_request(values)  # Before hours of training, not after.
    rows = {
        kernel: train_and_measure(config, request, values) for kernel, config in configs.items()
    }
    print(write_results(folder, "cars", lines_of(rows), rows))
    print(f"Done. Look at {folder}/cars.md and at report.html of every kernel size")


def _config(values, kernel, folder):
    refuse_without_effect(values, ["kernel_size"], "--kernel_sizes")
    widths = WIDTHS_256 if values.image_size == 256 else {}
    config = config_from_flags(values, preset="r2", drawn="plates", **widths)
    return dataclasses.replace(config, kernel_size=kernel, run_dir=str(folder / f"kernel_{kernel}"))


def train_and_measure(config, request, values) -> dict:
    """Trains a network, measures it, and draws its figures.

    Args:
        config: ``RunConfig``.
        request: what to measure, a ``tfgan_lab.runs.Request``.
        values: parsed flags.

    Returns:
        Dict with ``losses`` (generator's, discriminator's) and ``evaluations`` (dicts as in
        ``metrics.json``).
    """
    from experiments.iterations import IterationGrids, IterationLosses, read_iterations
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import open_run, train

    print(f"Kernel {config.kernel_size}, in {config.run_dir}.")
    with reported(config.run_dir):
        train(
            config,
            overwrite=values.overwrite,
            callbacks=[
                IterationLosses(config.run_dir),
                IterationGrids(config.run_dir, values.grid_every),
            ],
        )
        losses = read_iterations(config.run_dir)
        evaluations = open_run(config.run_dir).evaluate(request)
        last = [float(losses[f"{role}_loss"][-LAST:].mean())
                for role in ("generator", "discriminator")]  # fmt: skip
        row = {"losses": last, "evaluations": [each.to_dict() for each in evaluations]}
        draw_figures(config, losses, beside_reported(config.kernel_size, row))
    return row


def lines_of(rows) -> list:
    """The table of all kernel sizes beside the report's, in Markdown.

    Args:
        rows: dict of kernel size to what ``train_and_measure`` returned.
    """
    heads = ["kernel", "FID", "IS", "KID", "losses G, D", "report: FID", "IS", "losses"]
    table = []
    for kernel, row in rows.items():
        measured = by_metric(row)
        ours = [number(measured.get(name)) for name in ("fid", "inception_score", "kid")]
        losses = ", ".join(f"{loss:.3g}" for loss in row["losses"])
        table.append([kernel, *ours, losses, *REPORTED.get(kernel, ("", "", ""))])
    entry = next(iter(rows.values()))["evaluations"][0]
    lines = table_lines(heads, table)
    lines.append(
        f"\nFeatures: {entry['protocol']['features']}, {entry['protocol']['resizer']}; "
        f"{entry['counts']['real']} real and {entry['counts']['fake']} generated images. Losses "
        f"are means of the last {LAST} iterations. FID of real against real: "
        f"{number(entry['real_baseline'])}."
    )
    if not entry["protocol"]["features"].startswith("inception-2015-12-05"):
        lines.append(
            "\nThe features are not those of published FIDs: don't compare these numbers with the "
            "report's."
        )
    return lines


def beside_reported(kernel, row) -> list:
    """The report's numbers of a kernel size beside ours, as a table for the run's page.

    Args:
        kernel: int.
        row: what ``train_and_measure`` returned.

    Returns:
        List of lists of str, heads first; empty for a kernel size that the report has not.
    """
    if kernel not in REPORTED:
        return []
    measured, (fid, score, losses) = by_metric(row), REPORTED[kernel]
    features = row["evaluations"][0]["protocol"]["features"]
    generator, discriminator = row["losses"]
    return [
        ["", "report", f"ours, by {features}"],
        ["FID", str(fid), number(measured.get("fid"))],
        ["Inception Score", str(score), number(measured.get("inception_score"))],
        ["losses", losses, f"G {generator:.3g}, D {discriminator:.3g}"],
    ]


def draw_figures(config, losses, table=()):
    """Writes the run's loss curves and some of its grids, and their index.

    Args:
        config: the run's ``RunConfig``.
        losses: what ``iterations.read_iterations`` returned.
        table: what ``beside_reported`` returned, which stands under the curves.
    """
    import numpy as np

    from experiments.epoch_sheets import read_sheet
    from tfgan_lab.plots import image_grid, loss_curves
    from tfgan_lab.reports.figures import FigureFolder

    figures, kernel = FigureFolder(config.run_dir), config.kernel_size
    figures.add(
        f"fig_losses_kernel_{kernel}",
        loss_curves(losses, by="step"),
        f"Losses by iteration with kernel {kernel}.",
        table,
    )
    paths = sorted((pathlib.Path(config.run_dir) / "snapshots").glob("step_*.png"))
    chosen = np.linspace(0, len(paths) - 1, min(SHOWN_GRIDS, len(paths))).round().astype(int)
    for path in [paths[index] for index in chosen]:
        step = int(path.stem.removeprefix("step_"))
        figures.add(
            f"fig_grid_kernel_{kernel}_step_{step:06d}",
            image_grid(read_sheet(path)[np.newaxis], columns=1, inches=4),
            f"25 images after {step} iterations with kernel {kernel}.",
        )
    figures.write_index()


if __name__ == "__main__":
    sys.exit(run_command("experiments.cars", sys.modules[__name__], sys.argv[1:]))
