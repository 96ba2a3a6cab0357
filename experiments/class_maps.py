"""Report R4's question: which region makes this digit a 7? For any images with classes."""

import keras
import numpy as np

from tfgan_lab.attribution import activation_maps
from tfgan_lab.data.pipeline import to_float
from tfgan_lab.networks import pooled_classifier
from tfgan_lab.plots import image_rows, overlay

STEPS, BATCH_SIZE = 500, 64
HELD_OUT = 5  # Every fifth image of a class tells the accuracy, and is not trained on.


def draw_class_maps(figures, images, fakes=None, fake_labels=None, steps=None):
    """Trains a classifier of the images' classes, and draws the maps of its evidence.

    The classifier ends in global average pooling, so that its maps are exact. Drawn are a held-out
    image of each class and its map; below, with ``fakes``, a generated image of each class and
    its map: evidence for the class that the generator was conditioned on.

    Args:
        figures: ``FigureFolder``.
        images: ``ImageSet`` with labels.
        fakes: float array of generated images in [-1, 1], one of each class or more, or ``None``.
        fake_labels: int array, the classes that they were made for.
        steps: int, batches of 64; 500 unless given.

    Returns:
        Float, the classifier's accuracy on images that it was not trained on.

    Raises:
        ValueError: no labels, fakes without, or no fake of a class.
    """
    if images.labels is None or (fakes is None) != (fake_labels is None):
        raise ValueError("Expected labels of the images, and of fakes where there are any")
    held_out, classes = held_out_places(images.labels), np.unique(images.labels)
    real = held_out[_first_of_each(classes, images.labels[held_out])]
    shown = {"real": to_float(images.images[real]).numpy()}
    if fakes is not None:
        shown["generated"] = np.asarray(fakes)[_first_of_each(classes, np.asarray(fake_labels))]
    network, accuracy = train_classifier(images, steps or STEPS)
    rows = {}
    for kind, each in shown.items():
        maps = activation_maps(network, each, classes).maps
        rows |= {kind: each, f"{kind}, maps": overlay(each, maps)}
    figures.add(
        "class_maps",
        image_rows(rows),
        "Which region is evidence for an image's class: class activation maps of a classifier "
        f"that is right on {accuracy:.1%} of images that it was not trained on. Red: evidence "
        "for the class; blue: evidence against it.",
    )
    return accuracy


def train_classifier(images, steps) -> tuple:
    """Trains a classifier with an exact head on all but every fifth image of a class.

    Args:
        images: ``ImageSet`` with labels.
        steps: int, batches of 64.

    Returns:
        The ``keras.Model``, and its accuracy on the others.
    """
    size, channels = images.images.shape[2:]
    keras.utils.set_random_seed(images.seed)
    network = pooled_classifier(
        image_size=size, channels=channels, num_classes=int(images.labels.max()) + 1
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    held_out = held_out_places(images.labels)
    training = np.delete(np.arange(len(images)), held_out)
    rng = np.random.default_rng(images.seed)
    for _ in range(steps):
        chosen = rng.choice(training, BATCH_SIZE)
        network.train_on_batch(to_float(images.images[chosen]), images.labels[chosen])
    _, accuracy = network.evaluate(
        to_float(images.images[held_out]), images.labels[held_out], batch_size=256, verbose=0
    )
    return network, float(accuracy)


def held_out_places(labels) -> np.ndarray:
    """Where the images lie that a classifier is not trained on.

    Args:
        labels: int array of shape (n,).

    Returns:
        Sorted ints: of every class the first, and each fifth after it.
    """
    places = [np.flatnonzero(labels == each)[::HELD_OUT] for each in np.unique(labels)]
    return np.sort(np.concatenate(places))


def _first_of_each(classes, labels):
    missing = set(classes.tolist()) - set(labels.tolist())
    if missing:
        raise ValueError(f"Expected an image of every class. Received: none of {sorted(missing)}")
    return np.array([np.flatnonzero(labels == each)[0] for each in classes])
