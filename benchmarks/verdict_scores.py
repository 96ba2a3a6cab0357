"""How trainings of known outcomes were judged: what was said of each, and whether in time."""

import typing

from tfgan_lab.diagnosis import judge
from tfgan_lab.diagnosis.failures import FAILURES
from tfgan_lab.markdown import table_lines

IN_TIME = 0.2  # of a training's length after the onset
CHOOSING = 4  # The first seeds, which thresholds may be chosen by; later ones only tell.
_FIRST = f"0 to {CHOOSING - 1}"


class Score(typing.NamedTuple):
    """What was said of a run.

    Attributes:
        said: name of the first failure, or ``"healthy"``.
        is_right: whether that is so, and was said in time.
        images: training images when it was said; the last reading's where nothing was.
    """

    said: str
    is_right: bool
    images: int


def latest(run, readings) -> float:
    """Training images by which a failing run must have been named.

    Args:
        run: a ``benchmarks.known_runs.Run``.
        readings: of that run.
    """
    return (run.onset + IN_TIME) * readings[-1]["images"] / run.until


def score(run, readings, failures=FAILURES) -> Score:
    """How a run was judged.

    Args:
        run: a ``benchmarks.known_runs.Run``.
        readings: of that run.
        failures: the table to judge by.

    Returns:
        A ``Score``: of a failing run the first failure that was said, in time where it came within
        a fifth of the training after the onset; of a healthy one any failure that was said at all.
    """
    for end in range(1, len(readings) + 1):
        verdict = judge(readings[:end], failures)
        if verdict.is_failure:
            images = readings[end - 1]["images"]
            in_time = images <= latest(run, readings)
            return Score(verdict.name, verdict.name in run.outcomes and in_time, int(images))
    return Score("healthy", run.is_healthy, int(readings[-1]["images"]))


def confusion(runs, scores, moved) -> list:
    """Markdown: what was wrong against what was said, shares, and what would be chosen instead.

    Args:
        runs: dict of name to ``benchmarks.known_runs.Run``.
        scores: dict of a run's name to the list, by seed, of its ``Score``.
        moved: dict of (failure, signal) to (threshold in use, threshold the first seeds prefer).

    Returns:
        List of lines.
    """
    seeds = range(max(map(len, scores.values())))
    rows = []
    for name, results in scores.items():
        said = [_said(result) for result in results] + [""] * (len(seeds) - len(results))
        right = sum(result.is_right for result in results)
        rows.append([name, _plain(runs[name].outcomes), *said, f"{right} of {len(results)}"])
    heads = ["training", "right are", *(f"seed {seed}" for seed in seeds), "right"]
    lines, rows = table_lines(heads, rows), []
    parts = {f"{_FIRST}, which chose": slice(CHOOSING), "later ones": slice(CHOOSING, None)}
    for part, chosen in parts.items():
        counts = [
            [result.is_right for name in scores if healthy == runs[name].is_healthy
             for result in scores[name][chosen]]
            for healthy in (False, True)
        ]  # fmt: skip
        if any(counts):
            rows.append([part, *(f"{sum(each)} of {len(each)}" if each else "" for each in counts)])
    heads = ["seeds", "failing, named right and in time", "healthy, without a false alarm"]
    lines += ["", *table_lines(heads, rows)]
    for (failure, signal), (old, new) in moved.items():
        lines += ["", f"Seeds {_FIRST} would move {signal} of {failure} from {old:g} to {new:g}."]
    return lines


def _said(result):
    late = "" if result.is_right else " (wrong, or late)"
    when = "" if result.said == "healthy" else f" at {result.images:,}"
    return _plain([result.said]) + when + late


def _plain(names):
    return ", ".join(name.replace("_", " ") for name in names)
