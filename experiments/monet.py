"""Report R1: paintings, and how the distribution of the noise matters."""

import dataclasses
import re
import sys

from absl import flags

from experiments.comparison import comparison_folder, described
from tfgan_lab.command_line.arguments import refuse_without_effect
from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import run_command

USAGE = """usage: python -m experiments.monet --data_dir=FOLDER --run_dir=FOLDER [--seeds=0,1,2]

Report R1: DCGAN on 300 paintings (any folder, .npz, idx or TFRecord; drawn plates without
--data_dir) from noise of seven distributions, one run for each and for each seed, in
RUN_DIR/DISTRIBUTION/seed_0 and so on, all of the same budget: the report's 400 iterations unless
--images, --epochs or --iterations say otherwise. Ends with the report's figures 1 to 5 and 7 to 16
in RUN_DIR/figures, and with a table in RUN_DIR/monet.md that says which of the report's findings
hold. --explore_only stops after figures 1 to 5."""

NEEDS_TENSORFLOW = True

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


@dataclasses.dataclass(frozen=True)
class Cell:
    """A run of the comparison.

    Args:
        distribution: name of the noise, a key of ``FIGURES``.
        seed: int.
        config: the run's ``RunConfig``.
    """

    distribution: str
    seed: int
    config: object


def define_flags(values):
    """The flags of a run, and those of the comparison."""
    define_run_flags(values)
    flags.DEFINE_list("seeds", ["0"], "one run of each distribution for each", flag_values=values)
    flags.DEFINE_list(
        "distributions", [], "numbers 1 to 7 of those to compare, in the order of the report's "
        "figures; all unless given", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "iterations", None, f"training steps of each run; {ITERATIONS} in the report",
        lower_bound=1, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string(
        "features", "random", "what KID, coverage and diversity are taken in, see tfgan-lab "
        "evaluate", flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string("weights", "", "file of an Inception's weights", flag_values=values)
    flags.DEFINE_integer(
        "num_fakes", 600, "generated images that each run is measured on", lower_bound=16,
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_bool("explore_only", False, "draw figures 1 to 5 alone", flag_values=values)


def run(arguments, values):
    """Explores the images, trains every cell, draws the figures and writes the table."""
    folder = comparison_folder(arguments, values)
    cells = plan(values, folder)
    if described(values, [cell.config for cell in cells]):
        return
    import tensorflow as tf

    from experiments.monet_findings import write_table
    from tfgan_lab.reports import write_gallery
    from tfgan_lab.reports.figures import FigureFolder
    from tfgan_lab.runs.training.run_images import load_images

    figures = FigureFolder(folder)
    explore(cells[0].config, figures)
    if not values.explore_only:
        # Every run has a model of its own, which TensorFlow would call retracing.
        tf.get_logger().setLevel("ERROR")
        images = load_images(cells[0].config)
        rows = [train_and_measure(cell, images, values) for cell in cells]
        draw_figures(cells, figures)
        write_table(folder, rows, values.features)
        print((folder / "monet.md").read_text())
    figures.write_index()
    page = write_gallery(folder)
    print(f"Done. Look at {page}" + ("" if values.explore_only else f" and {folder}/monet.md"))


def plan(values, folder):
    """The cells of the comparison, by distribution and then by seed.

    Args:
        values: parsed flags.
        folder: path of all runs.

    Returns:
        List of ``Cell``.

    Raises:
        ConfigError: seeds or distributions that are none.
    """
    from tfgan_lab.runs.settings.run_config import ConfigError

    names = list(FIGURES)
    seeds = _whole(values.seeds, "seeds", 0, 2**31 - 1)
    numbers = _whole(values.distributions or range(1, 8), "distributions", 1, len(names))
    base = config_from_flags(values, preset="r1", drawn="plates")
    if values.seed is not None:
        raise ConfigError("Expected --seeds instead of --seed, such as --seeds=0,1,2")
    refuse_without_effect(values, ["latent_distribution"], "--distributions, numbers of the report")
    budget = {"images": base.images, "epochs": base.epochs}
    given = values["images"].present or values["epochs"].present
    if values.iterations is not None and given:
        raise ConfigError("Expected --iterations, --images or --epochs, one of them")
    if not given:
        budget["images"] = str((values.iterations or ITERATIONS) * base.batch_size)
    cells = []
    for name in [names[number - 1] for number in numbers]:
        for seed in seeds:
            place = folder / _file_name(name) / f"seed_{seed}"
            settings = base.to_dict() | budget
            settings |= {"latent_distribution": name, "seed": seed, "run_dir": str(place)}
            cells.append(Cell(name, seed, type(base)(**settings)))
    return cells


def explore(config, figures):
    """Adds figures 1 to 5.

    Args:
        config: ``RunConfig`` whose images are meant.
        figures: ``FigureFolder``.
    """
    from tfgan_lab.data import Statistics, inspect_source
    from tfgan_lab.reports.source_figures import add_exploration
    from tfgan_lab.runs.settings.named_source import open_source
    from tfgan_lab.runs.settings.run_config import ConfigError

    try:
        source = open_source(config.to_dict())
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    statistics = Statistics(config.image_size)
    inspect_source(source, image_size=config.image_size, statistics=statistics)
    if not len(statistics):
        raise ConfigError(f"Expected images in {source}. Received: none that can be used")
    add_exploration(figures, source, statistics)


def train_and_measure(cell, images, values):
    """Trains a cell, or resumes it, and measures its generator.

    Args:
        cell: ``Cell``.
        images: what the first cell's configuration reads; seeds change their order alone.
        values: parsed flags.

    Returns:
        Dict of ``distribution``, ``seed`` and the measures by name.
    """
    from experiments.iterations import IterationLosses
    from experiments.monet_findings import measure
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import Request, open_run
    from tfgan_lab.runs.training.latent_training import train
    from tfgan_lab.runs.training.run_images import load_images

    config = cell.config
    print(f"{cell.distribution}, seed {cell.seed}, in {config.run_dir}.")
    if cell.seed != images.seed:
        images = load_images(config)  # Drawn ones depend on the seed, and so does the order.
    with reported(config.run_dir):
        train(
            config,
            images=images,
            overwrite=values.overwrite,
            callbacks=[IterationLosses(config.run_dir)],
        )
        request = Request(
            values.features, values.weights, ("kid", "coverage", "diversity"), values.num_fakes
        )
        evaluations = open_run(config.run_dir).evaluate(request)
    numbers = {each.metric: float(each.value) for each in evaluations}
    numbers |= measure(config, images, values.num_fakes)
    return {"distribution": cell.distribution, "seed": cell.seed} | numbers


def draw_figures(cells, figures):
    """Adds figures 7 to 16: images of every distribution, and losses of the first three.

    Args:
        cells: list of ``Cell``, trained; of each distribution the first is shown.
        figures: ``FigureFolder``.
    """
    from experiments.iterations import read_iterations
    from tfgan_lab.plots import image_grid, loss_curves
    from tfgan_lab.runs.reading.generation import draw_latents, open_generator

    first = {}
    for cell in cells:
        first.setdefault(cell.distribution, cell)
    drawn = []
    for name, cell in first.items():
        symbol, images_number, losses_number = FIGURES[name]
        generator = open_generator(cell.config.run_dir)
        images = generator.generate(draw_latents(generator.latents, 24, cell.seed))
        losses = read_iterations(cell.config.run_dir)
        steps = int(losses["step"][-1])
        slug = _file_name(name)
        caption = f"images from noise {symbol} after {steps} iterations, seed {cell.seed}."
        figure = image_grid(images, columns=8, inches=0.9)
        drawn.append((images_number, f"images_{slug}", figure, caption))
        if losses_number:
            caption = f"losses by iteration with noise {symbol}, seed {cell.seed}."
            figure = loss_curves(losses, by="step")
            drawn.append((losses_number, f"losses_{slug}", figure, caption))
    for number, name, figure, caption in sorted(drawn, key=lambda each: each[0]):
        figures.add(f"fig_{number:02d}_{name}", figure, f"Figure {number}: {caption}")


def _file_name(distribution):
    return re.sub(r"[^\w.-]+", "_", distribution).strip("_")


def _whole(texts, name, low, high):
    from tfgan_lab.runs.settings.run_config import ConfigError

    try:
        numbers = [int(text) for text in texts]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < low or max(numbers) > high:
        raise ConfigError(
            f"Expected --{name} as whole numbers from {low} to {high}, separated by commas. "
            f"Received: {','.join(map(str, texts))}"
        )
    return list(dict.fromkeys(numbers))


if __name__ == "__main__":
    sys.exit(run_command("experiments.monet", sys.modules[__name__], sys.argv[1:]))
