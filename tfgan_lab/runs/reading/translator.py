"""The released generator of a translator's run, with the names of its domains."""

import numpy as np

from tfgan_lab.models.translating import num_domains, translate_to
from tfgan_lab.runs.settings.validity import ConfigError


class Translator:
    """A generator that translates images, and what its domains are called.

    Args:
        generator: see ``tfgan_lab.models.translating.translate_to``.
        domains: names, by number.

    Raises:
        ValueError: not as many names as domains.
    """

    def __init__(self, generator, domains):
        if len(domains) != num_domains(generator):
            raise ValueError(
                f"Expected a name for each of {num_domains(generator)} domains. "
                f"Received: {', '.join(domains)}"
            )
        self.generator = generator
        self.domains = tuple(domains)

    @property
    def channels(self) -> int:
        """Channels of its images, 1 or 3."""
        network = getattr(self.generator, "first", self.generator)
        return network.output_shape[-1]

    @property
    def default_targets(self) -> tuple:
        """What to translate to unless one says: to B and not back, but to each of many."""
        return self.domains[1:] if len(self.domains) == 2 else self.domains

    def number(self, domain) -> int:
        """Number of a domain.

        Args:
            domain: its name.

        Raises:
            ConfigError: no such domain.
        """
        if domain not in self.domains:
            raise ConfigError(
                f"Expected --domain out of {', '.join(self.domains)}. Received: {domain!r}"
            )
        return self.domains.index(domain)

    def translate(self, images, domain) -> np.ndarray:
        """Translates images of any size.

        Args:
            images: float array of shape (n, height, width, channels) in [-1, 1].
            domain: name of the target.

        Returns:
            float32 array of the images' shape in [-1, 1].

        Raises:
            ConfigError: no such domain.
            ValueError: less than 8 pixels high or wide.
        """
        return translate_to(self.generator, images, self.number(domain))
