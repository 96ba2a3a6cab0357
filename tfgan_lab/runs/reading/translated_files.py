"""Image files of any size through a released translator, at their own size."""

import itertools
import pathlib

import numpy as np
from PIL import Image

from tfgan_lab.data.decoding import (
    UnusableImageError,
    list_files,
    open_image,
    reasons_named,
    to_channels,
)
from tfgan_lab.files import plain_name, write_atomically
from tfgan_lab.models.translating import SMALLEST
from tfgan_lab.plots.grids import png_bytes
from tfgan_lab.runs.settings.validity import ConfigError

MEGAPIXELS = 1.0  # Some 2 GB with the paper's width; memory grows with the pixels.


def translate_files(
    translator, paths, folder, domains, megapixels=MEGAPIXELS, progress=None
) -> list:
    """Translates image files and writes PNGs of the same width and height.

    Sizes that can't be halved as often as the network does it are mirrored at the lower and right
    edge up to one that can, and cut off again. Which images are made smaller or left out is
    printed.

    Args:
        translator: ``Translator``.
        paths: of files, and of folders whose usable images are all meant.
        folder: where to write ``NAME.DOMAIN.png``.
        domains: names of the targets.
        megapixels: float above 0; larger images are made smaller first.
        progress: function of (done, total), or ``None``.

    Returns:
        Paths of what was written.

    Raises:
        ConfigError: no such domain, no image, or one below 8 pixels.
        UnusableImageError: a file that was named is no image.
    """
    for domain in domains:
        translator.number(domain)
    files = _usable_files(paths)
    channels = translator.channels
    folder, taken, written = pathlib.Path(folder), set(), []
    for number, file in enumerate(files, start=1):
        pixels = _read(file, channels, megapixels)
        name = _free_name(file.stem, taken)
        taken.add(name)
        for domain in domains:
            translated = translator.translate(pixels[np.newaxis], domain)[0]
            # Domains are named by the run's record, which may be somebody else's.
            written.append(folder / f"{name}.{plain_name(domain)}.png")
            write_atomically(written[-1], png_bytes(translated))
        if progress:
            progress(number, len(files))
    return written


def _free_name(stem, taken):
    """The stem, with the first number that makes it another name than those taken."""
    names = (stem if number == 1 else f"{stem}_{number}" for number in itertools.count(1))
    return next(name for name in names if name not in taken)


def _usable_files(paths):
    files = []
    for path in map(pathlib.Path, paths):
        if not path.is_dir():
            files.append(path)
            continue
        for file in list_files(path):
            try:
                open_image(file, target_size=1)
                files.append(file)
            except UnusableImageError as error:
                print(f"Left out: {file} ({error.reason})")
    if not files:
        raise ConfigError(
            f"Expected at least 1 image in {', '.join(map(str, paths))}. Received: none"
        )
    return files


def _read(file, channels, megapixels):
    """Decodes an image to float32 of shape (height, width, channels) in [-1, 1]."""
    image = open_image(file)
    with reasons_named(file):
        image = to_channels(image, channels)
    shrink = (1e6 * megapixels / (image.width * image.height)) ** 0.5
    if shrink < 1:
        size = [max(1, round(shrink * side)) for side in image.size]
        print(f"{file} is made smaller: {size[0]}x{size[1]} of {image.width}x{image.height} pixels")
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    if min(image.size) < SMALLEST:
        raise ConfigError(
            f"Expected images from {SMALLEST} pixels high and wide. "
            f"Received: {file} of {image.width}x{image.height}"
        )
    pixels = np.asarray(image, np.float32).reshape(image.height, image.width, channels)
    return pixels / 127.5 - 1
