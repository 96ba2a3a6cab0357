"""The images of a source that can be used, whatever is made of them, and the reasons of others."""

import contextlib

import numpy as np

from tfgan_lab.data.decoding import UnusableImageError, reasons_named
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
        """Turns the labels into numbers, and names of classes.

        Returns:
            (int32 array of shape (n,), names of the classes or ``()``); ``(None, ())`` where no
            image has a label. Classes told by name are numbered in the order of their names.

        Raises:
            ValueError: some have none, or a label is out of range.
        """
        source, labels, class_names = self.source, self.labels, self.source.class_names
        missing = [name for name, label in zip(self.names, labels, strict=True) if label is None]
        if len(missing) == len(labels) and not source.labelled:
            return None, ()
        if missing:
            where = "a subfolder named after its class" if source.noun == "file" else "a class"
            raise ValueError(
                f"Expected every image of {source.location} in {where}. Received: {len(missing)} "
                f"images in none, {missing[0]!r} for one"
            )
        if all(isinstance(label, str) for label in labels):
            class_names = class_names or sorted(set(labels))
            places = {name: place for place, name in enumerate(class_names)}
            labels = [places.get(label, label) for label in labels]
        highest = len(class_names) - 1 if class_names else np.iinfo(np.int32).max
        for name, label in zip(self.names, labels, strict=True):
            if isinstance(label, str) or not 0 <= label <= highest:
                named = f" ({len(class_names)} classes have names)" if class_names else ""
                raise ValueError(
                    f"Expected labels from 0 to {highest} in {source.location}{named}. "
                    f"Received: {label!r} at {name}"
                )
        return np.array(labels, np.int32), class_names

    def _try(self, record):
        try:
            image = open_record(record, self._target_size)
            with reasons_named(record.name):
                return self._make(record, image), ""
        except UnusableImageError as error:
            return None, error.reason
