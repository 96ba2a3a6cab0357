"""Report R2: cars, with kernels of three sizes, or with classes."""

import pathlib
import sys

from absl import flags

from experiments.cars_conditional import WIDTHS_256
from experiments.comparison import available_features, comparison_folder, described
from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import run_command

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

NEEDS_TENSORFLOW = True

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
    flags.DEFINE_string(
        "features", "inception", "what distances are taken in, see tfgan-lab evaluate",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string("weights", "", "file of an Inception's weights", flag_values=values)
    flags.DEFINE_integer(
        "num_fakes", 0, "generated images to evaluate; as many as real ones unless given",
        lower_bound=0, flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Trains one network a kernel size, evaluates each, and writes the table."""
    from tfgan_lab.runs.settings.run_config import ConfigError

    folder = comparison_folder(arguments, values)
    if values.conditional:
        from experiments.cars_conditional import run_conditional

        if values["kernel_sizes"].present or values["grid_every"].present:
            raise ConfigError(
                "Expected neither --kernel_sizes nor --grid_every with --conditional, where they "
                "would have no effect"
            )
        run_conditional(values)
        return
    configs = {kernel: _config(values, kernel, folder) for kernel in _kernels(values)}
    if described(values, configs.values()):
        return
    # Before hours of training, not after.
    features = available_features(values.features, values.weights)
    rows = {
        kernel: _train_and_measure(config, features, values) for kernel, config in configs.items()
    }
    write_table(folder, rows)
    print((folder / "cars.md").read_text())
    print(f"Done. Look at {folder}/cars.md and at report.html of every kernel size")


def write_table(folder, rows):
    """Writes ``cars.md`` and ``cars.json``.

    Args:
        folder: path.
        rows: dict of kernel size to dict with ``losses`` (generator's, discriminator's) and
            ``evaluations`` (dicts as in ``metrics.json``).
    """
    from tfgan_lab.files import write_atomically, write_json

    lines = [
        "| kernel | FID | IS | KID | losses G, D | report: FID | IS | losses |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kernel, row in rows.items():
        values = {entry["metric"]: entry["value"] for entry in row["evaluations"]}
        ours = [_shown(values.get(name)) for name in ("fid", "inception_score", "kid")]
        losses = ", ".join(f"{loss:.3g}" for loss in row["losses"])
        theirs = [str(item) for item in REPORTED.get(kernel, ("", "", ""))]
        lines.append(f"| {' | '.join([str(kernel), *ours, losses, *theirs])} |")
    entry = next(iter(rows.values()))["evaluations"][0]
    lines.append(
        f"\nFeatures: {entry['protocol']['features']}, {entry['protocol']['resizer']}; "
        f"{entry['counts']['real']} real and {entry['counts']['fake']} generated images. Losses "
        f"are means of the last {LAST} iterations. FID of real against real: "
        f"{_shown(entry['real_baseline'])}."
    )
    if not entry["protocol"]["features"].startswith("inception-2015-12-05"):
        lines.append(
            "\nThe features are not those of published FIDs: don't compare these numbers with the "
            "report's."
        )
    write_atomically(folder / "cars.md", ("\n".join(lines) + "\n").encode())
    write_json(folder / "cars.json", {str(kernel): row for kernel, row in rows.items()})


def _kernels(values):
    from tfgan_lab.runs.settings.run_config import ConfigError

    try:
        return [int(text) for text in values.kernel_sizes]
    except ValueError:
        raise ConfigError(
            "Expected --kernel_sizes as whole numbers, separated by commas. "
            f"Received: {','.join(values.kernel_sizes)}"
        ) from None


def _config(values, kernel, folder):
    refuse_without_effect(values, ["kernel_size"], "--kernel_sizes")
    defaults = {"preset": "r2", "drawn": "plates"}
    if values.image_size == 256:
        defaults |= WIDTHS_256
    config = config_from_flags(values, **defaults)
    settings = config.to_dict() | {
        "kernel_size": kernel,
        "run_dir": str(folder / f"kernel_{kernel}"),
    }
    return type(config)(**settings)


def _train_and_measure(config, features, values):
    from experiments.iterations import IterationGrids, IterationLosses, read_iterations
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import Request, open_run
    from tfgan_lab.runs.training.latent_training import train

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
        metrics = ("fid", "kid") if features == "random" else ("fid", "inception_score", "kid")
        request = Request(features, values.weights, metrics, values.num_fakes)
        evaluations = open_run(config.run_dir).evaluate(request)
        last = [float(losses[f"{role}_loss"][-LAST:].mean())
                for role in ("generator", "discriminator")]  # fmt: skip
        row = {"losses": last, "evaluations": [each.to_dict() for each in evaluations]}
        draw_figures(config, losses, beside_reported(config.kernel_size, row))
    return row


def beside_reported(kernel, row) -> list:
    """The report's numbers of a kernel size beside ours, as a table for the run's page.

    Args:
        kernel: int.
        row: as a row of ``write_table``.

    Returns:
        List of lists of str, heads first; empty for a kernel size that the report has not.
    """
    if kernel not in REPORTED:
        return []
    values = {entry["metric"]: entry["value"] for entry in row["evaluations"]}
    theirs = [str(item) for item in REPORTED[kernel]]
    features = row["evaluations"][0]["protocol"]["features"]
    generator, discriminator = row["losses"]
    return [
        ["", "report", f"ours, by {features}"],
        ["FID", theirs[0], _shown(values.get("fid"))],
        ["Inception Score", theirs[1], _shown(values.get("inception_score"))],
        ["losses", theirs[2], f"G {generator:.3g}, D {discriminator:.3g}"],
    ]


def draw_figures(config, losses, table=()):
    """Writes the run's loss curves and some of its grids, and their index.

    Args:
        config: the run's ``RunConfig``.
        losses: what ``iterations.read_iterations`` returned.
        table: what ``beside_reported`` returned, which stands under the curves.
    """
    import numpy as np
    from PIL import Image

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
        with Image.open(path) as grid:
            sheet = np.atleast_3d(np.asarray(grid))
        figures.add(
            f"fig_grid_kernel_{kernel}_step_{step:06d}",
            image_grid(sheet[np.newaxis], columns=1, inches=4),
            f"25 images after {step} iterations with kernel {kernel}.",
        )
    figures.write_index()


def _shown(value):
    return "–" if value is None else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(run_command("experiments.cars", sys.modules[__name__], sys.argv[1:]))
