"""The verb ``sweep``: runs that differ in some settings, and what came out of each."""

import dataclasses
import shlex

from absl import flags

from tfgan_lab.command_line.arguments import only_flags
from tfgan_lab.command_line.flags import defaults_in_words, define_run_flags, settings_from_flags
from tfgan_lab.console import suggest

USAGE = """usage: tfgan-lab sweep --vary=NAME=VALUE,VALUE [--vary=...] --run_dir=FOLDER
       [--seeds=0,1,2] [--processes=2] [--flags of train]

Trains a run for every combination of what is varied and for every seed, in RUN_DIR/LABELS/seed_0
and so on, measures each, and writes the table RUN_DIR/sweep.md: means and spreads over the seeds.
The same command resumes a sweep that was stopped or killed. Runs that fail are kept and named;
--retry_failed tries them once more. 'tensorboard --logdir=RUN_DIR' shows the table as HParams.

  --vary=kernel_size=4,6,8                one setting
  --vary=beta_1+beta_2=0.5,0.9            the same value for both
  --vary=generator_widths=64x32,128x64    lists, their numbers joined by x
  --variants=FILE                         JSON: {"small": {"image_size": 32, ...}, ...}"""
defaults = defaults_in_words


@dataclasses.dataclass(frozen=True)
class ReportedRun:
    """Trains and measures a run, and writes its page.

    Args:
        work: what trains and measures.
    """

    work: object

    def __call__(self, config) -> dict:
        """See ``TrainAndMeasure``."""
        from tfgan_lab.reports.run_page import reported

        with reported(config.run_dir):
            return self.work(config)


def define_flags(values):
    """The flags of a run, and those of a sweep."""
    define_run_flags(values)
    flags.DEFINE_multi_string(
        "vary", [], "NAME=VALUE,VALUE; several make a grid", flag_values=values
    )
    flags.DEFINE_string(
        "variants", "", "JSON file of label to settings that vary together", flag_values=values
    )
    flags.DEFINE_string(
        "features", "random", "what distances are taken in, see tfgan-lab evaluate",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_string("weights", "", "file of an Inception's weights", flag_values=values)
    flags.DEFINE_list(
        "metrics", ["kid", "coverage", "diversity"], "which, separated by commas",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "num_fakes", 0, "generated images that each run is measured on; as many as real ones "
        "unless given", lower_bound=0, flag_values=values,
    )  # fmt: skip
    define_sweep_flags(values)


def define_sweep_flags(values):
    """Defines what everything that sweeps takes.

    Args:
        values: where to define them.
    """
    flags.DEFINE_list("seeds", ["0"], "one run of each combination for each", flag_values=values)
    flags.DEFINE_integer(
        "processes", 1, "runs at the same time, each in a process of its own from 2 on",
        lower_bound=1, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_bool("retry_failed", False, "try once more what failed", flag_values=values)


def seeds_from_flags(values) -> list:
    """The seeds given, as ints.

    Args:
        values: parsed flags.

    Raises:
        ConfigError: they are none, or ``--seed`` was given.
    """
    from tfgan_lab.runs.settings.validity import ConfigError

    if values.seed is not None:
        raise ConfigError("Expected --seeds instead of --seed, such as --seeds=0,1,2")
    try:
        seeds = [int(text) for text in values.seeds]
    except ValueError:
        seeds = []
    if not seeds or min(seeds) < 0:
        raise ConfigError(
            "Expected --seeds as whole numbers from 0, separated by commas. "
            f"Received: {','.join(values.seeds)}"
        )
    return seeds


def run(arguments, values):
    """Sweeps, or says what it would do."""
    from tfgan_lab.runs.settings.validity import ConfigError
    from tfgan_lab.runs.sweep.sweep_axes import parse_axis, read_axis
    from tfgan_lab.runs.sweep.sweeping import plan_sweep, run_sweep

    only_flags(arguments)
    axes = [parse_axis(text) for text in values.vary]
    axes += [read_axis(values.variants)] if values.variants else []
    seeds = seeds_from_flags(values)
    if not axes and len(seeds) < 2:
        raise ConfigError("Expected --vary, --variants or several --seeds. Received: one run only")
    runs = plan_sweep(settings_from_flags(values), axes, seeds)
    if values.dry_run:
        print("\n".join(f"{each}, in {each.config.run_dir}" for each in runs))
        print(f"{len(runs)} runs. Nothing was written.")
        return
    import tensorflow as tf

    from tfgan_lab.reports.comparison_page import write_comparison
    from tfgan_lab.runs.reading.run_evaluation import Request
    from tfgan_lab.runs.sweep.sweep_results import IMAGES, write_sweep
    from tfgan_lab.runs.sweep.sweep_worker import TrainAndMeasure

    # Every run has a model of its own, which TensorFlow would call retracing.
    tf.get_logger().setLevel("ERROR")
    metrics = tuple(values.metrics)
    request = Request(values.features, values.weights, metrics, values.num_fakes)
    results = run_sweep(
        runs,
        ReportedRun(TrainAndMeasure(request)),
        processes=values.processes,
        retry_failed=values.retry_failed,
        overwrite=values.overwrite,
    )
    others = [name for name in runs[0].varied if name in IMAGES]
    table = write_sweep(
        values.run_dir,
        results,
        [f"runs that differ in {' and '.join(others)} are measured against different images: "
         "their values can't be compared."] if others else [],
    )  # fmt: skip
    print(table.read_text())
    first = {}
    for result in results:
        if result["status"] == "done":
            first.setdefault(result["name"], result["run_dir"])
    if len(first) > 1:
        page = write_comparison(list(first.values()), f"{values.run_dir}/comparison")
        print(f"The runs of the first seed side by side: {page}")
    print(f"Done. Look at {table}")
    suggest(f"tensorboard --logdir={shlex.quote(values.run_dir)}")
