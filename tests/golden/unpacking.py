"""Runs of earlier versions out of their zips; also the quickest way to a run that was trained."""

import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent


def unpacked(kind, folder, version="0.1.0") -> pathlib.Path:
    """Unpacks a run into ``folder / kind``, which it returns."""
    run = pathlib.Path(folder) / kind
    with zipfile.ZipFile(HERE / version / f"{kind}.zip") as archive:
        archive.extractall(run)
    return run
