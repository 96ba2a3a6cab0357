"""Several sources side by side, each a domain of images."""

import dataclasses
import pathlib

from tfgan_lab.data.sources.detection import open_source
from tfgan_lab.data.sources.folder import FolderSource
from tfgan_lab.data.sources.records import Source


class DomainSource(Source):
    """The records of several sources, one source after the other, each labelled with its domain.

    A domain is called what the last part of its source's location is called.

    Args:
        sources: list of two or more ``Source``.

    Raises:
        ValueError: fewer than two sources, an empty one, or a name twice.

    Example:
        >>> import numpy as np
        >>> from tfgan_lab.data.sources import ArraySource
        >>> dots = np.zeros((1, 8, 8), np.uint8)
        >>> source = DomainSource([ArraySource(dots, location=name) for name in ("grey", "white")])
        >>> [(record.name, record.label) for record in source]
        [('grey/00000', 'grey'), ('white/00000', 'white')]
    """

    kind = "domains"
    labelled = True

    def __init__(self, sources):
        super().__init__(", ".join(source.location for source in sources))
        self.sources = tuple(sources)
        self.class_names = tuple(
            pathlib.Path(source.location).resolve().name or source.location for source in sources
        )
        nouns = {source.noun for source in sources}
        self.noun = nouns.pop() if len(nouns) == 1 else "image"
        if len(self.sources) < 2:
            raise ValueError(
                f"Expected two domains or more. Received: {len(self.sources)} ({self.location})"
            )
        if len(set(self.class_names)) < len(self.sources):
            raise ValueError(
                f"Expected domains with names of their own. Received: {', '.join(self.class_names)}"
            )
        for source in self.sources:
            if not len(source):
                raise ValueError(
                    f"Expected images in every domain. Received: none in {source.location}"
                )

    def __len__(self):
        """Number of records of all domains."""
        return sum(map(len, self.sources))

    def __iter__(self):
        """See the base class."""
        for name, source in zip(self.class_names, self.sources, strict=True):
            for record in source:
                yield dataclasses.replace(record, name=f"{name}/{record.name}", label=name)


def open_domains(paths) -> Source:
    """Opens sources as domains: one for each path, or one path that holds all of them.

    Args:
        paths: list of paths of sources (see ``open_source``), a domain each; or of one: a folder
            whose subfolders are the domains, or a source whose images are labelled.

    Returns:
        ``Source`` whose records are labelled with their domain.

    Raises:
        FileNotFoundError: nothing lies at a path.
        ValueError: fewer than two domains, an empty one, or files beside the subfolders.

    Example:
        >>> open_domains(["photos", "monet"]).class_names  # doctest: +SKIP
        ('photos', 'monet')
    """
    if len(paths) != 1:
        return DomainSource([open_source(path) for path in paths])
    source = open_source(paths[0])
    if not isinstance(source, FolderSource):
        return source
    entries = [each for each in pathlib.Path(paths[0]).iterdir() if not each.name.startswith(".")]
    folders = sorted(each for each in entries if each.is_dir())
    if len(folders) < 2 or len(folders) < len(entries):
        raise ValueError(
            f"Expected two or more folders, a domain each, or one with a subfolder for each domain "
            f"and nothing else. Received: {paths[0]} with {len(folders)} subfolders and "
            f"{len(entries) - len(folders)} files"
        )
    return DomainSource([FolderSource(folder) for folder in folders])
