"""The verb ``evaluate``: how good a run's generator is, with the protocol of every value."""

import dataclasses
import shlex

from tfgan_lab import run_layout
from tfgan_lab.command_line.arguments import only_run
from tfgan_lab.command_line.shared_flags import define_flag
from tfgan_lab.console import progress, suggest

USAGE = """usage: tfgan-lab evaluate RUN_DIR [--features=random] [--metrics=kid,fid] [--flags]

Measures the released generator of a run against the images it was trained on, prints a table and
adds it to RUN_DIR/metrics.json and to TensorBoard. Without --features it needs no download, and its
values compare only with others of the same images. --features=inception takes the network of
published FIDs, whose weights are downloaded once or read from --weights; --features=lite0 takes one
whose weights are installed. Of a run with classes it
also measures whether images are what their label says (--noclasses leaves it out). Of a
translator's run it says for every direction what experiments.translation says."""


def define_flags(values):
    """Defines the verb's flags: the fields of a ``Request``."""
    define_flag(
        values, "features", "random",
        "random, inception, keras_inception, lite0, labels, or the path of a .keras model",
    )  # fmt: skip
    define_flag(values, "weights", "", "file of an Inception's weights")
    define_flag(values, "metrics", [], "which, separated by commas; all unless given")
    define_flag(
        values, "num_fakes", 0, "generated images; as many as real ones unless given", low=0
    )
    define_flag(
        values, "held_out_dir", "",
        "folder of real images that were not trained on, to tell copies by",
    )  # fmt: skip
    define_flag(
        values, "last", False,
        f"take {run_layout.LAST_GENERATOR}: with --evaluate_every a run may release an earlier one",
    )  # fmt: skip
    define_flag(
        values, "classes", bool, "measure every class, too; where there are classes unless given"
    )
    define_flag(values, "seed", 0, "key of the latents", low=0)


def run(arguments, values):
    """Prints the tables."""
    from tfgan_lab.reports import draw_evaluation
    from tfgan_lab.runs import Request, open_run

    run = open_run(only_run(arguments))
    given = {field.name: values[field.name].value for field in dataclasses.fields(Request)}
    request = Request(**given | {"metrics": tuple(values.metrics)})
    with progress("Evaluating", unit=run.EVALUATION_UNIT) as update:
        evaluated = run.evaluate(request, update)
    print(run.describe_evaluation(evaluated))
    draw_evaluation(run)
    suggest(f"tfgan-lab report {shlex.quote(str(run.path))}")
