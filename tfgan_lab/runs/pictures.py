"""A configuration's pictures: read from the source it names, or drawn."""

import pathlib

import numpy as np

from tfgan_lab import data
from tfgan_lab.console import is_quiet
from tfgan_lab.runs.settings import ConfigError
from tfgan_lab.runs.sources import open_source

FEWEST = 2  # pictures of a class; one alone could only be copied


def load_pictures(config) -> data.Pictures:
    """Reads or draws the pictures of a configuration.

    Args:
        config: ``RunConfig``.

    Raises:
        ConfigError: the source has fewer than two usable pictures, or is none; the pictures have
            no classes, or one of few pictures, with ``conditional``; or the steps of an epoch don't
            fit ``steps_per_execution``.
    """
    augmentation = data.Augmentation(
        config.augment_flip, config.augment_zoom, config.augment_rotation
    )
    shared = {
        "image_size": config.image_size,
        "batch_size": config.batch_size,
        "seed": config.seed,
        "augmentation": augmentation if augmentation.layers else None,
    }
    try:
        if config.drawn:
            pictures = getattr(data, config.drawn)(config.num_drawn, **shared)
        else:
            pictures = _read(config, shared)
        pictures = pictures.subset(config.subset) if config.subset < 1 else pictures
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    if config.conditional:
        _check_classes(config, pictures)
        pictures = pictures.balanced() if config.class_sampling == "balanced" else pictures
    if config.mirrored_copies:
        pictures = pictures.with_mirrored()
    if pictures.steps_per_epoch % config.steps_per_execution:
        raise ConfigError(
            f"Expected --steps_per_execution to divide the {pictures.steps_per_epoch} steps of an "
            f"epoch. Received: steps_per_execution={config.steps_per_execution}"
        )
    return pictures


def _check_classes(config, pictures):
    """Raises unless there is something to be learned of two classes or more."""
    if pictures.labels is None or pictures.num_classes < 2:
        has = f"{pictures.num_classes} classes" if pictures.num_classes else "pictures without any"
        raise ConfigError(
            "Expected pictures of 2 classes or more with --conditional: a folder with a subfolder "
            f"for each class, or a source with labels. Received: {has}"
        )
    counts = np.bincount(pictures.labels, minlength=pictures.num_classes)
    named = zip(counts, pictures.names_of_classes(), strict=True)
    few = [f"{count} of {name!r}" for count, name in named if count < FEWEST]
    few += [f"0 of {name!r}" for name in _empty_folders(config, pictures)]
    if few:
        raise ConfigError(
            f"Expected at least {FEWEST} usable pictures of every class with --conditional. "
            f"Received: {', '.join(few)}"
        )


def _empty_folders(config, pictures):
    """Names of subfolders from which no picture came, so that they are no class."""
    folder = pathlib.Path(config.data_dir)
    from_folders = config.data_dir and folder.is_dir() and "/" in pictures.names[0]
    if not from_folders or config.subset < 1:
        return []
    subfolders = {each.name for each in folder.iterdir() if each.is_dir()}
    hidden = {name for name in subfolders if name.startswith((".", "__"))}
    return sorted(subfolders - hidden - set(pictures.class_names))


def tell_of_enlarged(pictures):
    """Prints a note where pictures were smaller than they are wanted.

    Args:
        pictures: ``Pictures`` that were read from a source.
    """
    if pictures.enlarged and not is_quiet():
        count, (name, (width, height)) = len(pictures.enlarged), pictures.enlarged[0]
        print(
            f"Note: {count} of {len(pictures)} pictures are enlarged, to "
            f"{pictures.images.shape[1]} pixels, such as {name} of {width}x{height}; of every "
            "picture the middle square is taken."
        )


def _read(config, shared):
    source = open_source(config.to_dict())
    pictures = data.from_source(source, channels=config.channels, **shared)
    if not is_quiet():
        print(f"{len(pictures)} pictures from {source}.")
    if pictures.skipped:
        name, reason = pictures.skipped[0]
        where = config.data_dir or f"--tfds_name={config.tfds_name}"
        print(
            f"{source.noun.capitalize()}s left out: {len(pictures.skipped)}, such as {name} "
            f"({reason}). 'tfgan-lab inspect {where}' names them."
        )
    tell_of_enlarged(pictures)
    return pictures
