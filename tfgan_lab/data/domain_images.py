"""Sets of images of several domains, served so that training resumes to the same bits."""

import hashlib

import numpy as np
import tensorflow as tf

from tfgan_lab.data.image_set import ImageSet


class _Together:
    """Sets of images that are served together.

    Args:
        sets: tuple of ``ImageSet``, alike in size, channels, batch size and seed.
    """

    def __init__(self, sets):
        first, facts = sets[0], [(s.images.shape[1:], s.batch_size, s.seed) for s in sets]
        for other in facts[1:]:
            if other != facts[0]:
                raise ValueError(
                    "Expected sets of images of one shape, batch size and seed. "
                    f"Received: {facts[0]} and {other}"
                )
        self._sets, self.batch_size, self.seed = sets, first.batch_size, first.seed

    def __len__(self):
        """Number of images of all sets."""
        return sum(map(len, self._sets))

    def fingerprint(self) -> str:
        """SHA-256 over all sets: whether they are the same."""
        digests = "".join(each.fingerprint() for each in self._sets)
        return hashlib.sha256(digests.encode()).hexdigest()


class UnpairedImages(_Together):
    """Images of domain A and of domain B, which belong to no pairs.

    Every batch holds as many of each. Each domain goes through permutations of its own, so that an
    image meets another one in every epoch; the smaller domain restarts while the larger one
    is not through.

    Args:
        a: ``ImageSet`` of domain A.
        b: ``ImageSet`` of domain B, with size, channels, batch size and seed of A.
        class_names: names of both domains.

    Attributes:
        domains: tuple of both sets.

    Raises:
        ValueError: sets that don't go together.

    Example:
        >>> from tfgan_lab.data import plates
        >>> both = UnpairedImages(plates(4, batch_size=2), plates(6, batch_size=2))
        >>> both.steps_per_epoch, sorted(next(iter(both.dataset())))
        (3, ['image_a', 'image_b'])
    """

    def __init__(self, a: ImageSet, b: ImageSet, class_names=("a", "b")):
        super().__init__((a, b))
        self.domains, self.class_names = (a, b), tuple(class_names)

    @property
    def steps_per_epoch(self) -> int:
        """How many batches it takes to see every image of the larger domain."""
        return max(domain.steps_per_epoch for domain in self.domains)

    @property
    def skipped(self) -> tuple:
        """(name, reason) of what the sources had to leave out."""
        return self.domains[0].skipped + self.domains[1].skipped

    def dataset(self, start_step=0) -> tf.data.Dataset:
        """Returns the endless data set of dicts ``image_a``, ``image_b`` from a step on."""
        sides = [
            domain.dataset(start_step, stream=stream) for stream, domain in enumerate(self.domains)
        ]
        return tf.data.Dataset.zip(*sides).map(
            lambda a, b: {"image_a": a["image"], "image_b": b["image"]}
        )


class AlternatingImages(_Together):
    """Several labelled sets in turn: a batch of the first, one of the second, and so on.

    For a model that learns from data sets with label sets of their own at once, such as
    ``tfgan_lab.models.StarGAN`` with ``tfgan_lab.losses.LabelSets``.

    Reference:
        StarGAN: Unified Generative Adversarial Networks for Multi-Domain Image-to-Image
        Translation, arXiv 1711.09020, section 3.3.

    Args:
        sets: list of two or more ``ImageSet`` with labels, alike in size, channels, batch size
            and seed.

    Attributes:
        sets: tuple of the sets.

    Raises:
        ValueError: fewer than two sets, one without labels, or sets that don't go together.
    """

    def __init__(self, sets):
        self.sets = tuple(sets)
        if len(self.sets) < 2 or any(each.labels is None for each in self.sets):
            raise ValueError(
                "Expected two or more sets of images with labels. "
                f"Received: {len(self.sets)} sets, labels of "
                f"{sum(each.labels is not None for each in self.sets)}"
            )
        super().__init__(self.sets)

    @property
    def steps_per_epoch(self) -> int:
        """How many batches it takes to see every image of the largest set."""
        return len(self.sets) * max(each.steps_per_epoch for each in self.sets)

    def dataset(self, start_step=0) -> tf.data.Dataset:
        """Returns the endless data set of dicts ``image``, ``label``, ``data_set`` from a step."""
        turns = []
        for place in range(len(self.sets)):
            number = (start_step + place) % len(self.sets)
            turn = self.sets[number].dataset((start_step + place) // len(self.sets), stream=number)
            turns.append(turn.map(lambda batch, number=number: _numbered(batch, number)))
        return tf.data.Dataset.choose_from_datasets(
            turns, tf.data.Dataset.range(len(self.sets)).repeat()
        )


def split_domains(images: ImageSet) -> tuple:
    """Splits labelled images into a set for each label.

    Args:
        images: ``ImageSet`` with ``labels`` and ``class_names``.

    Returns:
        Tuple of ``ImageSet`` without labels, one for each class.

    Raises:
        ValueError: no labels, or fewer than two images of one.

    Example:
        >>> from tfgan_lab.data import from_arrays
        >>> mixed = from_arrays(np.zeros((5, 8, 8), np.uint8), [0, 1, 0, 1, 1], ["dark", "light"])
        >>> [len(domain) for domain in split_domains(mixed)]
        [2, 3]
    """
    if images.labels is None:
        raise ValueError("Expected images labelled with their domain. Received: no labels")
    parts = []
    for label, name in enumerate(images.names_of_classes()):
        places = np.flatnonzero(images.labels == label)
        if len(places) < 2:
            raise ValueError(
                f"Expected at least 2 usable images in every domain. Received: {len(places)} in "
                f"{name}"
            )
        part = images.chosen(places)
        part.labels, part.class_names = None, ()
        part.skipped = tuple(
            (file, reason) for file, reason in images.skipped if file.startswith(f"{name}/")
        )
        parts.append(part)
    return tuple(parts)


def _numbered(batch, number):
    return batch | {"data_set": tf.fill(tf.shape(batch["label"]), number)}
