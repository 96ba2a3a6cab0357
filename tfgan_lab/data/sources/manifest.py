"""The manifest of a converted data set: what its files hold, and their checksums."""

import pathlib

from tfgan_lab.data.sources.arrays import NpzSource
from tfgan_lab.data.sources.records import Source
from tfgan_lab.data.sources.tfrecord import TFRecordSource
from tfgan_lab.files import read_json, sha256_of

MANIFEST = "manifest.json"
"""Name of the manifest within its folder."""

FORMATS = ("tfrecord", "npz")
"""What there is to convert to."""


def open_converted(folder) -> Source:
    """Opens what ``tfgan-lab convert`` wrote, and compares every file with its checksum.

    Args:
        folder: path, with the manifest.

    Returns:
        ``Source``; shards that are missing or were changed are problems of it.

    Raises:
        ValueError: the manifest is damaged, or not written by tfgan_lab; or no file is as
            it was written.
    """
    folder = pathlib.Path(folder)
    manifest = read_json(folder / MANIFEST)
    try:
        kind, files = manifest["format"], manifest["files"]
        class_names = tuple(manifest["class_names"])
        paths = [folder / file["file"] for file in files]
        problems = {
            path: _problem(path, file["sha256"]) for path, file in zip(paths, files, strict=True)
        }
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"Expected format, class_names and files in {folder / MANIFEST}. "
            "Received: a manifest that this package did not write"
        ) from error
    if kind not in FORMATS or any(path.parent != folder for path in paths) or not paths:
        raise ValueError(
            f"Expected files of format {' or '.join(FORMATS)} beside {folder / MANIFEST}. "
            f"Received: {len(paths)} of format {kind!r}"
        )
    problems = {path: problem for path, problem in problems.items() if problem}
    if len(problems) == len(paths):
        path, problem = next(iter(problems.items()))
        raise ValueError(
            f"Expected the files that the manifest in {folder} tells of. "
            f"Received: {path.name}, {problem}; convert again"
        )
    if kind == "npz":
        return NpzSource(paths[0])
    return TFRecordSource(paths, folder, class_names, problems)


def _problem(path, sha256):
    if not path.is_file():
        return "missing"
    return "" if sha256_of(path) == sha256 else "damaged: its SHA-256 is not the manifest's"
