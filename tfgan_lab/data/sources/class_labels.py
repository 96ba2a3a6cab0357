"""From the labels of records to classes."""

import numpy as np


def resolve_classes(source, labels, names) -> tuple:
    """Turns the labels of a source's records into numbers and the names of classes.

    Args:
        source: ``Source``.
        labels: list of each record's label, int, str or ``None``.
        names: list of each record's name, for messages.

    Returns:
        (int32 array of shape (n,), names of the classes or ``()``); ``(None, ())`` where no record
        has a label. Classes told by name are numbered in the order of their names.

    Raises:
        ValueError: some have none, or a label is out of range.
    """
    missing = [name for name, label in zip(names, labels, strict=True) if label is None]
    if len(missing) == len(labels) and not source.labelled:
        return None, ()
    if missing:
        where = "a subfolder named after its class" if source.noun == "file" else "a class"
        raise ValueError(
            f"Expected every image of {source.location} in {where}. Received: {len(missing)} "
            f"images in none, {missing[0]!r} for one"
        )
    if all(isinstance(label, str) for label in labels):
        class_names = source.class_names or sorted(set(labels))
        places = {name: place for place, name in enumerate(class_names)}
        labels = [places.get(label, label) for label in labels]
    else:
        class_names = source.class_names
    highest = len(class_names) - 1 if class_names else np.iinfo(np.int32).max
    for name, label in zip(names, labels, strict=True):
        if isinstance(label, str) or not 0 <= label <= highest:
            named = f" ({len(class_names)} classes have names)" if class_names else ""
            raise ValueError(
                f"Expected labels from 0 to {highest} in {source.location}{named}. "
                f"Received: {label!r} at {name}"
            )
    return np.array(labels, np.int32), class_names
