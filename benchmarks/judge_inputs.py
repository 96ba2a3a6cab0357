"""What the judge is given: generators, folders and arrays, all brought to one kind of array."""

import pathlib

import numpy as np

from tfgan_lab.data import from_folder
from tfgan_lab.files import plain_name
from tfgan_lab.plots import to_uint8
from tfgan_lab.runs.reading.class_sheets import labels_in_turns
from tfgan_lab.runs.reading.generation import draw_latents, open_generator

KEY = "images"  # of a .npz file


def read_images(path, count, image_size, seed=0) -> np.ndarray:
    """Images of an input, as 8-bit RGB, which is what a file of them would hold.

    Args:
        path: of a run directory or ``.keras`` file, from whose generator they are drawn; of a
            ``.npz`` file with ``images``, uint8 or float in [-1, 1]; or of a folder of image files,
            which are cropped and resized as training images are.
        count: int, most images; drawn, or chosen at random where there are more.
        image_size: int, height and width.
        seed: int, key of the latents or of the choice.

    Returns:
        uint8 array of shape (at most count, image_size, image_size, 3), in random order.

    Raises:
        FileNotFoundError: nothing is there.
        ValueError: no images, or a generator or an array of another size.
    """
    path = pathlib.Path(path)
    if not path.exists():
        raise FileNotFoundError(f"Expected a run, a folder or a file at {path}. Received: nothing")
    if path.suffix == ".keras" or (path / "generator.keras").is_file():
        return as_rgb(_generated(path, count, seed), image_size, path)
    if path.is_dir():
        images = from_folder(path, image_size=image_size, augmentation=None).images
    else:
        images = _stored(path)
    chosen = np.random.default_rng(seed).permutation(len(images))[:count]
    return as_rgb(images[chosen], image_size, path)


def as_rgb(images, image_size, path) -> np.ndarray:
    """Images as 8-bit RGB of a size.

    Args:
        images: array of shape (n, height, width) or (n, height, width, 1 or 3), float in [-1, 1] or
            uint8.
        image_size: int, height and width that they must have.
        path: where they are from, for the error.

    Returns:
        uint8 array of shape (n, image_size, image_size, 3).

    Raises:
        ValueError: another shape: resized ones would be other images than those to be judged.
    """
    images = np.asarray(images)
    images = images[..., np.newaxis] if images.ndim == 3 else images
    square = (image_size, image_size)
    if images.ndim != 4 or images.shape[1:3] != square or images.shape[3] not in (1, 3):
        raise ValueError(
            f"Expected images of {image_size}x{image_size}, grey or RGB, in {path}. Received: "
            f"shape {images.shape}"
        )
    if not np.isfinite(images).all():
        raise ValueError(f"Expected finite images in {path}. Received: NaN or infinity among them")
    images = to_uint8(images)
    return np.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images


def names_of(paths) -> list:
    """Short names of inputs, one for each, that can be names of folders.

    Args:
        paths: list of paths. A run's ``generator.keras`` is called as the run.

    Returns:
        List of str; the whole paths, in plain letters, where the last parts are not all different.

    Example:
        >>> names_of(["runs/a/generator.keras", "drawn.npz"])
        ['a', 'drawn']
    """
    paths = [pathlib.Path(path) for path in paths]
    names = [
        path.parent.name
        if path.name == "generator.keras" and path.parent.name
        else path.stem
        if path.suffix in (".keras", ".npz")
        else path.resolve().name
        for path in paths
    ]
    if len({*names, "real"}) <= len(names):
        names = [str(path).strip("/") for path in paths]
    if len({*names, "real"}) <= len(names):
        raise ValueError(f"Expected inputs that are all different. Received: {', '.join(names)}")
    return [plain_name(name) for name in names]


def _generated(path, count, seed):
    generator = open_generator(path)
    labels = labels_in_turns(generator, count)[0] if generator.conditional else None
    return generator.generate(draw_latents(generator.latents, count, seed), labels)


def _stored(path):
    if path.suffix != ".npz":
        raise ValueError(f"Expected a .keras or .npz file, a run or a folder. Received: {path}")
    with np.load(path, allow_pickle=False) as arrays:
        if KEY not in arrays:
            raise ValueError(
                f"Expected an array {KEY!r} in {path}. Received: {', '.join(arrays) or 'none'}"
            )
        return arrays[KEY]
