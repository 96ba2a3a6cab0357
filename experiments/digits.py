"""Report R4's networks: a DCGAN of digits, and its version with classes."""

import dataclasses
import pathlib
import sys

from absl import flags

from experiments.comparison import by_metric, chosen, comparison_folder, described, write_results
from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import run_command
from tfgan_lab.markdown import number, table_lines
from tfgan_lab.runs.settings.validity import ConfigError

USAGE = """usage: python -m experiments.digits --data_dir=FOLDER --run_dir=FOLDER [--epochs=50]
       [--maps]

Report R4: a DCGAN of digits in RUN_DIR/dcgan, then the same with classes in RUN_DIR/conditional,
each with an image of 16 fixed latents after every epoch (image_at_epoch_0001.png and so on), a
checkpoint every 15 epochs, the time of every epoch, and the trained generator in generator.keras.
Ends with a table in RUN_DIR/digits.md: how far the digits are from real ones, and how many of them
are what their label says.

--data_dir is a folder with MNIST's four files; without it the data set is downloaded through
TensorFlow Datasets. The report's 50 epochs of 60000 images take some 150 minutes of one core's
time for the DCGAN and 210 with classes; --epochs=10 a fifth of that, after which 97 % of the digits
are classified as the class they were conditioned on. --maps adds class activation maps: which
region makes a digit a seven, in real digits and in generated ones."""

PARTS = {"dcgan": "r4", "conditional": "r4-conditional"}
SIDE = 4  # 16 fixed latents
NUM_FAKES = 5000  # generated digits to evaluate


def define_flags(values):
    """The flags of a run, and which of the two to train."""
    define_run_flags(values)
    flags.DEFINE_list("parts", list(PARTS), "which to train", flag_values=values)
    flags.DEFINE_bool("maps", False, "draw which region makes a digit what it is",
                      flag_values=values)  # fmt: skip


def run(arguments, values):
    """Trains both networks, evaluates them, and writes the table."""
    folder = comparison_folder(arguments, values)
    parts = chosen(values, "parts", PARTS)
    if values["conditional"].present or values["preset"].present:
        raise ConfigError(
            "Expected --parts=conditional or dcgan to choose between the two networks. Received: "
            "--conditional or --preset"
        )
    configs = {part: _config(values, part, folder) for part in parts}
    if described(values, configs.values()):
        return
    rows = {part: train_and_measure(config, values.overwrite) for part, config in configs.items()}
    text = write_results(folder, "digits", lines_of(rows), rows)
    if values.maps:
        draw_maps(folder, configs)
    print(text)


def _config(values, part, folder):
    config = config_from_flags(values, preset=PARTS[part], tfds_name="mnist")
    return dataclasses.replace(config, run_dir=str(folder / part))


def train_and_measure(config, overwrite=False) -> dict:
    """Trains one network, and measures it in features of a classifier of the digits.

    Args:
        config: ``RunConfig``.
        overwrite: whether to start over.

    Returns:
        Dict with ``evaluations`` (dicts as in ``metrics.json``) and ``seconds`` of an epoch.
    """
    from experiments.epochs import EpochImages, EpochTimes
    from tfgan_lab.callbacks.csv_log import read_log
    from tfgan_lab.reports.figures import draw_evaluation
    from tfgan_lab.reports.run_page import reported
    from tfgan_lab.runs import Request, open_run, train

    print(f"{config.preset}, in {config.run_dir}.")
    with reported(config.run_dir):
        train(
            config,
            overwrite=overwrite,
            callbacks=[EpochImages(config.run_dir, SIDE), EpochTimes()],
        )
        draw_figures(config)
        request = Request("labels", metrics=("kid", "fid", "inception_score"), num_fakes=NUM_FAKES)
        run = open_run(config.run_dir)
        evaluations = run.evaluate(request)
        print(run.describe_evaluation(evaluations))
        draw_evaluation(run)
    log = read_log(config.run_dir)
    seconds = float(log["seconds"][-1]) / len(log["seconds"])
    return {"evaluations": [each.to_dict() for each in evaluations], "seconds": seconds}


def draw_figures(config):
    """Writes some of the images of 16 latents over the epochs, and all of them as an animation.

    Args:
        config: the run's ``RunConfig``.
    """
    import numpy as np

    from experiments.epoch_sheets import read_sheet
    from tfgan_lab.files import write_atomically
    from tfgan_lab.plots import gif_bytes, image_grid
    from tfgan_lab.reports.figures import FigureFolder

    run = pathlib.Path(config.run_dir)
    sheets = {int(path.stem.removeprefix("image_at_epoch_")): read_sheet(path)
              for path in sorted((run / "epochs").glob("image_at_epoch_*.png"))}  # fmt: skip
    if not sheets:
        print(f"Note: there are no images of epochs in {run}: it was trained in another way.")
        return
    figures = FigureFolder(run)
    epochs = list(sheets)
    shown = [epochs[place] for place in
             np.unique(np.linspace(0, len(epochs) - 1, 8).round().astype(int))]  # fmt: skip
    figures.add(
        f"fig_{run.name}_epochs",
        image_grid(
            np.stack([sheets[epoch] for epoch in shown]),
            columns=4,
            labels=[f"epoch {epoch}" for epoch in shown],
            inches=2,
        ),
        "Images of the same 16 latents over the epochs"
        + (", in the classes 0 to 9 and 0 to 5." if config.conditional else "."),
    )
    figures.write_index()
    write_atomically(run / "epochs.gif", gif_bytes(np.stack(list(sheets.values()))))


def draw_maps(folder, configs):
    """Draws which region is evidence for the class of digits, real ones and generated ones.

    Args:
        folder: path, which gets ``figures``.
        configs: dict of a part's name to its ``RunConfig``, trained.
    """
    import numpy as np

    from experiments.class_maps import draw_class_maps
    from tfgan_lab.reports import write_gallery
    from tfgan_lab.reports.figures import FigureFolder
    from tfgan_lab.runs import load_images
    from tfgan_lab.runs.reading.generation import draw_latents, open_generator

    images = load_images(next(iter(configs.values())))
    fakes = labels = None
    if "conditional" in configs:
        generator = open_generator(folder / "conditional")
        labels = np.unique(images.labels)
        fakes = generator.generate(draw_latents(generator.latents, len(labels)), labels)
    figures = FigureFolder(folder)
    accuracy = draw_class_maps(figures, images, fakes, labels)
    figures.write_index()
    print(f"Maps of a classifier that is right on {accuracy:.1%}: {write_gallery(folder)}")


def lines_of(rows) -> list:
    """The table of both networks, in Markdown.

    Args:
        rows: dict of a part's name to what ``train_and_measure`` returned.
    """
    heads = ["network", "class accuracy", "of real digits", "KID", "KID of real against real",
             "FID", "IS", "seconds an epoch"]  # fmt: skip
    table = []
    for part, row in rows.items():
        ours, baselines = by_metric(row), by_metric(row, "real_baseline")
        accuracies = ours.get("class_accuracy"), baselines.get("class_accuracy")
        distances = ours["kid"], baselines["kid"], ours["fid"], ours["inception_score"]
        table.append([part, *map(number, (*accuracies, *distances, row["seconds"]))])
    features = next(iter(rows.values()))["evaluations"][0]["protocol"]["features"]
    return table_lines(heads, table) + [
        f"\nFeatures: {features}. They are not those of published distances."
    ]


if __name__ == "__main__":
    sys.exit(run_command("experiments.digits", sys.modules[__name__], sys.argv[1:]))
