"""Report R3's runs: trained and measured, and what the report judged by eye in numbers."""

import dataclasses
import pathlib

import numpy as np

from experiments.comparison import failed_lines, write_results
from experiments.epoch_sheets import scaled_epochs
from experiments.significance import finding_lines, verdict
from tfgan_lab import run_layout
from tfgan_lab.callbacks import Evaluate
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.data import from_source
from tfgan_lab.markdown import number, table_lines
from tfgan_lab.metrics import Evaluator, RandomEmbedding, read_evaluations
from tfgan_lab.randomness import Purpose, key
from tfgan_lab.reports.run_page import reported
from tfgan_lab.runs.reading.generation import open_generator
from tfgan_lab.runs.settings.named_source import open_source
from tfgan_lab.runs.sweep.sweep_results import summarise
from tfgan_lab.runs.training.latent_training import train
from tfgan_lab.runs.training.run_images import load_images

REFERENCE = "64"
SIZE = 64  # At which real images are what all runs are measured against.
EPOCHS = 1000  # The report's; its figure 2 shows some of them.
SHOWN = (100, 200, 400, 600, 800, 1000)

# The report's seconds per epoch, on its machine.
REPORTED_SECONDS = {"32": 0.1288, "64": 0.2000, "128": 1.046}
FRESH = 1_000_003  # Added to the seed: not the latents by which the best epoch was chosen.

# Readings of KID while training whose median is compared. From one epoch to the next a plain GAN's
# KID may be tenfold, so that a single reading says little of it.
WINDOW = 5

# The report's words; then the runs of which the first has the higher KID if they are true.
FINDINGS = [
    ("64 pixels do better than 32", "32", "64"),
    ("64 pixels do better than 128", "128", "64"),
    ("the larger set helps: half of it does worse", "half", "64"),
    ("a learning rate of 0.02 learns no face: worse than 0.0002", "rate 0.02", "64"),
    ("(not the report's) preset from-scratch does better", "64", "from-scratch"),
]


@dataclasses.dataclass(frozen=True)
class TrainFaces:
    """Trains a configuration, and measures it against all images of its source.

    Also a run on half of the images is measured against all of them, and one of 32 or 128 pixels
    against those of 64: distances of runs can only be compared to the same real images.

    Args:
        evaluations: int, times that it is measured while it trains.
        num_fakes: int, generated images of each time.
    """

    evaluations: int = 20
    num_fakes: int = 530

    def __call__(self, config) -> dict:
        """Returns measures of the last generator, and of the best by KID while training."""
        images, reference = load_images(config), reference_images(config)
        features = RandomEmbedding(reference.images)
        epochs = config.total_epochs(images.steps_per_epoch)
        images_of_epoch = images.steps_per_epoch * images.batch_size
        evaluate = Evaluate(
            config.run_dir,
            reference,
            max(1, round(epochs / self.evaluations)) * images_of_epoch,
            ("kid",),
            features,
            self.num_fakes,
        )
        with reported(config.run_dir):
            train(
                config,
                images=images,
                snapshot_epochs=[epoch for epoch, _ in scaled_epochs(SHOWN, EPOCHS, epochs)],
                callbacks=[evaluate],
            )
        metrics = ("kid", "coverage", "diversity")
        evaluator = Evaluator(reference.images, features, metrics, num_fakes=self.num_fakes)
        last = _measured(evaluator, config, run_layout.LAST_GENERATOR)
        best = _measured(evaluator, config, run_layout.GENERATOR)
        chosen = min(_readings(config.run_dir), key=lambda each: each["value"])
        return last | {
            "best_kid": best["kid"],
            "best_epoch": chosen["epoch"],
            "best_images": chosen["images"],
        }


def reference_images(config):
    """All images of a configuration's source and their mirrored copies, at 64 pixels.

    Args:
        config: ``RunConfig``.
    """
    source = open_source(config.to_dict())
    return from_source(source, image_size=SIZE, channels=config.channels).with_mirrored()


def judge(results, histories) -> list:
    """Holds the report's findings against KID towards the end of training, within each seed.

    Args:
        results: what ``run_sweep`` returned.
        histories: dict of (run's name, seed) to the values of KID while training, in their order.

    Returns:
        List of dicts, see ``significance.verdict``, with ``finding``.
    """
    kids = {run: towards_the_end(history) for run, history in histories.items()}
    failed = {(each["name"], each["seed"]) for each in results if each["status"] == "failed"}
    seeds = sorted({each["seed"] for each in results})
    answers = []
    for finding, worse, better in FINDINGS:
        answer = verdict([kids[worse, seed] - kids[better, seed] for seed in seeds
                          if (worse, seed) in kids and (better, seed) in kids])  # fmt: skip
        lost = len(failed & {(worse, seed) for seed in seeds})
        if lost:
            answer["verdict"] += f"; {lost} of {len(seeds)} runs {worse} failed"
        answers.append({"finding": finding} | answer)
    for name in (REFERENCE, "from-scratch"):
        mine = [histories[name, seed] for seed in seeds if (name, seed) in histories]
        finding = f"after its best epoch it gets worse (run {name})"
        answers.append({"finding": finding} | verdict(after_the_best(mine)))
    return answers


def towards_the_end(history) -> float:
    """Median of a run's last readings.

    Args:
        history: values of KID while training, in their order.
    """
    return float(np.median(history[-WINDOW:]))


def after_the_best(histories) -> list:
    """How much worse the end of a training is than its best time, fairly.

    The smallest of many readings is below the last one of any training, be it by chance alone. So
    a seed's best time is where the other seeds are best, and its readings there are compared to its
    last ones.

    Args:
        histories: list of arrays of KID while training, one a seed, in the order of training.

    Returns:
        List of floats, one a seed: the median of the last five readings minus that of the five
        about the others' best. Empty with fewer than two seeds or five readings.
    """
    length = min(map(len, histories), default=0)
    if len(histories) < 2 or length < WINDOW:
        return []
    cut = np.array([history[:length] for history in histories])
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(cut, WINDOW, axis=1), axis=-1)
    others = smooth.sum(axis=0) - smooth
    best = others.argmin(axis=1)
    return (smooth[:, -1] - smooth[np.arange(len(smooth)), best]).tolist()


def seconds_per_epoch(run_dir) -> float:
    """Median seconds of an epoch, so that evaluations and snapshots of single ones don't count.

    Args:
        run_dir: path of the run.
    """
    seconds = read_log(run_dir)["seconds"]
    return float(np.median(np.diff(seconds, prepend=0.0)))


def write_tables(folder, results) -> str:
    """Writes ``faces.md`` and ``faces.json``.

    Args:
        folder: path.
        results: what ``run_sweep`` returned.

    Returns:
        The text of ``faces.md``.
    """
    done = [each for each in results if each["status"] == "done"]
    histories = {(each["name"], each["seed"]): history(each["run_dir"])["kid"] for each in done}
    measured = [each | {"measures": each["measures"] | {
        "late_kid": towards_the_end(histories[each["name"], each["seed"]])}} for each in done
    ]  # fmt: skip
    heads = ["run", "KID towards the end", "at the end", "coverage", "diversity", "of the best",
             "best after"]  # fmt: skip
    shown = ("late_kid", "kid", "coverage", "diversity", "best_kid")
    rows = []
    for summary in summarise(measured):
        mean, spread = summary.means, summary.deviations
        cells = [number(mean[name], spread[name], digits=3) for name in shown]
        best = f"{mean['best_epoch']:.0f} epochs, {mean['best_images'] / 1000:.0f}k images"
        rows.append([summary.name, *cells, best])
    lines = table_lines(heads, rows)
    seeds = dict.fromkeys(str(each["seed"]) for each in results)
    lines.append(
        f"\nMeans ± standard deviations over seeds {', '.join(seeds)}. All runs are measured "
        f"against all images and their mirrored copies at {SIZE} pixels, in random features that "
        "see images at 32: what only larger ones show, they can't judge. Towards the end: the "
        f"median of the last {WINDOW} readings while training, for a single epoch may be far from "
        "the ones beside it. The best epoch was chosen by KID while training; its KID here is of "
        "fresh latents."
    )
    lines += failed_lines(results)
    seconds = {}
    for each in done:
        seconds.setdefault(each["name"], []).append(seconds_per_epoch(each["run_dir"]))
    lines += ["", *_time_lines({name: float(np.mean(each)) for name, each in seconds.items()})]
    answers = judge(results, histories)
    lines += ["", *finding_lines(answers)]
    lines.append(
        "\nDifferences of KID towards the end within a seed, in the direction in which the finding "
        "would make them positive, ± their standard error; a finding holds, or not, at 95 % by "
        "Student's t. A run's best epoch is, for this, where the other seeds' KID while training "
        "is lowest."
    )
    record = {"runs": results, "findings": answers, "seconds_per_epoch": seconds}
    return write_results(folder, "faces", lines, record)


def _measured(evaluator, config, file):
    generator = open_generator(pathlib.Path(config.run_dir) / file)

    def sample(count, index):
        drawn = key(config.seed + FRESH, 0, Purpose.SAMPLES, index + 1)
        return generator.generate(generator.latents.sample(count, drawn))

    return {each.metric: each.value for each in evaluator.evaluate(sample)}


def _readings(run_dir):
    """KID while training; what ``tfgan-lab evaluate`` wrote of the same run is none of it."""
    return [each for each in read_evaluations(run_dir) if each.get("during_training")
            and each["metric"] == "kid" and each["value"] is not None]  # fmt: skip


def history(run_dir) -> dict:
    """KID while training, over training images.

    Args:
        run_dir: path of the run.

    Returns:
        Dict of ``images`` and ``kid`` to float arrays.
    """
    entries = _readings(run_dir)
    return {name: np.array([each[key] for each in entries], float)
            for name, key in (("images", "images"), ("kid", "value"))}  # fmt: skip


def _time_lines(seconds):
    heads = ["size", "seconds per epoch", "to 64", "the report's seconds", "to 64"]
    rows = []
    for size, theirs in REPORTED_SECONDS.items():
        if size in seconds:
            ratio = f"{seconds[size] / seconds['64']:.2f}" if "64" in seconds else "–"
            their_ratio = f"{theirs / REPORTED_SECONDS['64']:.2f}"
            rows.append([size, f"{seconds[size]:.3g}", ratio, theirs, their_ratio])
    return table_lines(heads, rows) + [
        "\nMedians over epochs of all images and their mirrored copies, on this machine and with "
        "whatever else ran on it; the report names neither its machine nor its batch."
    ]
