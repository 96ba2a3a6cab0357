"""What all sources yield: records, each an image not yet decoded, or the reason why it is none."""

import abc
import collections
import concurrent.futures
import dataclasses
import pathlib

import numpy as np
from PIL import Image

from tfgan_lab.data.decoding import (
    UnusableImageError,
    fit_square,
    open_image,
    reasons_named,
)
from tfgan_lab.machine import usable_cores

_AHEAD = 4  # records a thread may be ahead of the consumer


@dataclasses.dataclass(frozen=True)
class Record:
    """An image as its source holds it.

    Args:
        name: str, tells it from the others of its source; a file's path within its folder.
        content: ``pathlib.Path`` of a file, ``bytes`` of one, or a uint8 array of shape
            (height, width), (height, width, 1) or (height, width, 3); ``None`` with ``problem``.
        label: int or str, its class; ``None`` where there are none.
        problem: str, short phrase in plain words why there is no image; "" where there is one.
        factors: dict of what is known of a drawn image besides.
    """

    name: str
    content: pathlib.Path | bytes | np.ndarray | None
    label: int | str | None = None
    problem: str = ""
    factors: dict = dataclasses.field(default_factory=dict)


class Source(abc.ABC):
    """Something that yields records, in the same order each time.

    Args:
        location: str, what a person would call it: a path or a name.

    Attributes:
        kind: str, what sort of source, with its article: "a folder".
        noun: str, what its records are called: "file".
        labelled: bool, whether every record must have a label.
        class_names: tuple of str; with them a record's label is the place in this tuple.
        watched: list of paths; the source is what it was as long as none of them was modified.
            ``None`` where that cannot be told, or where opening it again costs nothing.
    """

    kind = "a source"
    noun = "image"
    labelled = False
    class_names = ()
    watched = None

    def __init__(self, location):
        self.location = str(location)

    @abc.abstractmethod
    def __len__(self):
        """Number of records, told without decoding any; some may have to be skipped."""

    @abc.abstractmethod
    def __iter__(self):
        """Yields every ``Record``, usable or not, and holds few of them at a time."""

    def __str__(self):
        return f"{self.location} ({self.kind})"


def open_record(record, target_size=None) -> Image.Image:
    """Decodes a record; see ``tfgan_lab.data.decoding.open_image``.

    Args:
        record: ``Record``.
        target_size: as there.

    Returns:
        ``PIL.Image.Image`` with ``format`` and ``info["original_size"]``.

    Raises:
        UnusableImageError: for whatever reason it cannot be used.
    """
    if record.problem:
        raise UnusableImageError(record.name, record.problem)
    if not isinstance(record.content, np.ndarray):
        return open_image(record.content, target_size)
    with reasons_named(record.name):
        pixels = record.content
        image = Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)
        image.format = "array"
        image.info["original_size"] = image.size
        return image


def read_record(record, image_size, channels=3) -> np.ndarray:
    """Reads a record as training sees it: its central square, resized.

    Args:
        record: ``Record``.
        image_size: int from 1, height and width to resize to, in pixels.
        channels: 3 for RGB, 1 for grey.

    Returns:
        uint8 array of shape (image_size, image_size, channels).

    Raises:
        UnusableImageError: for whatever reason it cannot be used.

    Example:
        >>> read_record(Record("a", np.zeros((9, 12), np.uint8)), image_size=4).shape
        (4, 4, 3)
    """
    image = open_record(record, image_size)
    with reasons_named(record.name):
        return fit_square(image, image_size, channels)


def map_in_order(function, items):
    """Maps in threads, one a usable core and up to 8, a few items ahead of the consumer.

    Unlike an executor's own ``map`` it doesn't draw all items at once: a source may hold more
    than the memory does. Pillow lets go of the interpreter's lock, so threads decode in parallel.

    Args:
        function: callable on an item.
        items: iterable.

    Yields:
        (item, result) in the order of the items.

    Example:
        >>> list(map_in_order(abs, [-1, 2]))
        [(-1, 1), (2, 2)]
    """
    num_workers = min(8, usable_cores())
    pool = concurrent.futures.ThreadPoolExecutor(num_workers)
    waiting = collections.deque()
    try:
        for item in items:
            waiting.append((item, pool.submit(function, item)))
            if len(waiting) > _AHEAD * num_workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
    finally:
        # An interruption should not wait for what was still to come.
        pool.shutdown(cancel_futures=True)
