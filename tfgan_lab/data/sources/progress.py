"""A source that tells how much of it was taken."""

from tfgan_lab.data.sources.records import Source


class ProgressSource(Source):
    """Another source, and a function that is told whenever a record was taken from it.

    Args:
        source: ``Source``.
        progress: function of (done, total).

    Example:
        >>> import numpy as np
        >>> from tfgan_lab.data.sources import ArraySource
        >>> source = ArraySource(np.zeros((2, 8, 8, 3), np.uint8))
        >>> len(list(ProgressSource(source, lambda taken, total: print(taken, "of", total))))
        1 of 2
        2 of 2
        2
    """

    def __init__(self, source, progress):
        super().__init__(source.location)
        self._source, self._progress = source, progress
        self.kind, self.noun, self.labelled = source.kind, source.noun, source.labelled

    @property
    def class_names(self):
        """The source's own, which it may know only when it was read."""
        return self._source.class_names

    def __len__(self):
        """Number of records."""
        return len(self._source)

    def __iter__(self):
        """Yields every record."""
        for taken, record in enumerate(self._source, start=1):
            yield record
            self._progress(taken, len(self))
