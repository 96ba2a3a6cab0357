"""A configuration's pictures: read from the source it names, or drawn."""

from tfgan_lab import data
from tfgan_lab.runs.settings import ConfigError
from tfgan_lab.runs.sources import open_source


def load_pictures(config) -> data.Pictures:
    """Reads or draws the pictures of a configuration.

    Args:
        config: ``RunConfig``.

    Raises:
        ConfigError: the source has fewer than two usable pictures, or is none; or the steps of
            an epoch don't fit ``steps_per_execution``.
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
    if config.mirrored_copies:
        pictures = pictures.with_mirrored()
    if pictures.steps_per_epoch % config.steps_per_execution:
        raise ConfigError(
            f"Expected --steps_per_execution to divide the {pictures.steps_per_epoch} steps of an "
            f"epoch. Received: steps_per_execution={config.steps_per_execution}"
        )
    return pictures


def _read(config, shared):
    source = open_source(config.to_dict())
    pictures = data.from_source(source, channels=config.channels, **shared)
    print(f"{len(pictures)} pictures from {source}.")
    if pictures.unusable:
        name, reason = pictures.unusable[0]
        where = config.data_dir or f"--tfds_name={config.tfds_name}"
        print(
            f"{source.noun.capitalize()}s left out: {len(pictures.unusable)}, such as {name} "
            f"({reason}). 'tfgan-lab inspect {where}' names them."
        )
    return pictures
