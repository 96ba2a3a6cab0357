"""What is measured of a translator while it trains, and what its failures are."""

import numpy as np

from tfgan_lab.diagnosis.failures import Condition, Failure
from tfgan_lab.metrics.diversity import kernel_entropy_ratio, neighbour_ratio
from tfgan_lab.metrics.embedding import RandomEmbedding
from tfgan_lab.models.translating import translate_to

# The thresholds are first guesses, of drawn domains.
TRANSLATION_FAILURES = (
    Failure(
        "non_finite",
        (Condition("finite", "<", 0.5),),
        1,
        "The networks compute values that are no numbers; nothing can be learned from them.",
        "Lower --generator_learning_rate and --discriminator_learning_rate, and try "
        "--precision=float32 if it was another.",
        {},
    ),
    Failure(
        "collapse",
        (Condition("neighbour_ratio", "<", 0.15), Condition("kernel_entropy_ratio", "<", 0.35)),
        2,
        "Translations into one of the domains are nearly the same image whatever goes in.",
        "Raise --cycle_weight, or lower --discriminator_learning_rate.",
        {},
    ),
    Failure(
        "no_way_back",
        (Condition("cycle_error", ">", 0.7),),
        4,
        "What comes back from a translation there and back is hardly the image that went in.",
        "Raise --cycle_weight, or lower --generator_learning_rate.",
        {},
    ),
    Failure(
        "no_translation",
        (Condition("change", "<", 0.05), Condition("fake_right", ">", 0.97)),
        4,
        "Translations are hardly different from what went in, and the discriminator tells them "
        "without fail.",
        "Lower --cycle_weight and --identity_weight; for stargan raise --classification_weight.",
        {},
    ),
    Failure(
        "discriminator_wins",
        (
            Condition("real_right", ">", 0.97),
            Condition("fake_right", ">", 0.97),
            Condition("approach", ">", 0.9),
        ),
        4,
        "The discriminator tells real from translated without fail, and translations come no "
        "nearer to their domain: the generator gets no hint of what would be better.",
        "Lower --discriminator_learning_rate.",
        {},
    ),
)
"""As ``FAILURES``, of translators."""


class TranslationSignals:
    """Reads a translator's state on fixed real images of every domain.

    Every domain is translated into the next one, the last into the first, and back. Errors are
    mean absolute differences of pixels, in units of what two real images of the domain differ
    by: an error of 1 is that of any other image. The signals of one reading:

    - ``cycle_error``: of what comes back.
    - ``identity_error``: of what is translated into the domain that it is in.
    - ``change``: of translations from what went in.
    - ``approach``: distance of translations' mean from their domain's mean in ``RandomEmbedding``,
      over what it was before translating; 0 is best, and 1 is no nearer.
    - ``neighbour_ratio``, ``kernel_entropy_ratio``: see ``tfgan_lab.metrics``; translations
      against real images of their domain, the lowest of all domains.
    - ``real_right``, ``fake_right``: shares that the discriminator judges right, half-way between
      its mean logits of real and translated images being the border.
    - ``finite``: 1.0, or 0.0 where any value isn't finite.

    Args:
        domains: float arrays of shape (n, height, width, channels) in [-1, 1], one a domain.
        num_images: int, of each domain that are looked at.

    Attributes:
        failures: table of the failures that these signals tell.
    """

    failures = TRANSLATION_FAILURES

    def __init__(self, domains, num_images=64):
        count = min(num_images, *map(len, domains))
        self.domains = [np.asarray(domain[:count], np.float32) for domain in domains]
        self._units = [
            max(_error(domain, np.roll(domain, 1, axis=0)), 1e-6) for domain in self.domains
        ]
        self._embeddings = [RandomEmbedding(domain) for domain in self.domains]
        self._points = [
            embed(domain) for embed, domain in zip(self._embeddings, self.domains, strict=True)
        ]

    def read(self, model) -> dict:
        """Measures.

        Args:
            model: a ``CycleGAN``, or a ``StarGAN`` with one exclusive label set.

        Returns:
            Dict of name to float.
        """
        readings = []
        for source in range(len(self.domains)):
            reading = self._read_direction(model, source, (source + 1) % len(self.domains))
            if reading is None:
                return {"finite": 0.0}
            readings.append(reading)
        together = {name: [reading[name] for reading in readings] for name in readings[0]}
        lowest = ("neighbour_ratio", "kernel_entropy_ratio")
        return {"finite": 1.0} | {
            name: float(np.min(values) if name in lowest else np.mean(values))
            for name, values in together.items()
        }

    def _read_direction(self, model, source, target):
        """Signals of one way, or ``None`` where a value isn't finite."""
        generator, reals = model.sampling_generator, self.domains[source]
        fakes = translate_to(generator, reals, target)
        back = translate_to(generator, fakes, source)
        same = translate_to(generator, reals, source)
        real_logits = np.asarray(model.judge(self.domains[target], target), np.float64)
        fake_logits = np.asarray(model.judge(fakes, target), np.float64)
        if not all(np.isfinite(each).all() for each in (fakes, back, real_logits, fake_logits)):
            return None
        embed, goal = self._embeddings[target], self._points[target]
        points, unit = embed(fakes), self._units[source]
        before = np.linalg.norm(embed(reals).mean(axis=0) - goal.mean(axis=0))
        border = (real_logits.mean() + fake_logits.mean()) / 2
        return {
            "cycle_error": _error(reals, back) / unit,
            "identity_error": _error(reals, same) / unit,
            "change": _error(reals, fakes) / unit,
            "approach": np.linalg.norm(points.mean(axis=0) - goal.mean(axis=0)) / max(before, 1e-9),
            "neighbour_ratio": neighbour_ratio(points, goal),
            "kernel_entropy_ratio": kernel_entropy_ratio(points, goal),
            "real_right": (real_logits > border).mean(),
            "fake_right": (fake_logits < border).mean(),
        }


def _error(images, others):
    return float(np.abs(images - others).mean())
