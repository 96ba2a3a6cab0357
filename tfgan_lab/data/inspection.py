"""What is in a source of images, what is wrong with it, and what training would do with it."""

import collections
import contextlib
import dataclasses
import functools
import hashlib
import pathlib
import statistics as middle

import numpy as np

from tfgan_lab.data.decoding import MAX_PIXELS, UnusableImageError, fit_square, reasons_named
from tfgan_lab.data.findings import describe, printable
from tfgan_lab.data.sources.folder import FolderSource
from tfgan_lab.data.sources.records import map_in_order, open_record
from tfgan_lab.machine import usable_cores


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """A file that can be used.

    Args:
        path: posix path within the folder.
        width, height: int, pixels, of the image turned upright.
        mode: Pillow's name of how its pixels are stored: "RGB", "L", "P", "CMYK" and so on.
        format: "JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", or "array".
        num_bytes: int, length of the file.
        sha256: of the file's bytes, in hexadecimal digits.
        pixels_sha256: of its decoded pixels, in hexadecimal digits.
        label: its class by number or name, where the source tells.
    """

    path: str
    width: int
    height: int
    mode: str
    format: str
    num_bytes: int
    sha256: str
    pixels_sha256: str
    label: int | str | None = None


@dataclasses.dataclass(frozen=True)
class Problem:
    """A file that cannot be used.

    Args:
        path: posix path within the folder.
        reason: short phrase in plain words.
    """

    path: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Inspection:
    """All that was found in a source.

    Args:
        folder: str, the folder or other source as it was given.
        image_size: int, height and width that training would resize to, in pixels.
        usable: tuple of ``ImageFile``, in the order of their paths.
        skipped: tuple of ``Problem``, in the order of their paths.
        noun: str, what the source's records are called.

    Example:
        >>> print(Inspection("images", 64, (), ()).describe().splitlines()[0])
        images holds no files.
    """

    folder: str
    image_size: int
    usable: tuple[ImageFile, ...]
    skipped: tuple[Problem, ...]
    noun: str = "file"

    @functools.cached_property
    def duplicates(self) -> tuple[tuple[str, ...], ...]:
        """Groups of paths whose files hold the same bytes, or other bytes but the same pixels."""
        groups = collections.defaultdict(list)
        for file in self.usable:
            groups[file.pixels_sha256].append(file.path)
        return tuple(tuple(paths) for paths in groups.values() if len(paths) > 1)

    @property
    def small(self) -> tuple[ImageFile, ...]:
        """Files whose shorter side is below ``image_size``, which would be enlarged."""
        return tuple(file for file in self.usable if min(file.width, file.height) < self.image_size)

    @property
    def modes(self) -> dict[str, int]:
        """Number of files by mode, the commonest first."""
        return dict(collections.Counter(file.mode for file in self.usable).most_common())

    @property
    def formats(self) -> dict[str, int]:
        """Number of files by format, the commonest first."""
        return dict(collections.Counter(file.format for file in self.usable).most_common())

    @property
    def sizes(self) -> dict[str, dict[str, float]]:
        """Least, middle and greatest width, height (pixels) and aspect ratio (width / height).

        Empty where no file is usable.
        """
        if not self.usable:
            return {}
        values = {
            "width": [file.width for file in self.usable],
            "height": [file.height for file in self.usable],
            "aspect_ratio": [file.width / file.height for file in self.usable],
        }
        return {
            name: {"min": min(each), "median": middle.median(each), "max": max(each)}
            for name, each in values.items()
        }

    @property
    def classes(self) -> dict[str, int]:
        """Number of usable files by class; of a folder, by first-level subfolder.

        "" counts those in none.
        """

        def name(file):
            if file.label is not None:
                return str(file.label)
            return file.path.split("/", 1)[0] if "/" in file.path else ""

        names = map(name, self.usable)
        return dict(sorted(collections.Counter(names).items()))

    def to_dict(self) -> dict:
        """Returns all of it as plain data for JSON, with names made printable."""

        def plain(record):
            return dataclasses.asdict(record) | {"path": printable(record.path)}

        return {
            "folder": printable(self.folder),
            "image_size": self.image_size,
            "usable": [plain(file) for file in self.usable],
            "skipped": [plain(problem) for problem in self.skipped],
            "duplicates": [[printable(path) for path in group] for group in self.duplicates],
            "small": [printable(file.path) for file in self.small],
            "modes": self.modes,
            "formats": self.formats,
            "sizes": self.sizes,
            "classes": {printable(name): count for name, count in self.classes.items()},
        }

    def describe(self) -> str:
        """Returns the findings as text of several paragraphs, printable on any UTF-8 terminal."""
        return describe(self)


def inspect_folder(
    folder, image_size=64, max_pixels=MAX_PIXELS, num_workers=None, progress=None
) -> Inspection:
    """Decodes every file of a folder once and tells what was found.

    Args:
        folder: path.
        image_size: int from 1, height and width that training would resize to, in pixels.
        max_pixels: int from 1, width times height an image may have at most.
        num_workers: int from 1, number of threads; one a usable core, up to 8, if ``None``.
        progress: as in ``inspect_source``.

    Returns:
        An ``Inspection``, the same whatever the number of threads.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
        ValueError: an argument out of its range.

    Example:
        >>> print(inspect_folder("images").describe())  # doctest: +SKIP
    """
    _check_positive(image_size=image_size)  # Before a large folder is listed.
    return inspect_source(FolderSource(folder), image_size, max_pixels, num_workers, progress)


def inspect_source(
    source,
    image_size=64,
    max_pixels=MAX_PIXELS,
    num_workers=None,
    progress=None,
    statistics=None,
) -> Inspection:
    """Decodes every record of a source once and tells what was found.

    Only facts are kept, never the images, so a source of any length will do.

    Args:
        source: ``tfgan_lab.data.sources.Source``.
        image_size: int from 1, height and width that training would resize to, in pixels.
        max_pixels: int from 1, width times height an image may have at most.
        num_workers: int from 1, number of threads; one a usable core, up to 8, if ``None``.
        progress: ``None``, or a function that is called in this thread as
            ``progress(num_done, num_records)`` after every record.
        statistics: ``None``, or ``Statistics`` that are to be taken in the same pass.

    Returns:
        An ``Inspection``, the same whatever the number of threads.

    Raises:
        ValueError: an argument out of its range.

    Example:
        >>> from tfgan_lab.data.sources import ArraySource
        >>> source = ArraySource(np.zeros((9, 64, 64, 3), np.uint8), location="nine squares")
        >>> print(inspect_source(source).describe().split(" None")[0])
        nine squares holds 9 images: 9 can be used as images, 0 cannot.
    """
    if num_workers is None:
        num_workers = min(8, usable_cores())
    _check_positive(image_size=image_size, max_pixels=max_pixels, num_workers=num_workers)
    inspect_record = functools.partial(
        _inspect_record, image_size=image_size, max_pixels=max_pixels
    )
    usable, skipped = [], []
    # Closed, so that an interruption does not wait for the records still to come.
    with contextlib.closing(map_in_order(inspect_record, source, num_workers)) as results:
        for num_done, (_, (found, square)) in enumerate(results, start=1):
            if isinstance(found, Problem):
                skipped.append(found)
            else:
                usable.append(found)
                if statistics is not None:
                    statistics.update(square, found, num_done - 1)
            if progress is not None:
                progress(num_done, len(source))
    return Inspection(source.location, image_size, tuple(usable), tuple(skipped), source.noun)


def _check_positive(**arguments):
    for name, value in arguments.items():
        if value < 1:
            raise ValueError(f"Expected {name} of at least 1. Received: {name}={value!r}")


def _inspect_record(record, image_size, max_pixels):
    """What is known about a record, and the square that training would see of it."""
    try:
        image = open_record(record, max_pixels, target_size=image_size)
        with reasons_named(record.name):
            # What training does beyond decoding could fail too.
            square = fit_square(image, image_size)
            pixels_sha256 = _hash_pixels(image)
        num_bytes, sha256 = _hash_content(record.content)
    except UnusableImageError as error:
        return Problem(record.name, printable(error.reason)), None
    except OSError as error:
        return Problem(record.name, f"cannot be read: {error.strerror or error}"), None
    size = image.info["original_size"]
    facts = (record.name, *size, image.mode, image.format, num_bytes, sha256, pixels_sha256)
    return ImageFile(*facts, record.label), square


def _hash_content(content):
    """Length in bytes, and SHA-256."""
    if isinstance(content, pathlib.Path):
        with open(content, "rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return file.tell(), sha256
    content = content if isinstance(content, bytes) else np.ascontiguousarray(content).data
    return len(bytes(content)), hashlib.sha256(content).hexdigest()


def _hash_pixels(image):
    """Hashes pixels as decoded: what a large JPEG was reduced to is enough to tell it by."""
    facts = (image.info["original_size"], image.mode, image.info.get("transparency"))
    digest = hashlib.sha256(repr((facts, image.getpalette())).encode())
    digest.update(image.tobytes())
    return digest.hexdigest()
