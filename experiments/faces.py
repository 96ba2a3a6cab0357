"""Report R3: faces, by size, learning rate, number of images and epochs."""

import sys

from absl import flags

from experiments.comparison import chosen, comparison_folder
from tfgan_lab.command_line.flags import define_run_flags, settings_from_flags
from tfgan_lab.command_line.main import run_command
from tfgan_lab.command_line.verb_sweep import define_sweep_flags, seeds_from_flags
from tfgan_lab.runs.settings.validity import SOURCES, ConfigError

USAGE = """usage: python -m experiments.faces --data_dir=FOLDER --run_dir=FOLDER [--seeds=0,1,2]
       [--only=64,half,from-scratch] [--images=100k | --epochs=1000] [--processes=2]

Report R3: a GAN on 530 grey images of one person, at 32, 64 and 128 pixels (a transposed
convolution less, and more), with four learning rates, and on half of the images; with preset
from-scratch as one more run. All of them are one sweep, which resumes after a kill. Ends with the
report's figures 1 to 4 in RUN_DIR/figures and with RUN_DIR/faces.md: what each run reached,
which epoch was its best, whether it got worse after, seconds per epoch beside the report's, and
which of the report's findings hold.

--images is how many training images every run sees, mirrored ones counted: 100k, unless given, or
92 epochs of the report's 1000 on all images; --epochs=1000 is the report's budget. On two
processor cores with --processes=2 the default takes some two and a half hours a seed, --images=30k
three quarters of an hour; run 64 alone takes four hours of one core to the report's 1000 epochs."""


IMAGES = "100k"

# What the report varies, by a short name.
VARIANTS = {
    "64": {"image_size": 64, "generator_widths": (256, 128, 64, 32)},
    "half": {"subset": 0.5},
    "32": {"image_size": 32, "generator_widths": (256, 128, 64)},
    "128": {"image_size": 128, "generator_widths": (256, 128, 64, 32, 16)},
    "rate 0.0005": {"generator_learning_rate": 5e-4, "discriminator_learning_rate": 5e-4},
    "rate 0.002": {"generator_learning_rate": 2e-3, "discriminator_learning_rate": 2e-3},
    "rate 0.02": {"generator_learning_rate": 2e-2, "discriminator_learning_rate": 2e-2},
    "from-scratch": {"preset": "from-scratch", "image_size": 64, "channels": 1},
}


def define_flags(values):
    """The flags of a run, and those of the comparison."""
    define_run_flags(values)
    define_sweep_flags(values)
    flags.DEFINE_list(
        "only", [], f"which runs, out of {', '.join(VARIANTS)}; all unless given",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "evaluations", 20, "times that each run is measured while it trains", lower_bound=1,
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "num_fakes", 530, "generated images that it is measured on", lower_bound=16,
        flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Trains what has not been trained yet, draws the figures and writes the tables."""
    folder = comparison_folder(arguments, values)
    runs = plan(values)
    if values.dry_run:
        print("\n".join(f"{each}, in {each.config.run_dir}" for each in runs))
        print(f"{len(runs)} runs. Nothing was written.")
        return
    import tensorflow as tf

    from experiments.faces_figures import draw_figures
    from experiments.faces_findings import TrainFaces, write_tables
    from tfgan_lab.runs import run_sweep, write_sweep

    # Every run has a model of its own, which TensorFlow would call retracing.
    tf.get_logger().setLevel("ERROR")
    results = run_sweep(
        runs,
        TrainFaces(values.evaluations, values.num_fakes),
        processes=values.processes,
        retry_failed=values.retry_failed,
        overwrite=values.overwrite,
    )
    write_sweep(folder, results)
    text = write_tables(folder, results)
    draw_figures(folder, results)
    print(text)
    print(f"Done. Look at {folder}/faces.md and {folder}/figures")


def plan(values) -> list:
    """The runs of the comparison.

    Args:
        values: parsed flags.

    Returns:
        List of ``tfgan_lab.runs.SweepRun``.

    Raises:
        ConfigError: names of runs that are none, or a flag for what the report varies.
    """
    from tfgan_lab.runs import plan_sweep

    variants = {name: VARIANTS[name] for name in chosen(values, "only", VARIANTS)}
    varied = sorted({name for each in VARIANTS.values() for name in each})
    given = next((name for name in varied if values[name].present), None)
    if given:
        raise ConfigError(f"Expected no --{given}: the report varies it")
    settings = settings_from_flags(values, preset="r3", mirrored_copies=True, augment_flip=False)
    if not any(settings.get(source) for source in SOURCES):
        raise ConfigError("Expected --data_dir=FOLDER with images of faces. Received: none")
    if "epochs" not in settings and "images" not in settings:
        settings["images"] = IMAGES
    return plan_sweep(settings, [variants], seeds_from_flags(values))


if __name__ == "__main__":
    sys.exit(run_command("experiments.faces", sys.modules[__name__], sys.argv[1:]))
