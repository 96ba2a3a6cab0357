"""What is in a folder of pictures, what is wrong with it, and what training would do with it."""

import collections
import concurrent.futures
import dataclasses
import functools
import hashlib
import os
import pathlib
import statistics
import textwrap

from tfgan_lab.data.decoding import (
    MAX_PIXELS,
    UnusablePictureError,
    fit_square,
    list_files,
    open_picture,
    reasons_named,
)

_MIN_PICTURES = 2
_MAX_LISTED = 20


@dataclasses.dataclass(frozen=True)
class PictureFile:
    """A file that can be used.

    Args:
        path: posix path within the folder.
        width, height: int, pixels, of the picture turned upright.
        mode: Pillow's name of how its pixels are stored: "RGB", "L", "P", "CMYK" and so on.
        format: "JPEG", "MPO", "PNG", "GIF", "WEBP" or "BMP".
        num_bytes: int, length of the file.
        sha256: of the file's bytes, in hexadecimal digits.
        pixels_sha256: of its decoded pixels, in hexadecimal digits.
    """

    path: str
    width: int
    height: int
    mode: str
    format: str
    num_bytes: int
    sha256: str
    pixels_sha256: str


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
    """All that was found in a folder.

    Args:
        folder: str, the folder as it was given.
        image_size: int, height and width that training would resize to, in pixels.
        usable: tuple of ``PictureFile``, in the order of their paths.
        unusable: tuple of ``Problem``, in the order of their paths.

    Example:
        >>> print(Inspection("pictures", 64, (), ()).describe().splitlines()[0])
        pictures holds no files.
    """

    folder: str
    image_size: int
    usable: tuple[PictureFile, ...]
    unusable: tuple[Problem, ...]

    @functools.cached_property
    def duplicates(self) -> tuple[tuple[str, ...], ...]:
        """Groups of paths whose files hold the same bytes, or other bytes but the same pixels."""
        groups = collections.defaultdict(list)
        for file in self.usable:
            groups[file.pixels_sha256].append(file.path)
        return tuple(tuple(paths) for paths in groups.values() if len(paths) > 1)

    @property
    def small(self) -> tuple[PictureFile, ...]:
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
            name: {"min": min(each), "median": statistics.median(each), "max": max(each)}
            for name, each in values.items()
        }

    @property
    def classes(self) -> dict[str, int]:
        """Number of usable files by first-level subfolder; "" counts those in none."""
        names = (file.path.split("/", 1)[0] if "/" in file.path else "" for file in self.usable)
        return dict(sorted(collections.Counter(names).items()))

    def to_dict(self) -> dict:
        """Returns all of it as plain data for JSON, with names made printable."""

        def plain(record):
            return dataclasses.asdict(record) | {"path": printable(record.path)}

        return {
            "folder": printable(self.folder),
            "image_size": self.image_size,
            "usable": [plain(file) for file in self.usable],
            "unusable": [plain(problem) for problem in self.unusable],
            "duplicates": [[printable(path) for path in group] for group in self.duplicates],
            "small": [printable(file.path) for file in self.small],
            "modes": self.modes,
            "formats": self.formats,
            "sizes": self.sizes,
            "classes": {printable(name): count for name, count in self.classes.items()},
        }

    def describe(self) -> str:
        """Returns the findings as text of several paragraphs, printable on any UTF-8 terminal."""
        unusable = [f"{printable(each.path)}: {each.reason}" for each in self.unusable]
        duplicates = [" = ".join(map(printable, group)) for group in self.duplicates]
        small = [f"{printable(each.path)}: {each.width} x {each.height}" for each in self.small]
        paragraphs = [
            self._describe_counts(),
            _listed("Cannot be used", unusable, max_listed=len(unusable)),
            _listed("The same picture more than once", duplicates),
            _listed(f"Less than {self.image_size} pixels on the shorter side", small),
            self._describe_spread(),
            self._describe_training(),
        ]
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _describe_counts(self):
        total = len(self.usable) + len(self.unusable)
        if not total:
            return f"{printable(self.folder)} holds no files."
        text = (
            f"{printable(self.folder)} holds {_number(total, 'file')}: {len(self.usable)} can be "
            f"used as pictures, {len(self.unusable)} cannot."
        )
        if self.usable and not self.duplicates:
            text += " None is there twice."
        if self.usable and not self.small:
            text += f" None is smaller than {self.image_size} pixels."
        return text

    def _describe_spread(self):
        if not self.usable:
            return ""
        lines = []
        for name, values in self.sizes.items():
            digits, unit = (2, "") if name == "aspect_ratio" else (0, " pixels")
            low, middle, high = (f"{value:.{digits}f}" for value in values.values())
            title = name.replace("_", " ").capitalize()
            lines.append(f"{title}: {low} to {high}{unit}, median {middle}")
        lines += [f"Formats: {_enumerated(self.formats)}", f"Modes: {_enumerated(self.modes)}"]
        if set(self.classes) != {""}:
            names = {printable(name) or "in no folder": n for name, n in self.classes.items()}
            lines.append(f"Folders (classes, if training is told so): {_enumerated(names)}")
        return "\n".join(lines)

    def _describe_training(self):
        count, size = len(self.usable), self.image_size
        if count < _MIN_PICTURES:
            return (
                f"Training would refuse: it needs at least {_MIN_PICTURES} pictures that can be "
                f"used, and there {'is one' if count else 'are none'}."
            )
        kept = sum(min(f.width, f.height) / max(f.width, f.height) for f in self.usable) / count
        crop = f"the central square of each ({kept:.0%} of it on average)" if kept < 1 else "each"
        sentences = [
            f"Training would use {_number(count, 'picture')}: {crop}, resized to {size} x {size}."
        ]
        if self.unusable:
            sentences.append(f"{_number(len(self.unusable), 'file')} would be left out.")
        if self.modes.keys() - {"RGB"}:
            sentences.append(
                "All become 8-bit RGB, or grey if asked for; transparent parts become white."
            )
        if self.small:
            sentences.append(
                f"{_number(len(self.small), 'picture')} would be enlarged, and their blur is "
                "learned like all else."
            )
        extra = sum(len(group) - 1 for group in self.duplicates)
        if extra:
            sentences.append(
                f"{_number(extra, 'duplicate')} would count like pictures of their own, which "
                "teaches that such pictures are common, unless deleted."
            )
        different = count - extra
        if different < 100:
            sentences.append(
                f"Caution: with only {_number(different, 'different picture')} the generator will "
                "most likely repeat them instead of making new ones. Collect 300 or more."
            )
        elif different < 300:
            sentences.append(
                f"Caution: with {different} different pictures, expect little variety, and look "
                "for copies among what is generated. 300 or more are better."
            )
        return textwrap.fill(" ".join(sentences), 88)


def inspect_folder(
    folder, image_size=64, max_pixels=MAX_PIXELS, num_workers=None, progress=None
) -> Inspection:
    """Decodes every file of a folder once and tells what was found.

    Only facts are kept, never the pictures, so a folder of any length will do.

    Args:
        folder: path.
        image_size: int from 1, height and width that training would resize to, in pixels.
        max_pixels: int from 1, width times height a picture may have at most.
        num_workers: int from 1, number of threads; one a processor, up to 8, if ``None``.
        progress: ``None``, or a function that is called in this thread as
            ``progress(num_done, num_files)`` after every file.

    Returns:
        An ``Inspection``, the same whatever the number of threads.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
        ValueError: an argument out of its range.

    Example:
        >>> print(inspect_folder("pictures").describe())  # doctest: +SKIP
    """
    if num_workers is None:
        num_workers = min(8, os.cpu_count() or 1)
    arguments = {"image_size": image_size, "max_pixels": max_pixels, "num_workers": num_workers}
    for name, value in arguments.items():
        if value < 1:
            raise ValueError(f"Expected {name} of at least 1. Received: {name}={value!r}")
    root = pathlib.Path(folder)
    paths = list_files(root)
    inspect_file = functools.partial(
        _inspect_file, root=root, image_size=image_size, max_pixels=max_pixels
    )
    usable, unusable = [], []
    pool = concurrent.futures.ThreadPoolExecutor(num_workers)
    try:
        for num_done, found in enumerate(pool.map(inspect_file, paths), start=1):
            (usable if isinstance(found, PictureFile) else unusable).append(found)
            if progress is not None:
                progress(num_done, len(paths))
    finally:
        # Whoever interrupts should not wait for thousands of pictures still to come.
        pool.shutdown(cancel_futures=True)
    return Inspection(str(folder), image_size, tuple(usable), tuple(unusable))


def printable(name: str) -> str:
    r"""Escapes what would break a line, a terminal or the encoding of a report.

    Args:
        name: a file's name, perhaps with line breaks or with bytes that are not UTF-8.

    Returns:
        The name with every unprintable character as a backslash sequence.

    Example:
        >>> print(printable("two\nlines \udcff.jpg"))
        two\nlines \xff.jpg
    """

    def escaped(character):
        if character.isprintable():
            return character
        if "\udc80" <= character <= "\udcff":  # How Python holds a byte that is not UTF-8.
            return f"\\x{ord(character) - 0xDC00:02x}"
        return character.encode("unicode_escape").decode()

    return "".join(map(escaped, name))


def _inspect_file(path, root, image_size, max_pixels):
    name = path.relative_to(root).as_posix()
    try:
        image = open_picture(path, max_pixels, target_size=image_size)
        with reasons_named(path):
            # What training does beyond decoding could fail too.
            fit_square(image, image_size)
            pixels_sha256 = _hash_pixels(image)
        with open(path, "rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            num_bytes = file.tell()
    except UnusablePictureError as error:
        return Problem(name, printable(error.reason))
    except OSError as error:
        return Problem(name, f"cannot be read: {error.strerror or error}")
    size = image.info["original_size"]
    return PictureFile(name, *size, image.mode, image.format, num_bytes, sha256, pixels_sha256)


def _hash_pixels(image):
    """Hashes pixels as decoded: what a large JPEG was reduced to is enough to tell it by."""
    facts = (image.info["original_size"], image.mode, image.info.get("transparency"))
    digest = hashlib.sha256(repr((facts, image.getpalette())).encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def _number(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _enumerated(counts):
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _listed(title, lines, max_listed=_MAX_LISTED):
    if not lines:
        return ""
    heading = f"{title} ({len(lines)}):"
    if len(lines) > max_listed:
        lines = [*lines[:max_listed], f"and {len(lines) - max_listed} more"]
    return "\n  ".join([heading, *lines])
