"""A configuration's domains, read from the source it names."""

from tfgan_lab import data
from tfgan_lab.runs.settings.named_source import open_domains
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_images import read_images


def load_domains(config):
    """Reads or draws the images of a configuration.

    Args:
        config: ``TranslationConfig``.

    Returns:
        ``UnpairedImages`` for cyclegan, ``ImageSet`` labelled by domain for stargan; both with
        ``class_names``, which name the domains.

    Raises:
        ConfigError: no such source, a domain without images, or not two domains for cyclegan.
    """
    augmentation = data.Augmentation(config.augment_flip, 0.0, 0.0) if config.augment_flip else None
    try:
        images = read_images(open_domains(config), config, augmentation)
        domains = data.split_domains(images)  # Each must have images, also for stargan.
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    names = images.class_names or tuple(f"domain {number}" for number in range(len(domains)))
    if not config.drawn:
        counts = (f"{len(domain)} of {name}" for domain, name in zip(domains, names, strict=True))
        print(f"Images: {', '.join(counts)}.")
    if config.model == "stargan":
        images.class_names = names
        return images
    if len(domains) != 2:
        raise ConfigError(
            f"Expected two domains with cyclegan. Received: {', '.join(names)}; --model=stargan "
            "takes more"
        )
    return data.UnpairedImages(*domains, class_names=names)


def by_domain(images) -> tuple:
    """The domains' sets of images.

    Args:
        images: what ``load_domains`` returned.
    """
    if isinstance(images, data.UnpairedImages):
        return images.domains
    return data.split_domains(images)
