"""A configuration's domains: read from their sources, or drawn."""

from tfgan_lab import data
from tfgan_lab.data.drawn.plate_domains import draw_domains
from tfgan_lab.data.sources import ArraySource, open_domains
from tfgan_lab.runs.pictures import tell_of_enlarged
from tfgan_lab.runs.settings import ConfigError


def load_domains(config):
    """Reads or draws the pictures of a configuration.

    Args:
        config: ``TranslationConfig``.

    Returns:
        ``UnpairedPictures`` for cyclegan, ``Pictures`` labelled by domain for stargan; both with
        ``class_names``, which name the domains.

    Raises:
        ConfigError: no such source, a domain without pictures, or not two domains for cyclegan.
    """
    augmentation = data.Augmentation(config.augment_flip, 0.0, 0.0) if config.augment_flip else None
    try:
        source = open_domain_source(config)
        pictures = data.from_source(
            source,
            image_size=config.image_size,
            channels=config.channels,
            batch_size=config.batch_size,
            seed=config.seed,
            augmentation=augmentation,
        )
        domains = data.split_domains(pictures)  # Each must have pictures, also for stargan.
    except (OSError, ValueError) as error:
        raise ConfigError(str(error)) from error
    names = pictures.class_names or tuple(f"domain {number}" for number in range(len(domains)))
    if config.data_dir:
        counts = (f"{len(domain)} of {name}" for domain, name in zip(domains, names, strict=True))
        print(f"Pictures: {', '.join(counts)}.")
    if pictures.skipped:
        name, reason = pictures.skipped[0]
        print(
            f"Left out: {len(pictures.skipped)}, such as {name} ({reason}). "
            f"'tfgan-lab inspect {' '.join(config.data_dir.split(','))}' names them."
        )
    tell_of_enlarged(pictures)
    if config.model == "stargan":
        pictures.class_names = names
        return pictures
    if len(domains) != 2:
        raise ConfigError(
            f"Expected two domains with cyclegan. Received: {', '.join(names)}; --model=stargan "
            "takes more"
        )
    return data.UnpairedPictures(*domains, class_names=names)


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


def by_domain(pictures) -> tuple:
    """The domains' sets of pictures.

    Args:
        pictures: what ``load_domains`` returned.
    """
    if isinstance(pictures, data.UnpairedPictures):
        return pictures.domains
    return data.split_domains(pictures)
