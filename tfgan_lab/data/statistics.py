"""What all images have in common, and which have not: one pass, any number of images."""

import numpy as np

from tfgan_lab.data.similarity import farthest, near_duplicates, thumbnails
from tfgan_lab.data.sources.records import read_record

_LUMA = (0.299, 0.587, 0.114)  # of ITU-R 601, as grey images are made


class PixelStatistics:
    """Extremes, mean and spread of every pixel over all images, exact whatever their number.

    Sums of bytes and of their squares are whole numbers, so the order of images and how they
    are cut into batches change nothing, not even the last bit.

    Example:
        >>> pixels = PixelStatistics()
        >>> pixels.update(np.array([0, 10], np.uint8).reshape(2, 1, 1, 1))
        >>> float(pixels.mean.item()), float(pixels.variance.item())
        (5.0, 25.0)
    """

    def __init__(self):
        self.count = 0
        self.minimum = self.maximum = None
        self._sum = self._sum_of_squares = 0

    def update(self, images) -> None:
        """Takes in images.

        Args:
            images: uint8 array of shape (n, height, width, channels), always of the same size.

        Raises:
            ValueError: not bytes, or of another size than before.
        """
        images = np.asarray(images)
        shape = images.shape[1:] if self.minimum is None else self.minimum.shape
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != shape:
            raise ValueError(
                f"Expected images as uint8 of shape (n, {', '.join(map(str, shape))}). "
                f"Received: {images.dtype} of shape {images.shape}"
            )
        if not len(images):
            return
        low, high = images.min(axis=0), images.max(axis=0)
        self.minimum = low if self.minimum is None else np.minimum(self.minimum, low)
        self.maximum = high if self.maximum is None else np.maximum(self.maximum, high)
        wide = images.astype(np.int64)
        self._sum = self._sum + wide.sum(axis=0)
        self._sum_of_squares = self._sum_of_squares + (wide**2).sum(axis=0)
        self.count += len(images)

    @property
    def mean(self) -> np.ndarray:
        """float64 array of shape (height, width, channels), 0 to 255."""
        return self._sum / self.count

    @property
    def variance(self) -> np.ndarray:
        """The same for the mean squared deviation from the mean."""
        # Of equal pixels both terms are the same whole number; rounding may leave others below 0.
        return np.maximum(self._sum_of_squares / self.count - self.mean**2, 0.0)

    @property
    def standard_deviation(self) -> np.ndarray:
        """The same for the root of the variance."""
        return np.sqrt(self.variance)


class Statistics:
    """All that the exploration of a data set shows.

    Holds some 800 bytes an image besides the sums: a thumbnail and a few numbers.

    Args:
        image_size: int, height and width of the images to come.

    Attributes:
        pixels: ``PixelStatistics``.
        histogram: int64 array of shape (3, 256), pixels by channel and value.
        files: list of ``ImageFile``, one an image.
        indices: list of int, each image's place in its source.
        brightness: list of floats 0 to 255, each image's mean luma.

    Example:
        >>> from tfgan_lab.data.inspection import inspect_source
        >>> from tfgan_lab.data.sources import ArraySource
        >>> statistics = Statistics(image_size=8)
        >>> source = ArraySource(np.full((5, 8, 8, 3), 100, np.uint8))
        >>> _ = inspect_source(source, image_size=8, statistics=statistics)
        >>> float(statistics.pixels.mean.mean()), statistics.near_duplicates()
        (100.0, [[0, 1, 2, 3, 4]])
    """

    def __init__(self, image_size):
        self.image_size = image_size
        self.pixels = PixelStatistics()
        self.histogram = np.zeros((3, 256), np.int64)
        self.files = []
        self.indices = []
        self.brightness = []
        self._thumbnails = []

    def __len__(self):
        """Number of images taken in."""
        return len(self.files)

    def update(self, image, file, index) -> None:
        """Takes in an image.

        Args:
            image: uint8 array of shape (image_size, image_size, 3), as training sees it.
            file: ``ImageFile``, what is known of it.
            index: int, its place in its source.
        """
        self.pixels.update(image[np.newaxis])
        for channel in range(3):
            self.histogram[channel] += np.bincount(image[..., channel].ravel(), minlength=256)
        self.brightness.append(float(image.mean(axis=(0, 1)) @ _LUMA))
        self._thumbnails.append(thumbnails(image[np.newaxis])[0])
        self.files.append(file)
        self.indices.append(index)

    def near_duplicates(self) -> list:
        """Groups of places of images that are nearly the same, as they are or mirrored."""
        return near_duplicates(self.thumbnails)

    def farthest(self, count=12) -> np.ndarray:
        """Places of the images farthest from the rest, the farthest first.

        Args:
            count: int, how many at most.
        """
        return farthest(self.thumbnails, count)

    @property
    def thumbnails(self) -> np.ndarray:
        """uint8 array of shape (n, 16, 16, 3)."""
        return np.stack(self._thumbnails)


def read_again(source, indices, image_size) -> np.ndarray:
    """Decodes a few images once more.

    Args:
        source: ``Source``.
        indices: places of the records in the source.
        image_size: int, height and width to resize to.

    Returns:
        uint8 array of shape (len(indices), image_size, image_size, 3), in the order of
        ``indices``.

    Raises:
        UnusableImageError: an image is not what it was.
    """
    wanted = set(map(int, indices))
    found = {
        index: read_record(record, image_size)
        for index, record in enumerate(source)
        if index in wanted
    }
    shape = (0, image_size, image_size, 3)
    images = [found[int(index)] for index in indices]
    return np.stack(images) if images else np.zeros(shape, np.uint8)
