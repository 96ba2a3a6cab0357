"""The folder of a report's figures, and its index of captions."""

import io
import pathlib

from tfgan_lab import run_layout
from tfgan_lab.files import read_json, write_atomically, write_json
from tfgan_lab.reports.embedded import png_uri


class FigureFolder:
    """Collects figures in ``figures``, to be listed with their captions in ``index.json``.

    Args:
        run_directory: path of the run.
        keep: whether to keep the figures that an earlier index lists, but for those just added.
    """

    def __init__(self, run_directory, keep=False):
        self.folder = pathlib.Path(run_directory) / run_layout.FIGURES
        index = self.folder / run_layout.FIGURE_INDEX
        self._entries = read_json(index) if keep and index.exists() else []

    def add(self, name, figure, caption, table=()) -> None:
        """Writes a figure.

        Args:
            name: file name without ending, such as ``fig_02_data``.
            figure: ``matplotlib.figure.Figure``.
            caption: str, a sentence.
            table: list of lists of str, heads first: numbers that belong to it, such as a
                report's beside ours.
        """
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        write_atomically(self.folder / f"{name}.png", buffer.getvalue())
        self._entries = [entry for entry in self._entries if entry["file"] != f"{name}.png"]
        entry = {"file": f"{name}.png", "caption": caption}
        self._entries.append(entry | ({"table": [list(row) for row in table]} if table else {}))

    def write_index(self) -> None:
        """Writes the index, in the order of adding, behind what was kept."""
        write_json(self.folder / run_layout.FIGURE_INDEX, self._entries)


def read_figures(run_directory) -> list:
    """Reads the figures of a folder for a page.

    Args:
        run_directory: path of the run.

    Returns:
        List of dicts of ``file``, ``caption``, ``uri`` (the image as an address) and ``table``,
        in the order of the index; empty where there is none. A file that is gone is left out, and
        so is one that lies elsewhere: a page is passed on, and shows no more than the run.

    Raises:
        ValueError: the index is damaged.
    """
    index = pathlib.Path(run_directory) / run_layout.FIGURES / run_layout.FIGURE_INDEX
    if not index.exists():
        return []
    return [
        {
            "file": entry["file"],
            "caption": entry["caption"],
            "uri": png_uri(index.parent / entry["file"]),
            "table": entry.get("table", ()),
        }
        for entry in read_json(index)
        if pathlib.Path(entry["file"]).name == entry["file"]
        and (index.parent / entry["file"]).is_file()
    ]


def draw_evaluation(run) -> None:
    """Adds the figures of a run's last evaluation to its others.

    Args:
        run: what ``tfgan_lab.runs.open_run`` returned.
    """
    figures, drawn = FigureFolder(run.path, keep=True), list(run.evaluation_figures())
    for name, figure, caption in drawn:
        figures.add(name, figure, caption)
    if drawn:
        figures.write_index()
