"""Folders of image files."""

import pathlib

from tfgan_lab.data.decoding import list_files_and_folders
from tfgan_lab.data.sources.records import Record, Source


class FolderSource(Source):
    """Every file below a folder, in the order of their paths.

    Args:
        folder: path.
        labels: ``None``, or ``"folders"``: the first-level subfolder is the class.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
        ValueError: ``labels`` is something else.
    """

    kind = "a folder"
    noun = "file"

    def __init__(self, folder, labels=None):
        if labels not in (None, "folders"):
            raise ValueError(
                f'Expected labels to be None or "folders". Received: labels={labels!r}'
            )
        super().__init__(folder)
        self._folder = pathlib.Path(folder)
        self.labelled = labels is not None
        self._paths, self.watched = list_files_and_folders(self._folder)

    def __len__(self):
        """Number of files."""
        return len(self._paths)

    def __iter__(self):
        """See the base class."""
        for path in self._paths:
            name = path.relative_to(self._folder).as_posix()
            label = name.split("/", 1)[0] if self.labelled and "/" in name else None
            yield Record(name, path, label)
