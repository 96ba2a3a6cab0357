"""From a source to the set that training runs on."""

import numpy as np

from tfgan_lab.data.augmentation import Augmentation
from tfgan_lab.data.decoding import fit_square
from tfgan_lab.data.image_set import ImageSet
from tfgan_lab.data.pixels import collect
from tfgan_lab.data.sources.arrays import ArraySource
from tfgan_lab.data.sources.detection import open_source
from tfgan_lab.data.sources.drawn import DrawnSource
from tfgan_lab.data.sources.folder import FolderSource
from tfgan_lab.data.sources.tfds import TfdsSource
from tfgan_lab.data.usable_images import UsableImages

DEFAULT_AUGMENTATION = Augmentation()


def from_source(
    source,
    *,
    image_size=64,
    channels=3,
    batch_size=32,
    seed=0,
    augmentation=DEFAULT_AUGMENTATION,
) -> ImageSet:
    """Reads all images of a source.

    Every record is decoded once, cropped to its central square, resized with antialiasing and
    kept as 8-bit pixels, in memory or, where these are more than 256 MB, in a temporary file. So
    the same images are the same set, to the bit, whatever source they come from. What cannot be
    used is left out and named in ``ImageSet.skipped``; what was smaller, in ``enlarged``.

    Args:
        source: ``tfgan_lab.data.sources.Source``, or the path of one.
        image_size: int, height and width to resize to.
        channels: 3 for RGB, 1 for grey.
        batch_size: int.
        seed: int, key of order and augmentation.
        augmentation: an ``Augmentation``; ``None`` for none.

    Returns:
        ``ImageSet``, in the order of the source, with labels where every record has one.

    Raises:
        FileNotFoundError: there is no such path.
        ValueError: fewer than two usable images, or labels that are no classes.

    Example:
        >>> import numpy as np
        >>> source = ArraySource(np.zeros((3, 9, 12), np.uint8), labels=[0, 0, 4])
        >>> from_source(source, image_size=8).labels
        array([0, 0, 4], dtype=int32)
    """
    source, enlarged, factors = open_source(source), [], []

    def fit(_, image):
        return fit_square(image, image_size, channels), image.info["original_size"]

    usable = UsableImages(source, fit, target_size=image_size)

    def pixels():
        for record, (image, size) in usable:
            if min(size) < image_size:
                enlarged.append((record.name, size))
            factors.append(record.factors)
            yield image
        _check_enough(usable)

    images = collect(pixels())
    labels, class_names = usable.classes()
    image_set = ImageSet(
        images,
        labels=labels,
        class_names=class_names,
        names=usable.names,
        batch_size=batch_size,
        seed=seed,
        augmentation=augmentation,
    )
    image_set.skipped, image_set.enlarged = tuple(usable.skipped), tuple(enlarged)
    image_set.factors = {name: np.array([each[name] for each in factors]) for name in factors[0]}
    return image_set


def from_folder(folder, *, labels=None, **options) -> ImageSet:
    """Reads a folder of images of any sizes, modes and nesting, in the order of their paths.

    Args:
        folder: path.
        labels: ``None``, or ``"folders"``: the first-level subfolder is the class.
        **options: of ``from_source``: ``image_size``, ``channels``, ``batch_size``, ``seed`` and
            ``augmentation``.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
        ValueError: as of ``from_source``; with classes, images outside of a subfolder.

    Example:
        >>> images = from_folder("images", image_size=64)  # doctest: +SKIP
    """
    return from_source(FolderSource(folder, labels), **options)


def from_arrays(images, labels=None, class_names=(), **options) -> ImageSet:
    """Takes images out of an array.

    Args:
        images: as of ``tfgan_lab.data.sources.ArraySource``.
        labels: as of ``ArraySource``.
        class_names: as of ``ArraySource``.
        **options: of ``from_source``.

    Raises:
        ValueError: as of ``ArraySource`` and ``from_source``.

    Example:
        >>> import numpy as np
        >>> len(from_arrays(np.zeros((5, 28, 28), np.uint8), image_size=28, channels=1))
        5
    """
    return from_source(ArraySource(images, labels, class_names), **options)


def from_tfds(name, *, label="", split="", **options) -> ImageSet:
    """Reads a data set of TensorFlow Datasets, downloading it when it is not there.

    Args:
        name: as of ``tfgan_lab.data.sources.TfdsSource``.
        label: as of ``TfdsSource``.
        split: as of ``TfdsSource``.
        **options: of ``from_source``.

    Raises:
        ValueError: as of ``TfdsSource`` and ``from_source``.

    Example:
        >>> images = from_tfds("food101", label="spaghetti_bolognese")  # doctest: +SKIP
    """
    return from_source(TfdsSource(name, label, split), **options)


def plates(count=345, *, image_size=64, seed=0, **options) -> ImageSet:
    """Draws plates of spaghetti: images without a download, with 20 countable modes.

    Args:
        count: int, number of images.
        image_size: int, height and width.
        seed: int, key of the drawing, of order and of augmentation.
        **options: of ``from_source``.

    Returns:
        ``ImageSet`` whose labels are the modes and whose ``factors`` are all that was drawn.

    Example:
        >>> plates(4, image_size=32, batch_size=2).class_names[0]
        'red tablecloth, white plate'
    """
    source = DrawnSource("plates", count, image_size, seed)
    return from_source(source, image_size=image_size, seed=seed, **options)


def vehicles(count=400, *, image_size=64, seed=0, **options) -> ImageSet:
    """Draws vehicles in side view: images without a download, of eight classes.

    To read the body types of generated images, train without rotation.

    Args:
        count: as of ``plates``.
        image_size: as of ``plates``.
        seed: as of ``plates``.
        **options: of ``from_source``.

    Returns:
        ``ImageSet`` whose labels are the body types and whose ``factors`` are all that was drawn.

    Example:
        >>> vehicles(4, image_size=32, batch_size=2).class_names[:3]
        ('saloon', 'hatchback', 'estate')
    """
    source = DrawnSource("vehicles", count, image_size, seed)
    return from_source(source, image_size=image_size, seed=seed, **options)


def _check_enough(usable):
    if len(usable.names) >= 2:
        return
    source, skipped = usable.source, usable.skipped
    hint = f". 'tfgan-lab inspect {source.location}' says what is wrong with each"
    if not usable.names and skipped:
        name, reason = skipped[0]
        hint = f", the first, {name}: {reason}" + (hint if source.noun == "file" else "")
    raise ValueError(
        f"Expected at least 2 usable images in {source.location}. Received: {len(usable.names)} of "
        f"{len(usable.names) + len(skipped)} {source.noun}s{hint if skipped else ''}"
    )
