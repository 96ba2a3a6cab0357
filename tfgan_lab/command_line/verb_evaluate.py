"""The verb ``evaluate``: how good a run's generator is, with the protocol of every value."""

import pathlib
import shlex

from absl import flags

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run, refuse_without_effect
from tfgan_lab.console import progress, suggest

USAGE = """usage: tfgan-lab evaluate RUN_DIR [--features=random] [--metrics=kid,fid] [--flags]

Measures the released generator of a run against the images it was trained on, prints a table and
adds it to RUN_DIR/metrics.json and to TensorBoard. Without --features it needs no download, and its
values compare only with others of the same images. --features=inception takes the network of
published FIDs, whose weights are downloaded once or read from --weights; --features=lite0 takes one
whose weights are installed. Of a run with classes it
also measures whether images are what their label says (--noclasses leaves it out). Of a
translator's run it says for every direction what experiments.translation says."""

NEEDS_TENSORFLOW = True

_GENERATOR_ONLY = (
    "metrics", "num_fakes", "held_out_dir", "last", "classes", "seed", "time_limit"
)  # fmt: skip


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_string(
        "features",
        "random",
        "random, inception, keras_inception, lite0, labels, or the path of a .keras model",
        flag_values=values,
    )
    flags.DEFINE_string("weights", "", "file of an Inception's weights", flag_values=values)
    flags.DEFINE_list(
        "metrics", [], "which, separated by commas; all unless given", flag_values=values
    )
    flags.DEFINE_integer(
        "num_fakes",
        0,
        "generated images; as many as real ones unless given",
        lower_bound=0,
        flag_values=values,
    )
    flags.DEFINE_string(
        "held_out_dir",
        "",
        "folder of real images that were not trained on, to tell copies by",
        flag_values=values,
    )
    flags.DEFINE_bool(
        "last",
        False,
        f"take {run_layout.LAST_GENERATOR}: with --evaluate_every a run may release an earlier one",
        flag_values=values,
    )
    flags.DEFINE_bool(
        "classes", None, "measure every class, too; where there are classes unless given",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer("seed", 0, "key of the latents", lower_bound=0, flag_values=values)
    flags.DEFINE_float(
        "time_limit", 0.0, "seconds after which to give up; 0 for never", flag_values=values
    )


def run(arguments, values):
    """Prints the table."""
    from tfgan_lab.runs import is_translation
    from tfgan_lab.runs.reading.run_evaluation import Request, evaluate_run

    run_dir = only_run(arguments)
    if is_translation(run_dir):
        _evaluate_translation(run_dir, values)
        return
    request = Request(
        features=values.features,
        weights=values.weights,
        metrics=tuple(values.metrics),
        num_fakes=values.num_fakes,
        held_out_dir=values.held_out_dir,
        generator=run_layout.LAST_GENERATOR if values.last else run_layout.GENERATOR,
        seed=values.seed,
        time_limit=values.time_limit,
        classes=values.classes,
    )
    with progress("Evaluating") as update:
        evaluations = evaluate_run(run_dir, request, update)
    print(table(evaluations))
    if any(each.metric == "class_accuracy" for each in evaluations):
        from tfgan_lab.reports.class_figures import draw_classes

        print(draw_classes(run_dir))
    print(f"Added to {pathlib.Path(run_dir) / run_layout.METRICS}")
    suggest(f"tfgan-lab report {shlex.quote(run_dir)}")


def _evaluate_translation(run_dir, values):
    from tfgan_lab.reports import write_measures

    why = "no more than --features and --weights with a translator, which has measures of its own"
    refuse_without_effect(values, _GENERATOR_ONLY, why)
    print(write_measures(run_dir, features=values.features, weights=values.weights))
    suggest(f"tfgan-lab report {shlex.quote(run_dir)}")


def table(evaluations) -> str:
    """The values side by side, then what they were taken with and what they can't say.

    Args:
        evaluations: list of ``tfgan_lab.metrics.Evaluation``, all of one call.
    """
    lines = [f"{'metric':<20}{'value':>12}{'± error':>11}{'real against real':>19}  good is"]
    for each in evaluations:
        error = "" if each.standard_error is None else f"{each.standard_error:.2g}"
        baseline = "" if each.real_baseline is None else f"{each.real_baseline:.4g}"
        lines.append(
            f"{each.metric:<20}{each.value:>12.5g}{error:>11}{baseline:>19}  {each.better}"
        )
    first = evaluations[0]
    lines.append(
        f"\nFeatures: {first.protocol['features']}, resizer: {first.protocol['resizer']}; "
        f"{first.counts['real']} real and {first.counts['fake']} generated images; real against "
        f"real: {' and '.join(map(str, first.counts['real_baseline']))}."
    )
    warnings = dict.fromkeys(warning for each in evaluations for warning in each.warnings)
    return "\n".join([*lines, *(f"Note: {warning}" for warning in warnings)])
