"""Whether a difference between runs is more than chance, over seeds."""

import math

import numpy as np

from tfgan_lab.markdown import table_lines

FEWEST_SEEDS = 3


def verdict(differences) -> dict:
    """Judges differences of which a finding says that they are positive.

    Args:
        differences: list of floats, one for each seed.

    Returns:
        Dict of ``difference`` (their mean), ``standard_error`` and ``verdict``: whether the finding
        holds at 95 % by Student's t on both sides; values that can't be told are ``None``.
    """
    count = len(differences)
    mean = float(np.mean(differences)) if count else math.nan
    error = float(np.std(differences, ddof=1) / math.sqrt(count)) if count > 1 else math.nan
    if count < FEWEST_SEEDS:
        words = f"can't be told from {count} seed{'' if count == 1 else 's'}"
    elif abs(mean) <= _quantile(count) * error:
        words = "not significant"
    else:
        words = "holds" if mean > 0 else "does not hold: the other way round"
    return {
        "difference": None if math.isnan(mean) else mean,
        "standard_error": None if math.isnan(error) else error,
        "verdict": words,
    }


def finding_lines(answers) -> list:
    """The table of findings in Markdown.

    Args:
        answers: list of dicts of ``finding`` and what ``verdict`` returns.
    """
    rows = []
    for answer in answers:
        difference = "–" if answer["difference"] is None else f"{answer['difference']:+.3g}"
        if answer["standard_error"] is not None:
            difference += f" ± {answer['standard_error']:.2g}"
        rows.append([answer["finding"], difference, answer["verdict"]])
    return table_lines(["the report found", "difference", "here"], rows)


def _quantile(count):
    """Of Student's t for 95 % on both sides: three seeds need much more than two errors."""
    table = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
    return table.get(count - 1, 2.0 + 2.4 / (count - 1))
