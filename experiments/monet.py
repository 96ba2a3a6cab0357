"""Report R1: paintings, and how the distribution of the noise matters."""

import pathlib
import sys

from absl import flags

from experiments.comparison import (
    comparison_folder,
    define_measure_flags,
    described,
    first_seeds,
    numbers,
)
from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.flags import (
    config_from_flags,
    define_run_flags,
    settings_from_flags,
)
from tfgan_lab.command_line.main import run_command
from tfgan_lab.command_line.verb_sweep import define_sweep_flags, seeds_from_flags
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: python -m experiments.monet --data_dir=FOLDER --run_dir=FOLDER [--seeds=0,1,2]

Report R1: DCGAN on 300 paintings (any folder, .npz, idx or TFRecord; drawn plates without
--data_dir) from noise of seven distributions, one run for each and for each seed, in
RUN_DIR/DISTRIBUTION/seed_0 and so on, all of the same budget: the report's 400 iterations unless
--images, --epochs or --iterations say otherwise. All of them are one sweep, which resumes after a
kill. Ends with the report's figures 1 to 5 and 7 to 16
in RUN_DIR/figures, and with a table in RUN_DIR/monet.md that says which of the report's findings
hold. --explore_only stops after figures 1 to 5."""


ITERATIONS = 400  # The report's, for each distribution.

# The report's figures of images and of losses, by distribution; its second number of a normal
# distribution is the variance, ours the standard deviation.
FIGURES = {
    "uniform(-1, 1)": ("U(-1, 1)", 7, 10),
    "normal(0, 1)": ("N(0, 1)", 8, 11),
    "gamma(2, 1)": ("Gamma(2, 1)", 9, 12),
    "normal(-1, 1)": ("N(-1, 1)", 13, None),
    "normal(1, 1)": ("N(1, 1)", 14, None),
    "normal(0, 0.1)": ("N(0, 0.01)", 15, None),
    "normal(0, 10)": ("N(0, 100)", 16, None),
}


def define_flags(values):
    """The flags of a run, and those of the comparison."""
    define_run_flags(values)
    define_sweep_flags(values)
    define_measure_flags(values, features="random", num_fakes=600)
    flags.DEFINE_list(
        "distributions", [], "numbers 1 to 7 of those to compare, in the order of the report's "
        "figures; all unless given", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "iterations", None, f"training steps of each run; {ITERATIONS} in the report",
        lower_bound=1, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_bool("explore_only", False, "draw figures 1 to 5 alone", flag_values=values)


def run(arguments, values):
    """Explores the images, trains what is missing, draws the figures and writes the table."""
    folder = comparison_folder(arguments, values)
    runs = plan(values)
    if described(values, [each.config for each in runs]):
        return
    import tensorflow as tf

    from experiments.monet_findings import TrainPaintings, write_table
    from tfgan_lab.reports import write_gallery
    from tfgan_lab.reports.figures import FigureFolder
    from tfgan_lab.runs import Request, run_sweep

    figures = FigureFolder(folder)
    explore(runs[0].config, figures)
    if not values.explore_only:
        # Every run has a model of its own, which TensorFlow would call retracing.
        tf.get_logger().setLevel("ERROR")
        metrics = ("kid", "coverage", "diversity")
        results = run_sweep(
            runs,
            TrainPaintings(Request(values.features, values.weights, metrics, values.num_fakes)),
            processes=values.processes,
            retry_failed=values.retry_failed,
            overwrite=values.overwrite,
        )
        draw_figures(results, figures)
        print(write_table(folder, results, values.features))
    figures.write_index()
    page = write_gallery(folder)
    print(f"Done. Look at {page}" + ("" if values.explore_only else f" and {folder}/monet.md"))


def plan(values) -> list:
    """The runs of the comparison, by distribution and then by seed.

    Args:
        values: parsed flags.

    Returns:
        List of ``tfgan_lab.runs.SweepRun``.

    Raises:
        ConfigError: seeds or distributions that are none, or two budgets.
    """
    from tfgan_lab.runs import plan_sweep

    names = list(FIGURES)
    if values.distributions:
        names = [names[each - 1] for each in numbers(values, "distributions", 1, len(names))]
    refuse_without_effect(values, ["latent_distribution"], "--distributions, numbers of the report")
    seeds, defaults = seeds_from_flags(values), {"preset": "r1", "drawn": "plates"}
    settings = settings_from_flags(values, **defaults)
    if not {"images", "epochs"} & settings.keys():
        batch_size = config_from_flags(values, **defaults).batch_size
        settings["images"] = str((values.iterations or ITERATIONS) * batch_size)
    elif values.iterations is not None:
        raise ConfigError("Expected --iterations, --images or --epochs, one of them")
    return plan_sweep(settings, [{name: {"latent_distribution": name} for name in names}], seeds)


def explore(config, figures):
    """Adds figures 1 to 5.

    Args:
        config: ``RunConfig`` whose images are meant.
        figures: ``FigureFolder``.
    """
    from tfgan_lab.data import Statistics, inspect_source
    from tfgan_lab.reports.source_figures import add_exploration
    from tfgan_lab.runs.settings.named_source import open_source

    try:
        source = open_source(config.to_dict())
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    statistics = Statistics(config.image_size)
    inspect_source(source, image_size=config.image_size, statistics=statistics)
    if not len(statistics):
        raise ConfigError(f"Expected images in {source}. Received: none that can be used")
    add_exploration(figures, source, statistics)


def draw_figures(results, figures):
    """Adds figures 7 to 16: images of every distribution, and losses of the first three.

    Args:
        results: what ``run_sweep`` returned; of each distribution the first seed is shown.
        figures: ``FigureFolder``.
    """
    from experiments.iterations import read_iterations
    from tfgan_lab.plots import image_grid, loss_curves
    from tfgan_lab.runs.reading.generation import draw_latents, open_generator

    drawn = []
    for name, each in first_seeds(results).items():
        symbol, images_number, losses_number = FIGURES[name]
        run_dir, seed = pathlib.Path(each["run_dir"]), each["seed"]
        generator = open_generator(run_dir)
        images = generator.generate(draw_latents(generator.latents, 24, seed))
        losses, slug = read_iterations(run_dir), run_dir.parent.name
        steps = int(losses["step"][-1])
        caption = f"images from noise {symbol} after {steps} iterations, seed {seed}."
        figure = image_grid(images, columns=8, inches=0.9)
        drawn.append((images_number, f"images_{slug}", figure, caption))
        if losses_number:
            caption = f"losses by iteration with noise {symbol}, seed {seed}."
            figure = loss_curves(losses, by="step")
            drawn.append((losses_number, f"losses_{slug}", figure, caption))
    for number, name, figure, caption in sorted(drawn, key=lambda each: each[0]):
        figures.add(f"fig_{number:02d}_{name}", figure, f"Figure {number}: {caption}")


if __name__ == "__main__":
    sys.exit(run_command("experiments.monet", sys.modules[__name__], sys.argv[1:]))
