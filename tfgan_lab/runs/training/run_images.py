"""A configuration's images, read from the source it names."""

import pathlib

import numpy as np

from tfgan_lab import data
from tfgan_lab.console import is_quiet
from tfgan_lab.runs.settings.named_source import open_source
from tfgan_lab.runs.settings.validity import ConfigError

FEWEST = 2  # images of a class; one alone could only be copied


def load_images(config) -> data.ImageSet:
    """Reads or draws the images of a configuration.

    Args:
        config: ``RunConfig``.

    Raises:
        ConfigError: the source has fewer than two usable images, or is none; the images have
            no classes, or one of few images, with ``conditional``; or the steps of an epoch don't
            fit ``steps_per_execution``.
    """
    augmentation = data.Augmentation(
        config.augment_flip, config.augment_zoom, config.augment_rotation
    )
    try:
        source = open_source(config.to_dict())
        images = read_images(source, config, augmentation if augmentation.layers else None)
        if not (config.drawn or is_quiet()):
            print(f"{len(images)} images from {source}.")
        images = images.subset(config.subset) if config.subset < 1 else images
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    if config.conditional:
        _check_classes(config, images)
        images = images.balanced() if config.class_sampling == "balanced" else images
    if config.mirrored_copies:
        images = images.with_mirrored()
    if images.steps_per_epoch % config.steps_per_execution:
        raise ConfigError(
            f"Expected --steps_per_execution to divide the {images.steps_per_epoch} steps of an "
            f"epoch. Received: steps_per_execution={config.steps_per_execution}"
        )
    return images


def read_images(source, config, augmentation) -> data.ImageSet:
    """Reads a source as a configuration says; tells what was left out, and what is enlarged.

    Args:
        source: ``tfgan_lab.data.sources.Source``.
        config: ``RunConfig`` or ``TranslationConfig``.
        augmentation: as of ``tfgan_lab.data.from_source``.

    Raises:
        ValueError: fewer than two usable images, or labels that are no classes.
    """
    images = data.from_source(
        source,
        image_size=config.image_size,
        channels=config.channels,
        batch_size=config.batch_size,
        seed=config.seed,
        augmentation=augmentation,
    )
    if images.skipped:
        name, reason = images.skipped[0]
        paths = " ".join(each.location for each in getattr(source, "sources", [source]))
        where = paths if config.data_dir else f"--tfds_name={config.tfds_name}"
        print(
            f"{source.noun.capitalize()}s left out: {len(images.skipped)}, such as {name} "
            f"({reason}). 'tfgan-lab inspect {where}' names them."
        )
    if images.enlarged and not is_quiet():
        count, (name, (width, height)) = len(images.enlarged), images.enlarged[0]
        print(
            f"Note: {count} of {len(images)} images are enlarged, to {config.image_size} pixels, "
            f"such as {name} of {width}x{height}; of every image the middle square is taken."
        )
    return images


def _check_classes(config, images):
    """Raises unless there is something to be learned of two classes or more."""
    if images.labels is None or images.num_classes < 2:
        has = f"{images.num_classes} classes" if images.num_classes else "images without any"
        raise ConfigError(
            "Expected images of 2 classes or more with --conditional: a folder with a subfolder "
            f"for each class, or a source with labels. Received: {has}"
        )
    counts = np.bincount(images.labels, minlength=images.num_classes)
    named = zip(counts, images.names_of_classes(), strict=True)
    few = [f"{count} of {name!r}" for count, name in named if count < FEWEST]
    few += [f"0 of {name!r}" for name in _empty_folders(config, images)]
    if few:
        raise ConfigError(
            f"Expected at least {FEWEST} usable images of every class with --conditional. "
            f"Received: {', '.join(few)}"
        )


def _empty_folders(config, images):
    """Names of subfolders from which no image came, so that they are no class."""
    folder = pathlib.Path(config.data_dir)
    from_folders = config.data_dir and folder.is_dir() and "/" in images.names[0]
    if not from_folders or config.subset < 1:
        return []
    subfolders = {each.name for each in folder.iterdir() if each.is_dir()}
    hidden = {name for name in subfolders if name.startswith((".", "__"))}
    return sorted(subfolders - hidden - set(images.class_names))
