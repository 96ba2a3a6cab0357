"""The images of a source that can be used, whatever is made of them, and the reasons of others."""

import contextlib

from tfgan_lab.data.decoding import UnusableImageError, reasons_named
from tfgan_lab.data.sources.class_labels import resolve_classes
from tfgan_lab.data.sources.records import map_in_order, open_record


class UsableImages:
    """Decodes a source once, in threads, and keeps what is to be said about all of it.

    Training, inspection and conversion all read images through this, so that they agree on which
    can be used.

    Args:
        source: ``tfgan_lab.data.sources.Source``.
        make: function of a record and its decoded ``PIL.Image.Image``, called in threads. What it
            raises is a reason why the image cannot be used.
        target_size: as of ``tfgan_lab.data.decoding.open_image``.

    Attributes:
        names: list of str, of the images that were usable so far.
        labels: list of each one's label: int, str or ``None``.
        skipped: list of (name, reason) of the others.

    Example:
        >>> import numpy as np
        >>> from tfgan_lab.data.sources import ArraySource
        >>> source = ArraySource(np.zeros((2, 8, 6), np.uint8))
        >>> [made for _, made in UsableImages(source, lambda record, image: image.size)]
        [(6, 8), (6, 8)]
    """

    def __init__(self, source, make, target_size=None):
        self.source = source
        self.names, self.labels, self.skipped = [], [], []
        self._make, self._target_size = make, target_size

    def __iter__(self):
        """Yields each usable record with what was made of it, in the order of the source."""
        # Closed, so that an interruption does not wait for the records still to come.
        with contextlib.closing(map_in_order(self._try, self.source)) as results:
            for record, (made, reason) in results:
                if reason:
                    self.skipped.append((record.name, reason))
                    continue
                self.names.append(record.name)
                self.labels.append(record.label)
                yield record, made

    def classes(self) -> tuple:
        """The labels as classes; see ``resolve_classes``."""
        return resolve_classes(self.source, self.labels, self.names)

    def _try(self, record):
        try:
            image = open_record(record, self._target_size)
            with reasons_named(record.name):
                return self._make(record, image), ""
        except UnusableImageError as error:
            return None, error.reason
