"""Whether a generator does what the label says, measured class by class."""

import dataclasses

import numpy as np

from tfgan_lab.metrics.classifier import classifier_features
from tfgan_lab.metrics.evaluator import Evaluation
from tfgan_lab.metrics.kernel import kernel_distance

FEWEST = 10  # images of a class, real and generated, for a distance within it
MOST_OF_A_CLASS = 1000


@dataclasses.dataclass(frozen=True)
class ClassMeasures:
    """What was measured of the classes.

    Args:
        class_names: tuple of str.
        confusion: int array of shape (num_classes, num_classes): of the images conditioned on the
            row's class, how many the classifier takes for the column's.
        real_confusion: the same of the real images that the classifier was not trained on.
        distances: list of ``tfgan_lab.metrics.KernelDistance`` or ``None``, of the generated
            images of each class from its real ones.
        real_baselines: list of float or ``None``, the same of one half of its real images
            against the other.
        counts: dict of ``real`` and ``fake``, lists of how many images of each class there were.
        classifier: str, what told the classes.
        features: str, in what the distances were taken.
        resizer: str, of these features.
    """

    class_names: tuple
    confusion: np.ndarray
    real_confusion: np.ndarray
    distances: list
    real_baselines: list
    counts: dict
    classifier: str
    features: str
    resizer: str

    @property
    def accuracy(self) -> float:
        """Share of generated images classified as the class they were conditioned on."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def real_accuracy(self) -> float:
        """The classifier's accuracy on real images that it has not seen."""
        return float(np.trace(self.real_confusion) / max(1, self.real_confusion.sum()))

    @property
    def class_accuracies(self) -> np.ndarray:
        """``accuracy`` of each class by itself, float array of shape (num_classes,)."""
        return np.diag(self.confusion) / np.maximum(1, self.confusion.sum(axis=1))

    def evaluations(self) -> list:
        """List of ``Evaluation``: the accuracy, then KID within each class."""
        count = int(self.confusion.sum())
        error = float(np.sqrt(self.accuracy * (1 - self.accuracy) / count))
        protocol = {
            "features": self.classifier,
            "resizer": "its own",
            "estimator": "share classified as the class it was conditioned on; real baseline: "
            "of real images that the classifier has not seen",
        }
        counts = {"real": sum(self.counts["real"]), "fake": count, "real_baseline": []}
        values = (self.accuracy, error, self.real_accuracy, "high")
        evaluations = [Evaluation("class_accuracy", *values, protocol, counts)]
        protocol = {
            "features": self.features,
            "resizer": self.resizer,
            "estimator": "cubic kernel, unbiased, within the class",
        }
        of_classes = (self.class_names, self.distances, self.real_baselines, *self.counts.values())
        for name, distance, baseline, real, fake in zip(*of_classes, strict=True):
            if distance is not None:
                counts = {"real": real, "fake": fake}
                counts["real_baseline"] = [(real + 1) // 2, real // 2]
                values = (distance.value, distance.standard_error, baseline, "low")
                evaluations.append(Evaluation(f"kid[{name}]", *values, protocol, counts))
        return evaluations

    def to_dict(self) -> dict:
        """What ``classes.json`` holds."""
        return {
            "class_names": list(self.class_names),
            "accuracy": self.accuracy,
            "real_accuracy": self.real_accuracy,
            "class_accuracies": self.class_accuracies.tolist(),
            "confusion": self.confusion.tolist(),
            "real_confusion": self.real_confusion.tolist(),
            "kid": [None if each is None else each.value for each in self.distances],
            "kid_real_baseline": self.real_baselines,
            "counts": self.counts,
            "classifier": self.classifier,
            "features": self.features,
        }


class ClassEvaluator:
    """Measures generators with classes against one labelled set of real images.

    A classifier is trained on the real images once; how often it is wrong on real ones that it
    has not seen stands beside what it says of generated ones.

    Reference:
        How good is my GAN?, arXiv 1807.09499, section 3 (GAN-test).

    Args:
        reals: array of shape (n, height, width, channels), uint8 or float in [-1, 1].
        labels: int array of shape (n,).
        features: a ``Features``, in which distances are taken.
        class_names: names of the classes, as many as there are.
        num_each: int, generated images of each class.
        classifier: a ``Features`` with class probabilities and ``held_out``; the one of
            ``classifier_features`` unless given.

    Example:
        >>> from tfgan_lab.data import vehicles
        >>> from tfgan_lab.metrics import RandomEmbedding
        >>> drawn = vehicles(64, image_size=32)
        >>> images, labels = drawn.images, drawn.labels
        >>> evaluator = ClassEvaluator(
        ...     images, labels, RandomEmbedding(images), drawn.class_names, num_each=2,
        ...     classifier=classifier_features(images, labels, steps=2),
        ... )
        >>> measures = evaluator.evaluate(lambda asked, index: images[:len(asked)])
        >>> measures.confusion.sum(axis=1).tolist()
        [2, 2, 2, 2, 2, 2, 2, 2]
    """

    def __init__(self, reals, labels, features, class_names, num_each=200, classifier=None):
        self.class_names, self.num_each = tuple(class_names), num_each
        self.features = features
        self.classifier = classifier or classifier_features(reals, labels)
        labels, held_out = np.asarray(labels), self.classifier.held_out
        told = self._told(reals[held_out])
        self._real_confusion = self._count(labels[held_out], told)
        self._real_points = []
        for label in range(len(self.class_names)):
            places = np.flatnonzero(labels == label)
            # Shuffled, because what lies side by side in a folder is often alike.
            places = np.random.default_rng(label).permutation(places)[:MOST_OF_A_CLASS]
            self._real_points.append(features(reals[places]) if len(places) else np.zeros((0, 1)))
        self._real_baselines = [
            self._distance(points[::2], points[1::2]) for points in self._real_points
        ]

    def evaluate(self, sample) -> ClassMeasures:
        """Measures a generator.

        Args:
            sample: function of (labels, index) that returns an image for each label, float in
                [-1, 1]; ``index`` is the number of the class and decides on the latents.

        Returns:
            ``ClassMeasures``.
        """
        confusion = np.zeros((len(self.class_names),) * 2, np.int64)
        distances = []
        for label, real_points in enumerate(self._real_points):
            asked = np.full(self.num_each, label, np.int32)
            images = sample(asked, label)
            confusion += self._count(asked, self._told(images))
            distances.append(self._distance(self.features(images), real_points))
        return ClassMeasures(
            self.class_names,
            confusion,
            self._real_confusion,
            distances,
            [None if baseline is None else baseline.value for baseline in self._real_baselines],
            {
                "real": [len(points) for points in self._real_points],
                "fake": [self.num_each] * len(self.class_names),
            },
            self.classifier.name,
            self.features.name,
            self.features.resizer,
        )

    def _told(self, images):
        return self.classifier.extract(images)[1].argmax(axis=1)

    def _count(self, asked, told):
        size = len(self.class_names)
        return np.bincount(asked * size + told, minlength=size * size).reshape(size, size)

    @staticmethod
    def _distance(points, others):
        few = min(len(points), len(others)) < FEWEST
        return None if few else kernel_distance(points, others)
