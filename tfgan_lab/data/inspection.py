"""What is in a source of images, what is wrong with it, and what training would do with it."""

import collections
import dataclasses
import functools
import hashlib
import os
import pathlib
import statistics as middle

from tfgan_lab.data.decoding import fit_square
from tfgan_lab.data.findings import describe, printable
from tfgan_lab.data.sources.detection import open_source
from tfgan_lab.data.usable_images import UsableImages


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """A file that can be used.

    Args:
        path: posix path within the folder.
        width, height: int, pixels, of the image turned upright.
        mode: Pillow's name of how its pixels are stored: "RGB", "L", "P", "CMYK" and so on.
        format: "JPEG", "PNG", "GIF", "WEBP", "BMP", or "array".
        num_bytes: int, length of the file.
        pixels_sha256: of its decoded pixels, in hexadecimal digits.
        label: its class by number or name, where the source tells.
    """

    path: str
    width: int
    height: int
    mode: str
    format: str
    num_bytes: int
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


def inspect_source(source, image_size=64, statistics=None) -> Inspection:
    """Decodes every record of a source once and tells what was found.

    Only facts are kept, never the images, so a source of any length will do.

    Args:
        source: ``tfgan_lab.data.sources.Source``, or the path of one.
        image_size: int from 1, height and width that training would resize to, in pixels.
        statistics: ``None``, or ``Statistics`` that are to be taken in the same pass.

    Returns:
        An ``Inspection``, the same whatever the number of threads.

    Raises:
        FileNotFoundError: there is no such path.
        ValueError: an argument out of its range.

    Example:
        >>> import numpy as np
        >>> from tfgan_lab.data.sources import ArraySource
        >>> source = ArraySource(np.zeros((9, 64, 64, 3), np.uint8), location="nine squares")
        >>> print(inspect_source(source).describe().split(" None")[0])
        nine squares holds 9 images: 9 can be used as images, 0 cannot.
    """
    if image_size < 1:  # Before a large folder is listed.
        raise ValueError(f"Expected image_size of at least 1. Received: image_size={image_size!r}")
    source, found = open_source(source), []

    def look_at(record, image):
        facts = (
            record.name,
            *image.info["original_size"],
            image.mode,
            image.format,
            _num_bytes(record.content),
            _hash_pixels(image),
            record.label,
        )
        # Also the square that training would see, for that could fail too.
        return ImageFile(*facts), fit_square(image, image_size)

    usable = UsableImages(source, look_at, target_size=image_size)
    for _, (file, square) in usable:
        if statistics is not None:
            statistics.update(square, file, len(found) + len(usable.skipped))
        found.append(file)
    skipped = tuple(Problem(name, printable(reason)) for name, reason in usable.skipped)
    return Inspection(source.location, image_size, tuple(found), skipped, source.noun)


def _num_bytes(content):
    if isinstance(content, pathlib.Path):
        return os.path.getsize(content)
    return len(content) if isinstance(content, bytes) else content.nbytes


def _hash_pixels(image):
    """Hashes pixels as decoded: what a large JPEG was reduced to is enough to tell it by."""
    facts = (image.info["original_size"], image.mode, image.info.get("transparency"))
    digest = hashlib.sha256(repr((facts, image.getpalette())).encode())
    digest.update(image.tobytes())
    return digest.hexdigest()
