"""The set of images that training runs on, whatever source it came from."""

import copy
import functools
import hashlib
import math

import numpy as np
import tensorflow as tf

from tfgan_lab.data.augmentation import Augmentation
from tfgan_lab.data.balancing import BalancedOrder
from tfgan_lab.data.pipeline import batch_indices, batches, to_float
from tfgan_lab.data.pixels import collect


class ImageSet:
    """Decoded images and the way they are served.

    It holds the pixels once and makes ``tf.data`` sets of dicts from them that start at any step.
    That is what an exact resume needs and a plain data set cannot give: its iterator would have
    to be replayed or saved.

    Args:
        images: uint8 array of shape (n, size, size, channels) with channels 1 or 3 and n >= 2.
        labels: int array of shape (n,), or ``None`` where there are no classes.
        class_names: names of the classes, the label being the place in this list.
        names: n names of the images (paths within a folder, say), for reports.
        batch_size: int from 1.
        seed: int, key of order and augmentation.
        augmentation: an ``Augmentation``, or ``None`` to serve images as they are.

    Attributes:
        factors: dict of arrays of length n, what is known about drawn images; else empty.
        skipped: tuple of (name, reason) of what the source had to leave out.
        enlarged: tuple of (name, (width, height)) of what was smaller than the images are here.
        is_balanced: whether batches have every class as often, see ``balanced``.

    Raises:
        ValueError: fewer than two images, or arrays that don't fit together.
    """

    def __init__(
        self,
        images,
        *,
        labels=None,
        class_names=(),
        names=(),
        batch_size=32,
        seed=0,
        augmentation=None,
    ):
        images = np.ascontiguousarray(images)
        if images.ndim != 4 or images.dtype != np.uint8 or images.shape[-1] not in (1, 3):
            raise ValueError(
                "Expected images as uint8 of shape (n, size, size, 1 or 3). "
                f"Received: {images.dtype} of shape {images.shape}"
            )
        if len(images) < 2:
            raise ValueError(f"Expected at least 2 images. Received: {len(images)}")
        if batch_size < 1:
            raise ValueError(f"Expected batch_size from 1. Received: batch_size={batch_size}")
        if labels is not None and len(labels) != len(images):
            raise ValueError(
                f"Expected one label for each of {len(images)} images. Received: {len(labels)}"
            )
        self.images = images
        self.labels = None if labels is None else np.asarray(labels, np.int32)
        self.class_names = tuple(class_names)
        self.names = tuple(names) or tuple(f"{index:05d}" for index in range(len(images)))
        self.batch_size = batch_size
        self.seed = seed
        self.augmentation = augmentation
        self.factors = {}
        self.skipped, self.enlarged = (), ()
        self.is_balanced = False

    def __len__(self):
        """Number of images."""
        return len(self.images)

    @property
    def steps_per_epoch(self) -> int:
        """How many batches it takes to see every image, n / batch_size rounded up.

        All batches are full; what the last one has over belongs to the next pass.
        """
        return math.ceil(len(self) / self.batch_size)

    @property
    def num_classes(self) -> int:
        """How many classes there are; 0 where images have no labels."""
        if self.labels is None:
            return 0
        return len(self.class_names) or int(self.labels.max()) + 1

    def names_of_classes(self) -> tuple:
        """Names of the classes in the order of their labels; the labels as text without names."""
        return self.class_names or tuple(str(label) for label in range(self.num_classes))

    def balanced(self) -> "ImageSet":
        """The same images, served so that every class comes up as often, however rare it is.

        An epoch has as many steps as before, and the images of rare classes several times.

        Raises:
            ValueError: there are no labels.
        """
        if self.labels is None:
            raise ValueError("Expected images with labels to balance their classes. Received: no")
        other = copy.copy(self)
        other.is_balanced = True
        return other

    def thinned(self, label, share) -> "ImageSet":
        """The images with one class made rarer, chosen by the seed.

        Args:
            label: int, the class.
            share: float in (0, 1], how many of its images to keep; a smaller share is within a
                larger one.

        Returns:
            ``ImageSet`` in the same order.

        Raises:
            ValueError: there is no such class, or nothing of it would be left.
        """
        places = [] if self.labels is None else np.flatnonzero(self.labels == label)
        count = round(share * len(places))
        if not 0 < share <= 1 or count < 1:
            raise ValueError(
                "Expected a class, and a share in (0, 1] that leaves an image of it. Received: "
                f"{len(places)} images with label={label}, share={share}"
            )
        rest = np.random.default_rng([self.seed, label]).permutation(places)[count:]
        return self.chosen(np.setdiff1d(np.arange(len(self)), rest))

    def subset(self, share) -> "ImageSet":
        """A part of the images, chosen by the seed; a smaller part is within a larger one.

        Args:
            share: float in (0, 1].

        Returns:
            ``ImageSet`` in the same order, rounded to whole images.

        Raises:
            ValueError: fewer than two images would be left.
        """
        if not 0 < share <= 1:
            raise ValueError(f"Expected share in (0, 1]. Received: share={share}")
        count = round(share * len(self))
        if count < 2:
            raise ValueError(
                f"Expected at least 2 images in a subset. Received: share={share} of {len(self)}"
            )
        chosen = np.random.default_rng(self.seed).permutation(len(self))[:count]
        return self.chosen(np.sort(chosen))

    def with_mirrored(self) -> "ImageSet":
        """The images and, behind them, the mirrored copy of each."""
        doubled = self.chosen(np.tile(np.arange(len(self)), 2))
        for image in doubled.images[len(self) :]:
            image[:] = image[:, ::-1]
        doubled.names = self.names + tuple(f"{name}, mirrored" for name in self.names)
        return doubled

    def chosen(self, places) -> "ImageSet":
        """A set of the images at some places.

        Args:
            places: int array of shape (n,).
        """
        other = copy.copy(self)
        other.images = collect(self.images[place] for place in places)
        other.labels = None if self.labels is None else self.labels[places]
        other.names = tuple(self.names[place] for place in places)
        other.factors = {name: values[places] for name, values in self.factors.items()}
        return other

    def dataset(self, start_step=0, stream=0) -> tf.data.Dataset:
        """Returns the endless data set of dict batches from ``start_step`` on.

        Args:
            start_step: int.
            stream: int, distinguishes sets that are served together; each has its own order.
        """
        if self.is_balanced:
            order = BalancedOrder(self.labels, self.batch_size, self.seed)
        else:
            order = functools.partial(
                batch_indices,
                batch_size=self.batch_size,
                num_images=len(self),
                seed=self.seed,
                stream=stream,
            )
        return batches(
            self.images,
            self.labels,
            order,
            seed=self.seed,
            augmentation=self.augmentation,
            start_step=start_step,
            stream=stream,
        )

    def sample(self, num_images) -> np.ndarray:
        """Some images spread evenly over the set, the same ones each time.

        Args:
            num_images: int; fewer come back where the set is smaller.

        Returns:
            float32 array of shape (num_images, size, size, channels) in [-1, 1].
        """
        return to_float(self.images[self._spread(num_images)]).numpy()

    def sample_labels(self, num_images):
        """The labels of what ``sample`` returns, int32 of shape (num_images,), or ``None``."""
        return None if self.labels is None else self.labels[self._spread(num_images)]

    def sample_of_class(self, label, num_images) -> np.ndarray:
        """Some images of one class, as ``sample`` returns them; none where it has none.

        Args:
            label: int.
            num_images: int; fewer come back where the class is smaller.
        """
        places = np.flatnonzero(self.labels == label)
        chosen = np.linspace(0, len(places) - 1, min(num_images, len(places))).round().astype(int)
        return to_float(self.images[places[chosen]]).numpy()

    def _spread(self, num_images):
        return np.linspace(0, len(self) - 1, min(num_images, len(self))).round().astype(int)

    def augmented(self, images, num_variants) -> np.ndarray:
        """Variants of some images, as training might see them.

        Args:
            images: float32 array of shape (n, size, size, channels).
            num_variants: int, of each image.

        Returns:
            float32 array of shape (n * num_variants, size, size, channels) in [-1, 1], all
            variants of the first image, then of the second, and so on. A set that is not
            augmented shows the default augmentation.
        """
        augmentation = self.augmentation or Augmentation()
        repeated = tf.repeat(images, num_variants, axis=0)
        return augmentation(repeated, tf.constant([self.seed, 0], tf.int64)).numpy()

    def fingerprint(self) -> str:
        """SHA-256 over shape, pixels and labels: whether two sets are the same."""
        digest = hashlib.sha256(repr(self.images.shape).encode())
        digest.update(self.images)
        if self.labels is not None:
            digest.update(np.ascontiguousarray(self.labels))
        return digest.hexdigest()
