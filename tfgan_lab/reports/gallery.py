"""The page of a folder that has figures and no run of its own."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.reports.figures import read_figures
from tfgan_lab.reports.rendering import write_page


def is_gallery(folder) -> bool:
    """Whether a folder has figures, and is not a run.

    Args:
        folder: path.
    """
    folder = pathlib.Path(folder)
    index = folder / run_layout.FIGURES / run_layout.FIGURE_INDEX
    return index.exists() and not (folder / run_layout.CONFIG).exists()


def write_gallery(folder) -> pathlib.Path:
    """Writes ``report.html`` of a folder's figures: an exploration's, or an experiment's over runs.

    Args:
        folder: path with ``figures/index.json``.

    Returns:
        Path of the page, which holds its images in itself.

    Raises:
        ValueError: there are no figures, or their index is damaged.
    """
    folder = pathlib.Path(folder)
    figures = read_figures(folder)
    if not figures:
        raise ValueError(f"Expected figures in {folder}. Received: none")
    path = folder / run_layout.REPORT
    return write_page(path, "gallery.html.j2", title=folder.resolve().name, figures=figures)
