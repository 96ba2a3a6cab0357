"""Report R1's runs: trained and measured, and its findings checked against the numbers."""

import dataclasses

import numpy as np

from experiments.comparison import failed_lines, write_results
from experiments.iterations import IterationLosses
from experiments.significance import finding_lines, verdict
from tfgan_lab.markdown import number, table_lines
from tfgan_lab.reports.run_page import reported
from tfgan_lab.runs import Request, load_images, open_run, train
from tfgan_lab.runs.reading.generation import draw_latents, open_generator
from tfgan_lab.runs.sweep.sweep_results import summarise
from tfgan_lab.runs.sweep.sweep_worker import modes_found

COLUMNS = {
    "kid": "KID",
    "coverage": "coverage",
    "diversity": "diversity",
    "sharpness": "sharpness",
    "modes": "modes",
}

WITHIN = ("uniform(-1, 1)", "normal(0, 1)", "normal(0, 0.1)")
SHIFTED = ("gamma(2, 1)", "normal(-1, 1)", "normal(1, 1)")
OUTSIDE = (*SHIFTED, "normal(0, 10)")

# The report's words; then a measure and two groups of which the first's is lower if they are true.
FINDINGS = [
    ("symmetric noise with most of its mass in (-1, 1) does best: a lower KID", "kid",
     WITHIN, OUTSIDE),
    # After so few iterations tints still jump, and KID with them; coverage less.
    ("the same noise does best: more coverage", "coverage", OUTSIDE, WITHIN),
    ("gamma noise gives repeated images: less diversity", "diversity",
     ("gamma(2, 1)",), WITHIN[:2]),
    ("shifted means give repeated images: less diversity", "diversity",
     SHIFTED[1:], WITHIN[:2]),
    ("a large variance blurs: less sharpness than N(0, 1)", "sharpness",
     ("normal(0, 10)",), ("normal(0, 1)",)),
]  # fmt: skip


@dataclasses.dataclass(frozen=True)
class TrainPaintings:
    """Trains a configuration, and measures its generator.

    Args:
        request: ``Request``, what to measure and how.
    """

    request: Request

    def __call__(self, config) -> dict:
        """Returns the measures asked for, ``sharpness`` and, of drawn plates, ``modes``."""
        images, count = load_images(config), self.request.num_fakes
        with reported(config.run_dir):
            train(config, images=images, callbacks=[IterationLosses(config.run_dir)])
            evaluations = open_run(config.run_dir).evaluate(self.request)
        generator = open_generator(config.run_dir)
        fakes = generator.generate(draw_latents(generator.latents, count, config.seed))
        return (
            {each.metric: each.value for each in evaluations}
            | {"sharpness": sharpness(fakes) / sharpness(images.sample(count))}
            | modes_found(config, count)
        )


def sharpness(images) -> float:
    """Mean absolute difference of neighbouring means of 2x2 pixels.

    Of means, so that the checkerboard of transposed convolutions does not count for sharp.

    Args:
        images: float array of shape (n, height, width, channels), sides even and from 4.

    Example:
        >>> board = (np.indices((4, 4)).sum(axis=0) % 2)[None, ..., None]
        >>> sharpness(board), sharpness(board.repeat(2, axis=1).repeat(2, axis=2))
        (0.0, 1.0)
    """
    quarters = [images[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    means = np.mean(quarters, axis=0)
    down, right = np.abs(np.diff(means, axis=1)), np.abs(np.diff(means, axis=2))
    return float((down.mean() + right.mean()) / 2)


def judge(rows) -> list:
    """Holds every finding against the numbers.

    For each seed the mean of one group of distributions is taken from that of the other; the
    differences of the seeds tell how sure their mean is.

    Args:
        rows: list of dicts of ``distribution``, ``seed`` and the measures by name.

    Returns:
        List of dicts with ``finding``, ``measure``, ``difference`` (what should be higher less
        what should be lower), ``standard_error`` and ``verdict``.
    """
    answers = []
    for finding, name, lower, higher in FINDINGS:
        values = {(row["distribution"], row["seed"]): row[name] for row in rows if name in row}
        differences = []
        for seed in sorted({seed for _, seed in values}):
            groups = [[values.get((each, seed)) for each in group] for group in (lower, higher)]
            if not any(value is None for group in groups for value in group):
                differences.append(float(np.mean(groups[1]) - np.mean(groups[0])))
        answers.append({"finding": finding, "measure": name} | verdict(differences))
    answers.append(_judge_variance(rows))
    return answers


def _judge_variance(rows):
    """What moves KID more: a variance of 0.01 or 100 instead of 1, or a mean of -1 or 1."""
    values = {(row["distribution"], row["seed"]): row["kid"] for row in rows}
    wanted = ("normal(0, 1)", "normal(0, 0.1)", "normal(0, 10)", "normal(-1, 1)", "normal(1, 1)")
    differences = []
    for seed in sorted({seed for _, seed in values}):
        each = [values.get((name, seed)) for name in wanted]
        if None not in each:
            usual, *others = each
            changes = np.abs(np.array(others) - usual)
            differences.append(float(changes[2:].mean() - changes[:2].mean()))
    finding = "the variance matters less than the mean: KID changes less"
    return {"finding": finding, "measure": "kid"} | verdict(differences)


def write_table(folder, results, features) -> str:
    """Writes ``monet.md`` and ``monet.json``.

    Args:
        folder: path.
        results: what ``run_sweep`` returned.
        features: str, what KID, coverage and diversity were taken in.

    Returns:
        The text of ``monet.md``.
    """
    rows = [{"distribution": each["name"], "seed": each["seed"]} | each["measures"]
            for each in results if each["status"] == "done"]  # fmt: skip
    summaries = summarise(results)
    names = [name for name in COLUMNS if any(name in each.means for each in summaries)]
    table = [
        [each.name, *(number(each.means.get(name), each.deviations.get(name), digits=3)
                      for name in names)]
        for each in summaries
    ]  # fmt: skip
    lines = table_lines(["noise", *(COLUMNS[name] for name in names)], table)
    seeds = {each["seed"] for each in results}
    lines.append(
        f"\nMeans and standard deviations over {len(seeds)} "
        f"seed{'' if len(seeds) == 1 else 's'}. The second number of a normal distribution is its "
        f"standard deviation: normal(0, 10) is the report's N(0, 100). KID, coverage and diversity "
        f"in {features} features; diversity and sharpness are 1 for images as varied and as "
        "sharp as the real ones, and coarse noise counts for sharp."
    )
    answers = judge(rows)
    lines += [*failed_lines(results), "", *finding_lines(answers)]
    lines.append(
        "\nDifferences are taken within a seed, in the direction in which the finding would make "
        "them positive, ± their standard error; a finding holds, or not, at 95 % by Student's t."
    )
    record = {"rows": rows, "findings": answers, "features": features}
    return write_results(folder, "monet", lines, record)
