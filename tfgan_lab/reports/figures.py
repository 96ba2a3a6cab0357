"""The folder of a report's figures, and its index of captions."""

import io
import pathlib

from tfgan_lab.files import read_json, write_atomically, write_json


class FigureFolder:
    """Collects figures in ``figures``, to be listed with their captions in ``index.json``.

    Args:
        run_directory: path of the run.
        keep: whether to keep the figures that an earlier index lists, but for those added anew.
    """

    def __init__(self, run_directory, keep=False):
        self.folder = pathlib.Path(run_directory) / "figures"
        index = self.folder / "index.json"
        self._entries = read_json(index) if keep and index.exists() else []

    def add(self, name, figure, caption) -> None:
        """Writes a figure.

        Args:
            name: file name without ending, such as ``fig_02_data``.
            figure: ``matplotlib.figure.Figure``.
            caption: str, a sentence.
        """
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        write_atomically(self.folder / f"{name}.png", buffer.getvalue())
        self._entries = [entry for entry in self._entries if entry["file"] != f"{name}.png"]
        self._entries.append({"file": f"{name}.png", "caption": caption})

    @property
    def entries(self) -> list:
        """Dicts of ``file`` and ``caption``, in the order of adding, behind what was kept."""
        return list(self._entries)

    def write_index(self) -> None:
        """Writes the index, in the order of adding, behind what was kept."""
        write_json(self.folder / "index.json", self._entries)
