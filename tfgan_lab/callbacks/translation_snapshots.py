"""The same images translated, during training."""

import numpy as np

from tfgan_lab import run_layout
from tfgan_lab.callbacks.image_snapshots import ImageSnapshots
from tfgan_lab.models.translating import num_domains, translate_to
from tfgan_lab.plots.grids import tile_images


class TranslationSnapshots(ImageSnapshots):
    """Writes a grid of the same images' translations again and again.

    A row is an image, its translation into every domain (its own among them, where it should stay
    as it is), and what comes back from the next domain. The files are ``snapshots/untrained.png``,
    ``snapshots/epoch_00010.png`` and so on, and ``data.png``, a row of images of each domain.

    Args:
        directory: path of the run; the files go into its folder ``snapshots``.
        domains: float arrays of shape (n, height, width, channels) in [-1, 1], one a domain.
        every: int, period in epochs; the last epoch always counts.
        num_rows: int, rows of each domain.

    Attributes:
        latest: (epoch, uint8 grid) of the last snapshot of this process, or ``None``.
    """

    def __init__(self, directory, domains, every=10, num_rows=3):
        super().__init__(directory, every)
        self.domains = [np.asarray(domain, np.float32) for domain in domains]
        self.num_rows = num_rows

    def set_model(self, model):
        """Binds the callback to a model of domains that exclude each other."""
        sets = getattr(model, "label_sets", None)
        if sets is not None and len(sets.sizes) > 1:
            raise ValueError(
                "Expected a model of one label set, whose translations into every domain can be "
                f"shown. Received: label sets of {sets.sizes}"
            )
        super().set_model(model)

    def first_grids(self):
        """What the untrained networks make, and images of the domains."""
        columns = min(8, *map(len, self.domains))
        data = np.concatenate([domain[:columns] for domain in self.domains])
        return {run_layout.UNTRAINED: self.grid(), run_layout.DATA: tile_images(data, columns)}

    def grid(self):
        """Rows of translations, those of each domain below each other."""
        rows = [
            translation_rows(self.model.sampling_generator, domain[: self.num_rows], number)
            for number, domain in enumerate(self.domains)
        ]
        return tile_images(np.concatenate(rows), columns=len(self.domains) + 2)


def translation_rows(generator, images, source) -> np.ndarray:
    """Images beside their translations into every domain and what comes back from the next.

    Args:
        generator: see ``tfgan_lab.models.translating.translate_to``.
        images: float array of shape (n, height, width, channels) in [-1, 1].
        source: int, number of their domain.

    Returns:
        float32 array of shape (n * (domains + 2), height, width, channels), row by row.
    """
    count = num_domains(generator)
    translated = [translate_to(generator, images, target) for target in range(count)]
    back = translate_to(generator, translated[(source + 1) % count], source)
    rows = np.stack([images, *translated, back], axis=1)
    return rows.reshape(-1, *images.shape[1:])
