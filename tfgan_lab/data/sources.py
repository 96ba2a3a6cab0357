"""Sources of pictures; all of them return ``Pictures``."""

import concurrent.futures
import os
import pathlib

import numpy as np

from tfgan_lab.data.augmentation import Augmentation
from tfgan_lab.data.decoding import UnusablePictureError, list_files, read_picture
from tfgan_lab.data.drawn.plates import NUM_MODES, draw_plates, mode_name
from tfgan_lab.data.pictures import Pictures

DEFAULT_AUGMENTATION = Augmentation()


def from_folder(
    folder,
    *,
    image_size=64,
    channels=3,
    labels=None,
    batch_size=32,
    seed=0,
    augmentation=DEFAULT_AUGMENTATION,
) -> Pictures:
    """Reads a folder of pictures of any sizes, modes and nesting.

    JPEG, PNG, BMP, GIF and WebP, told by content. Every file is decoded once, cropped to its
    central square, resized with antialiasing and kept in memory as 8-bit pixels. What cannot be
    used is left out and named in ``Pictures.unusable``.

    Args:
        folder: path.
        image_size: int, height and width to resize to.
        channels: 3 for RGB, 1 for grey.
        labels: ``None``, or ``"folders"``: the first-level subfolder is the class.
        batch_size: int.
        seed: int, key of order and augmentation.
        augmentation: an ``Augmentation``; ``None`` for none.

    Returns:
        ``Pictures``, in the order of their paths.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
        ValueError: fewer than two usable pictures; with classes, pictures outside of a subfolder.

    Example:
        >>> pictures = from_folder("pictures", image_size=64)  # doctest: +SKIP
    """
    if labels not in (None, "folders"):
        raise ValueError(f'Expected labels to be None or "folders". Received: labels={labels!r}')
    folder = pathlib.Path(folder)
    images, names, unusable = _decode_all(folder, image_size, channels)
    if len(images) < 2:
        raise ValueError(
            f"Expected at least 2 usable pictures in {folder}. Received: {len(images)} of "
            f"{len(images) + len(unusable)} files. 'tfgan-lab inspect {folder}' says what is "
            "wrong with each"
        )
    classes, class_names = None, ()
    if labels == "folders":
        classes, class_names = _classes(names)
    pictures = Pictures(
        np.stack(images),
        labels=classes,
        class_names=class_names,
        names=names,
        batch_size=batch_size,
        seed=seed,
        augmentation=augmentation,
    )
    pictures.unusable = tuple(unusable)
    return pictures


def plates(
    count=345,
    *,
    image_size=64,
    batch_size=32,
    seed=0,
    augmentation=DEFAULT_AUGMENTATION,
) -> Pictures:
    """Draws plates of spaghetti: pictures without a download, with 20 countable modes.

    Args:
        count: int, number of pictures.
        image_size: int, height and width.
        batch_size: int.
        seed: int, key of the drawing, of order and of augmentation.
        augmentation: an ``Augmentation``; ``None`` for none.

    Returns:
        ``Pictures`` whose labels are the modes and whose ``factors`` are all that was drawn.

    Example:
        >>> plates(4, image_size=32, batch_size=2).class_names[0]
        'red tablecloth, white plate'
    """
    images, factors = draw_plates(count, image_size=image_size, seed=seed)
    pictures = Pictures(
        images,
        labels=factors["mode"],
        class_names=[mode_name(mode) for mode in range(NUM_MODES)],
        names=[f"plate_{index:05d}" for index in range(count)],
        batch_size=batch_size,
        seed=seed,
        augmentation=augmentation,
    )
    pictures.factors = factors
    return pictures


def _decode_all(folder, image_size, channels):
    """Decodes in threads (Pillow lets go of the interpreter's lock), in the order of paths."""

    def decode(path):
        try:
            return read_picture(path, image_size=image_size, channels=channels), None
        except UnusablePictureError as error:
            return None, error.reason

    images, names, unusable = [], [], []
    paths = list_files(folder)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, (image, reason) in zip(paths, pool.map(decode, paths), strict=True):
            name = path.relative_to(folder).as_posix()
            if image is None:
                unusable.append((name, reason))
            else:
                images.append(image)
                names.append(name)
    return images, names, unusable


def _classes(names):
    at_top = [name for name in names if "/" not in name]
    if at_top:
        raise ValueError(
            'Expected every picture in a subfolder named after its class with labels="folders". '
            f"Received: {len(at_top)} pictures at the top level, {at_top[0]!r} for one"
        )
    folders = [name.split("/", 1)[0] for name in names]
    class_names = sorted(set(folders))
    return np.array([class_names.index(name) for name in folders], np.int32), class_names
