"""From a released generator to a folder that travels."""

import dataclasses
import datetime
import io
import pathlib
import platform

import keras
import numpy as np
import tensorflow as tf

from tfgan_lab import __version__, run_layout
from tfgan_lab.files import folder_written_atomically, sha256_of, write_atomically, write_json
from tfgan_lab.runs.export.card import render_card
from tfgan_lab.runs.export.checksums import write_sums
from tfgan_lab.runs.export.facts import generator_facts, run_facts
from tfgan_lab.runs.export.formats import FORMATS
from tfgan_lab.runs.export.portable import Portable, open_portable
from tfgan_lab.runs.export.verification import TOLERANCE, compare_in_a_fresh_process
from tfgan_lab.runs.settings.validity import ConfigError


@dataclasses.dataclass(frozen=True)
class Exported:
    """An export that was checked.

    Args:
        folder: path.
        networks: tuple of paths of the networks in it.
        check: what ``compare_in_a_fresh_process`` returned.
    """

    folder: pathlib.Path
    networks: tuple
    check: dict


def export_generator(
    path,
    format="savedmodel",
    *,
    output=None,
    data_licence="",
    tolerance=TOLERANCE,
    latents="",
    overwrite=False,
) -> Exported:
    """Exports a released generator, and checks that the export does what the generator does.

    The folder holds the networks, examples of their work, a card in Markdown and JSON, and
    checksums of all. It is filled aside, and is there only when a fresh process, in which nothing
    but the format's own runtime opened the files, made the same images.

    Args:
        path: of a run directory, or of a ``.keras`` file.
        format: name out of ``FORMATS``.
        output: path of the folder; ``export/FORMAT`` beside the generator unless given.
        data_licence: of the images it was trained on, as the card shall state it.
        tolerance: float from 0, greatest difference of any value of an image in [-1, 1].
        latents: distribution that it was trained with; what the run says unless given.
        overwrite: whether an export that is there gives way.

    Raises:
        ConfigError: there is no generator, or something is in the way.
        ImportError: the format's packages are not installed.
        ValueError: the format can't hold the generator, or the export makes other images.

    Example:
        >>> export_generator("runs/first", "onnx").check  # doctest: +SKIP
        {'runtime': 'onnxruntime 1.31.1', 'images': 4, ...}
    """
    if format not in FORMATS:
        raise ConfigError(f"Expected a format out of {', '.join(FORMATS)}. Received: {format!r}")
    chosen = FORMATS[format]
    chosen.require()
    portable = open_portable(path, latents)
    folder = pathlib.Path(output or portable.file.parent / run_layout.EXPORT / format)
    _check_free(folder, overwrite)
    with folder_written_atomically(folder) as aside:
        written = [chosen.write(network, aside) for network in portable.networks]
        write_atomically(aside / run_layout.EXPORT_EXAMPLES, examples_file(portable))
        check = compare_in_a_fresh_process(aside, format, tolerance)
        card = _card(portable, chosen, data_licence, check)
        write_json(aside / run_layout.EXPORT_CARD, card)
        write_atomically(aside / run_layout.EXPORT_README, render_card(card).encode())
        write_sums(aside)
    return Exported(folder, tuple(folder / each.name for each in written), check)


def _check_free(folder, overwrite):
    """Refuses what this package did not export; and what it did, unless it may overwrite."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / run_layout.EXPORT_CARD).is_file():
        raise ConfigError(
            f"Expected --output as a new or an empty folder. Received: {folder}, which holds "
            "something that is no export"
        )
    if not overwrite:
        raise ConfigError(
            f"Expected no export in {folder}. Received: one; --overwrite replaces it, --output "
            "names another folder"
        )


def examples_file(portable: Portable) -> bytes:
    """What a network was given and what the generator made of it, as an .npz file.

    Args:
        portable: ``Portable``.

    Returns:
        The file's bytes; its arrays are called ``NETWORK/BATCH/latents`` and so on, the images
        ``NETWORK/BATCH/expected``.
    """
    arrays = {
        f"{name}/{number}/{array}": values
        for name, batches in portable.examples.items()
        for number, batch in enumerate(batches)
        for array, values in batch.items()
    }
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def _card(portable, chosen, data_licence, check):
    return {
        "format": chosen.name,
        "name": portable.file.resolve().parent.name,
        "exported": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "generator": generator_facts(portable),
        "run": run_facts(portable.file),
        "data_licence": data_licence or None,
        "check": check,
        "original": {"file": portable.file.name, "sha256": sha256_of(portable.file)},
        "versions": {
            "tfgan_lab": __version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "python": platform.python_version(),
        },
    }
