"""Whether an export does what the generator does: looked at from a fresh process."""

import json
import os
import pathlib
import subprocess
import sys

from tfgan_lab import run_layout
from tfgan_lab.files import read_json
from tfgan_lab.runs.export import runtimes
from tfgan_lab.runs.export.checksums import check_sums
from tfgan_lab.runs.export.formats import FORMATS

TOLERANCE = 1e-3  # An eighth of one of the 256 steps of an image file, which is 2 / 255.


def compare_in_a_fresh_process(folder, format, tolerance=TOLERANCE) -> dict:
    """Runs an export's examples with its own runtime alone, and compares image by image.

    Args:
        folder: path of the export.
        format: name of the format.
        tolerance: float from 0, greatest difference of any value in [-1, 1].

    Returns:
        Dict of ``runtime``, ``images``, ``greatest_difference`` and ``tolerance``.

    Raises:
        ValueError: it can't be opened or run, or some image differs by more.
    """
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    # -P: or the modules beside the program could be taken for others of the same name.
    command = [sys.executable, "-P", runtimes.__file__, str(folder), format]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    title = FORMATS[format].title
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]
        raise ValueError(
            f"Expected an export that {title}'s runtime can run. Received, from {folder}: {reason}"
        )
    found = json.loads(done.stdout.splitlines()[-1])
    for batch, difference in found["differences"].items():
        # Negated, so that NaN is refused too.
        if not difference <= tolerance:
            raise ValueError(
                f"Expected images that differ from the generator's by at most {tolerance:g}. "
                f"Received: {difference:.3g} in batch {batch} of {title}"
            )
    return {
        "runtime": found["runtime"],
        "images": found["images"],
        "greatest_difference": max(found["differences"].values()),
        "tolerance": tolerance,
    }


def verify_export(folder) -> dict:
    """Checks an export again, wherever it was taken: its checksums, then its examples.

    Args:
        folder: path of the export.

    Returns:
        See ``compare_in_a_fresh_process``.

    Raises:
        ValueError: no export, a file that is missing or was changed, or images that differ.
        ImportError: the format's runtime is not installed.
    """
    folder = pathlib.Path(folder)
    check_sums(folder)
    file = folder / run_layout.EXPORT_CARD
    card = read_json(file)
    try:
        format, tolerance = card["format"], float(card["check"]["tolerance"])
        FORMATS[format].require(writing=False)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"Expected the card of an export in {file}. Received: something else"
        ) from error
    return compare_in_a_fresh_process(folder, format, tolerance)
