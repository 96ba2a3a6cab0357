"""A configuration's domains: read from their sources, or drawn."""

from tfgan_lab import data
from tfgan_lab.data.drawn.plate_domains import draw_domains
from tfgan_lab.data.sources import ArraySource, open_domains
from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.training.run_images import tell_of_enlarged


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
        source = open_domain_source(config)
        images = data.from_source(
            source,
            image_size=config.image_size,
            channels=config.channels,
            batch_size=config.batch_size,
            seed=config.seed,
            augmentation=augmentation,
        )
        domains = data.split_domains(images)  # Each must have images, also for stargan.
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    names = images.class_names or tuple(f"domain {number}" for number in range(len(domains)))
    if config.data_dir:
        counts = (f"{len(domain)} of {name}" for domain, name in zip(domains, names, strict=True))
        print(f"Images: {', '.join(counts)}.")
    if images.skipped:
        name, reason = images.skipped[0]
        print(
            f"Left out: {len(images.skipped)}, such as {name} ({reason}). "
            f"'tfgan-lab inspect {' '.join(config.data_dir.split(','))}' names them."
        )
    tell_of_enlarged(images)
    if config.model == "stargan":
        images.class_names = names
        return images
    if len(domains) != 2:
        raise ConfigError(
            f"Expected two domains with cyclegan. Received: {', '.join(names)}; --model=stargan "
            "takes more"
        )
    return data.UnpairedImages(*domains, class_names=names)


def open_domain_source(config):
    """The labelled source that a configuration names.

    Args:
        config: ``TranslationConfig``.

    Raises:
        OSError, ValueError: there is no such source, or it is damaged.
    """
    if not config.drawn:
        return open_domains([path.strip() for path in config.data_dir.split(",")])
    images, domains, scenes = draw_domains(
        config.factor, config.domain_names, config.num_drawn, config.image_size, config.seed
    )
    names = [f"plate_{scene:05d}" for scene in scenes]
    return ArraySource(images, domains, config.domain_names, names, location="drawn plates")


def by_domain(images) -> tuple:
    """The domains' sets of images.

    Args:
        images: what ``load_domains`` returned.
    """
    if isinstance(images, data.UnpairedImages):
        return images.domains
    return data.split_domains(images)
